/** A private question that has no conversation yet: the first one makes it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Composer } from "../../components/composer";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import * as privately from "../../state/ask/privately";
import type { Schema } from "../../wire/data/types";
import { askWords } from "../../words/ask";
import { dataWords } from "../../words/data";
import { DataPage } from "./page";

const words = dataWords.private;

const STARTERS_MAX = 3;

/** Simple questions about the largest tables: anyone can see what asking is like. */
export function startersOf(schema: Schema): string[] {
  const tables = schema.tables.filter((table) => table.table_type === "table");
  const largest = tables.sort((a, b) => (b.row_count ?? 0) - (a.row_count ?? 0)).slice(0, STARTERS_MAX);
  return largest.map((table) => words.starter(table.table_name.replace(/_/g, " ").toLowerCase()));
}

export function NewPrivate({ onBack }: { onBack(): void }): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void space.asking.readConnections().catch(() => undefined), []);
  const [only] = space.asking.usable.value;
  const [starters, setStarters] = useState<readonly string[]>([]);
  useEffect(() => {
    if (only === undefined) return;
    space.asking.data?.schema(only.id).then((schema) => setStarters(startersOf(schema)), () => undefined);
  }, [only?.id]);
  const begin = (question: string): void => void privately.begin(space, question, only?.id ?? null).then(() => setError(null), setError);
  return (
    <DataPage icon="ask" title={words.title} whole onBack={onBack}>
      <div class="void page" id="page" tabIndex={-1}>
        <Icon name="ask" size="l" />
        <p class="b6">{words.title}</p>
        <p>{words.why}</p>
        {starters.length > 0 && (
          <div class="follow" role="group" aria-label={words.examples}>
            {starters.map((question) => <button key={question} class="btn sm" type="button" onClick={() => begin(question)}>{question}</button>)}
          </div>
        )}
        <Trouble error={error} />
      </div>
      <Composer
        draftKey="private"
        label={askWords.toData}
        action={askWords.ask}
        ask={{ always: true, audience: askWords.seenByYou, onAsk: (question, connection) => privately.begin(space, question, connection) }}
        onSend={() => undefined}
      />
    </DataPage>
  );
}
