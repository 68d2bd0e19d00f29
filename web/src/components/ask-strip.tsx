/** Above a composer that asks: which data, and who will see the answer. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { askWords as words } from "../words/ask";
import type { Id } from "../wire/types";
import { Icon } from "./icon";
import { useSpace } from "./space";

interface StripProps {
  chosen: Id | null;
  audience: string;
  onChoose(connection: Id | null): void;
  /** Null where nothing but questions is written. */
  onStop: (() => void) | null;
}

export function AskStrip({ chosen, audience, onChoose, onStop }: StripProps): JSX.Element {
  const { asking } = useSpace();
  useEffect(() => void asking.readConnections().catch(() => undefined), []);
  const usable = asking.usable.value;
  const known = asking.connections.value !== null;
  const [only] = usable;
  return (
    <div class="scope">
      <Icon name="ask" size="s" />
      {known && usable.length === 0 ? (
        <span class="cut">
          {words.nothing}{" "}
          {asking.mayManage && <button class="link" type="button" onClick={() => (asking.section.value = { name: "connections" })}>{words.connect}</button>}
        </span>
      ) : (
        <>
          <span>{words.asking}</span>
          {usable.length > 1 ? (
            <select aria-label={words.which} value={usable.some((held) => held.id === chosen) ? (chosen ?? "") : ""} onChange={(event) => onChoose(event.currentTarget.value || null)}>
              <option value="">{words.anyConnection}</option>
              {usable.map((connection) => <option key={connection.id} value={connection.id}>{connection.name}</option>)}
            </select>
          ) : (
            <b class="b6 cut">{only?.name ?? ""}</b>
          )}
          <span class="t3">{words.readOnly}</span>
        </>
      )}
      <span class="grow" />
      <span class="t3 cut">{audience}</span>
      {onStop !== null && <button class="ib" type="button" aria-label={words.stop} title={words.stop} onClick={onStop}><Icon name="x" size="s" /></button>}
    </div>
  );
}
