/** A time to come: three that are meant often, or any. */

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { laterWords } from "../words/later";

const HOUR_MS = 3_600_000;
const MORNING = 9;

export interface TimeChoice {
  key: "hour" | "tomorrow" | "monday";
  at: Date;
}

/** In an hour, tomorrow at nine, on Monday at nine: by this clock. */
export function choices(now: Date): TimeChoice[] {
  const morning = (days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  const toMonday = ((8 - now.getDay()) % 7) || 7;
  const found: TimeChoice[] = [
    { key: "hour", at: new Date(now.getTime() + HOUR_MS) },
    { key: "tomorrow", at: morning(1) },
  ];
  if (toMonday > 1) found.push({ key: "monday", at: morning(toMonday) });
  return found;
}

/** As `datetime-local` writes it. */
function local(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** By whose clock a time is meant: `Europe/Berlin`, as its city is written. */
export function zoneName(zone = new Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  return zone.replaceAll("_", " ");
}

interface TimeFieldProps {
  action: string;
  busy: boolean;
  onChoose(at: Date): void;
}

export function TimeField({ action, busy, onChoose }: TimeFieldProps): JSX.Element {
  const id = useId();
  const now = new Date();
  const [text, setText] = useState(() => local(new Date(now.getTime() + HOUR_MS)));
  const at = new Date(text);
  const good = !Number.isNaN(at.getTime()) && at.getTime() > Date.now();
  return (
    <>
      <div class="acts wrap">
        {choices(now).map((choice) => (
          <button key={choice.key} class="btn" type="button" disabled={busy} onClick={() => onChoose(choice.at)}>{laterWords.choices[choice.key]}</button>
        ))}
      </div>
      <div class="field">
        <label for={id}>{laterWords.otherTime} <span class="hint">{zoneName()}</span></label>
        <div class="with-button">
          <input class="in" id={id} type="datetime-local" value={text} min={local(now)} onInput={(event) => setText(event.currentTarget.value)} />
          <button class="btn pri" type="button" disabled={busy || !good} onClick={() => onChoose(at)}>{action}</button>
        </div>
      </div>
    </>
  );
}
