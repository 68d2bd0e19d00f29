/** How much the organization's questions may take. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import type { QueryLimits } from "../../wire/data/types";
import { dataWords } from "../../words/data";

const words = dataWords.limits;
const DAY_SECONDS = 86_400;

export function LimitSettings(): JSX.Element {
  const { data } = useSpace().asking;
  const [held, setHeld] = useState<QueryLimits | null>(null);
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void data?.limits().then(setHeld, setError), []);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): number => Number(form.get(name) ?? 0);
    setError(null);
    try {
      const changed = await data?.changeLimits({ concurrent_max: value("concurrent"), approval_cost: value("approval"), cache_seconds: value("cache") });
      if (changed !== undefined) setHeld(changed);
      setSaid(true);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form class="part" aria-label={words.title} onSubmit={(event) => void submit(event)} onInput={() => setSaid(false)}>
      <h3>{words.title}</h3>
      <p class="hint">{words.why}</p>
      {held !== null && (
        <div class="pair">
          <div class="field"><label for="limit-approval">{words.approval}</label><input class="in" id="limit-approval" name="approval" type="number" min={0} step="any" required defaultValue={String(held.approval_cost ?? 0)} aria-describedby="limit-approval-hint" /><p class="hint" id="limit-approval-hint">{words.approvalHint}</p></div>
          <div class="field"><label for="limit-cache">{words.cache}</label><input class="in" id="limit-cache" name="cache" type="number" min={0} max={DAY_SECONDS} required defaultValue={String(held.cache_seconds)} aria-describedby="limit-cache-hint" /><p class="hint" id="limit-cache-hint">{words.cacheHint}</p></div>
          <div class="field"><label for="limit-concurrent">{words.concurrent}</label><input class="in" id="limit-concurrent" name="concurrent" type="number" min={1} required defaultValue={String(held.concurrent_max)} /></div>
        </div>
      )}
      <Trouble error={error} />
      <div class="acts">
        <span class="said" role="status">{said && words.saved}</span>
        <button class="btn" type="submit" disabled={held === null}>{words.save}</button>
      </div>
    </form>
  );
}
