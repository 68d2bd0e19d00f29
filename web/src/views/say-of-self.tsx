/** What one says of oneself: an emoji, a few words, and until when. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { standing } from "../state/beside";
import { sayOfSelf } from "../state/actions";
import { besideWords } from "../words/beside";

const say = besideWords.status;
const HOUR_MS = 3_600_000;
const UNTIL = ["always", "hour", "four", "today", "week"] as const;
type Until = (typeof UNTIL)[number];
/** What people say most, and for how long it is so. */
const PRESETS = [["meeting", "📅", "hour"], ["focus", "🎧", "hour"], ["home", "🏡", "today"], ["ill", "🤒", "today"], ["holiday", "🌴", "week"]] as const;
/** Longest text, as the server takes it. */
const TEXT_CHARS_MAX = 100;

export function SayOfSelf(): JSX.Element {
  const space = useSpace();
  const held = standing(space.people.get(space.me)?.custom_status, Date.now());
  const [emoji, setEmoji] = useState(held?.emoji ?? "");
  const [text, setText] = useState(held?.text ?? "");
  const [until, setUntil] = useState<Until>("always");
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const tell = (what: Promise<void>): void => {
    setError(null);
    setSaid(false);
    what.then(() => setSaid(true), setError);
  };
  const clear = (): void => {
    setEmoji("");
    setText("");
    tell(sayOfSelf(space, null));
  };
  const choose = (sign: string, what: string, lasts: Until): void => {
    setSaid(false);
    setEmoji(sign);
    setText(what);
    setUntil(lasts);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    tell(sayOfSelf(space, { emoji: emoji.trim(), text: text.trim(), expires_at: endOf(until) }));
  };
  return (
    <form class="part" onSubmit={submit}>
      <h3>{say.label}</h3>
      <div class="chips" role="group" aria-label={say.often}>
        {PRESETS.map(([name, sign, lasts]) => (
          <button key={name} class="btn sm" type="button" onClick={() => choose(sign, say.presets[name], lasts)}><span aria-hidden="true">{sign}</span>{say.presets[name]}</button>
        ))}
      </div>
      <div class="say-of-self">
        <div class="field"><label for="say-emoji">{say.emoji}</label><input class="in" id="say-emoji" maxLength={32} autocomplete="off" value={emoji} onInput={(event) => setEmoji(event.currentTarget.value)} /></div>
        <div class="field"><label for="say-text">{say.text}</label><input class="in" id="say-text" maxLength={TEXT_CHARS_MAX} autocomplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} /></div>
        <div class="field">
          <label for="say-until">{say.until}</label>
          <select class="in" id="say-until" value={until} onChange={(event) => setUntil(event.currentTarget.value as Until)}>
            {UNTIL.map((name) => <option key={name} value={name}>{say.times[name]}</option>)}
          </select>
        </div>
      </div>
      <Trouble error={error} />
      <div class="acts">
        <span class="said" role="status">{said && say.said}</span>
        {held !== null && <button class="btn quiet" type="button" onClick={clear}>{say.clear}</button>}
        <button class="btn" type="submit" disabled={emoji.trim() === "" && text.trim() === ""}>{say.save}</button>
      </div>
    </form>
  );
}

function endOf(until: Until, now = new Date()): string | null {
  const hours: Record<Exclude<Until, "always" | "today">, number> = { hour: 1, four: 4, week: 7 * 24 };
  if (until === "always") return null;
  if (until === "today") return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).toISOString();
  return new Date(now.getTime() + hours[until] * HOUR_MS).toISOString();
}
