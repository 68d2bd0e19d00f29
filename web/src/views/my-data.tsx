/** All that is kept of oneself, as an archive to be saved: asked for here, gathered by the server. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentName } from "../components/moments";
import { saveFrom } from "../components/save-file";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import type { DataExport } from "../wire/types";
import { fileSize } from "../words/file-size";
import { keepingWords } from "../words/keeping";

const words = keepingWords.own;
/** How often an archive that is being gathered is asked for: it takes seconds, rarely minutes. */
const LOOK_EVERY_MS = 3_000;

export function MyData(): JSX.Element {
  const space = useSpace();
  const [found, setFound] = useState<readonly DataExport[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isPending = busy || found.some((one) => one.state === "pending");
  const read = async (): Promise<void> => {
    const all = await space.api?.dataExports();
    if (all !== undefined) setFound([...all].reverse());
  };
  const look = (): void => void read().catch(setError);
  useEffect(look, []);
  useEffect(() => {
    if (!isPending) return undefined;
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isPending]);
  const ask = async (): Promise<void> => {
    if (isPending) return;
    setBusy(true);
    setError(null);
    try {
      await space.api?.askDataExport();
      await read();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  // The address counts for some minutes, so it is asked for when it is used.
  const save = async (id: string): Promise<void> => {
    setError(null);
    try {
      const fresh = await space.api?.dataExport(id);
      if (fresh?.url) saveFrom(fresh.url);
      else setError(new Error(words.gone));
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <section class="part" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p class="hint">{words.why}</p>
      <Trouble error={error} />
      <ul class="list">
        {found.map((one) => (
          <li class="row two" key={one.id}>
            <span class="grow cut">
              {momentName(one.created_at)}
              <span class="hint">{one.state === "done" ? `${fileSize(one.bytes)} · ${words.until(momentName(one.expires_at))}` : one.state === "failed" ? words.failed(one.error ?? "") : words.states.pending}</span>
            </span>
            {one.state === "done" && <button class="btn sm" type="button" onClick={() => void save(one.id)}>{words.save}</button>}
          </li>
        ))}
      </ul>
      <div class="acts"><span class="said" role="status">{isPending && words.states.pending}</span><button class="btn" type="button" disabled={isPending} onClick={() => void ask()}>{words.ask}</button></div>
    </section>
  );
}
