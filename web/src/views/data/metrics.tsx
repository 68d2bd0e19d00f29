/** What the business means by its words, as expressions over one table: "revenue = sum(total)". */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { useFocus } from "../../components/use-focus";
import type { Metric } from "../../wire/data/types";
import { dataWords } from "../../words/data";

const words = dataWords.metrics;

interface MetricsProps {
  connection: string;
  table: string;
  mayEdit: boolean;
}

export function Metrics({ connection, table, mayEdit }: MetricsProps): JSX.Element | null {
  const space = useSpace();
  const { data } = space.asking;
  const [metrics, setMetrics] = useState<readonly Metric[]>([]);
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const read = async (): Promise<void> => {
    const found = (await data?.metrics(connection)) ?? [];
    setMetrics(found.filter((metric) => metric.table.toLowerCase() === table.toLowerCase()));
  };
  useEffect(() => void read().catch(setError), [connection, table]);
  const change = (what: Promise<unknown> | undefined): void => {
    setAdding(false);
    void Promise.resolve(what).then(read).then(() => setError(null), setError);
  };
  if (metrics.length === 0 && !mayEdit) return null;
  return (
    <section class="colrow" aria-label={words.title}>
      <h3 class="b6">{words.title}</h3>
      <p class="hint">{words.why}</p>
      <ul class="chips">
        {metrics.map((metric) => (
          <li key={metric.id} class="chip acc" title={metric.description}>
            {metric.name} = <code>{metric.expression}</code>
            {mayEdit && (space.asking.isAdmin || metric.created_by_id === space.me) && <button type="button" aria-label={words.remove(metric.name)} title={words.remove(metric.name)} onClick={() => change(data?.deleteMetric(metric))}><Icon name="x" size="s" /></button>}
          </li>
        ))}
      </ul>
      <Trouble error={error} />
      {adding ? (
        <MetricForm onCancel={() => setAdding(false)} onSave={(name, expression) => change(data?.createMetric({ connection_id: connection, table, name, expression }))} />
      ) : (
        mayEdit && <p><button class="btn sm quiet" type="button" onClick={() => setAdding(true)}><Icon name="plus" size="s" />{words.add}</button></p>
      )}
    </section>
  );
}

function MetricForm({ onSave, onCancel }: { onSave(name: string, expression: string): void; onCancel(): void }): JSX.Element {
  const first = useFocus<HTMLInputElement>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "").trim();
    onSave(value("name"), value("expression"));
  };
  return (
    <form class="edit-table" onSubmit={submit}>
      <input class="in sm" name="name" required maxLength={100} ref={first} aria-label={words.name} placeholder={words.name} />
      <input class="in sm mono" name="expression" required maxLength={1_000} spellcheck={false} aria-label={words.expression} placeholder="sum(total)" />
      <p class="det-foot">
        <button class="btn sm pri" type="submit">{dataWords.schema.save}</button>
        <button class="btn sm quiet" type="button" onClick={onCancel}>{dataWords.schema.cancel}</button>
      </p>
    </form>
  );
}
