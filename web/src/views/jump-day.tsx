/** Asks for a day and goes to its first message. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Frame } from "../components/dialog";
import { useSpace } from "../components/space";
import { jumpToDay } from "../state/jump";
import { jumpWords as say } from "../words/jump";

const CHOICES = ["yesterday", "week", "month", "start"] as const;

interface JumpDayProps {
  onClose(): void;
  /** The channel shows that day now. */
  onOpened(): void;
}

export function JumpDay({ onClose, onOpened }: JumpDayProps): JSX.Element | null {
  const space = useSpace();
  const channel = space.channels.get(space.openChannel.value);
  const [text, setText] = useState(() => dateText(dayOf("yesterday", new Date())));
  const [state, setState] = useState<"asking" | "looking" | "failed">("asking");
  if (channel === undefined) return null;
  const go = async (day: Date): Promise<void> => {
    setState("looking");
    const arrived = await jumpToDay(space, channel, day).catch(() => false);
    if (arrived) onOpened();
    else setState("failed");
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const day = new Date(`${text}T00:00`);
    if (!Number.isNaN(day.getTime())) void go(day);
  };
  const busy = state === "looking";
  return (
    <Frame title={say.toDay} onClose={onClose}>
      <form class="body" onSubmit={submit}>
        <div class="acts wrap">
          {CHOICES.map((choice) => <button key={choice} class="btn" type="button" disabled={busy} onClick={() => void go(dayOf(choice, new Date()))}>{say.choices[choice]}</button>)}
        </div>
        <div class="field">
          <label for="jump-day">{say.day}</label>
          <div class="with-button">
            <input class="in" id="jump-day" type="date" required autoFocus value={text} max={dateText(new Date())} onInput={(event) => setText(event.currentTarget.value)} />
            <button class="btn pri" type="submit" disabled={busy}>{say.go}</button>
          </div>
        </div>
        <p class={state === "failed" ? "hint bad" : "hint"} role="status">{busy ? say.looking : state === "failed" ? say.failed : ""}</p>
      </form>
    </Frame>
  );
}

/** Midnight by this clock. */
export function dayOf(choice: (typeof CHOICES)[number], now: Date): Date {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  switch (choice) {
    case "yesterday":
      return new Date(year, month, day - 1);
    case "week":
      return new Date(year, month, day - 7);
    case "month":
      // The 31st of a month has no equal in one of 30 days: then it is that month's last.
      return new Date(year, month - 1, Math.min(day, new Date(year, month, 0).getDate()));
    case "start":
      return new Date(0);
  }
}

/** As `<input type="date">` writes it. */
function dateText(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
