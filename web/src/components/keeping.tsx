/** How long messages are kept: of one channel, or of all. A shorter time deletes, so it is asked for twice. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Id, Retention } from "../wire/types";
import { keepingWords as words } from "../words/keeping";
import { Confirm } from "./confirm";
import { useSpace } from "./space";
import { Trouble } from "./trouble";

/** Days that are offered; 0 is for ever. */
const CHOICES: readonly number[] = [0, 1, 7, 30, 90, 180, 365, 730, 1825];
const YEAR = 365;
/** The value of a choice that says nothing of its own. */
const LIKE_ALL = "like-all";

function named(days: number): string {
  if (days === 0) return words.forEver;
  return days % YEAR === 0 ? words.years(days / YEAR) : words.days(days);
}

/** Whether one time is shorter than another; 0 is for ever. */
export function isShorter(days: number, than: number): boolean {
  return days !== 0 && (than === 0 || days < than);
}

interface ChoiceProps {
  id: string;
  title: string;
  /** Null: like all. */
  held: number | null;
  /** What holds for all; null where this is about all. */
  all: number | null;
  onChoose(days: number | null): Promise<void>;
}

function Choice({ id, title, held, all, onChoose }: ChoiceProps): JSX.Element {
  const [asked, setAsked] = useState<{ days: number | null } | null>(null);
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const holds = (days: number | null): number => days ?? all ?? 0;
  const choose = (days: number | null): void => {
    setAsked(null);
    setError(null);
    setSaid(false);
    onChoose(days).then(() => setSaid(true), setError);
  };
  const pick = (value: string): void => {
    const days = value === LIKE_ALL ? null : Number(value);
    if (isShorter(holds(days), holds(held))) setAsked({ days });
    else choose(days);
  };
  const shown = asked === null ? held : asked.days;
  const choices = held === null || CHOICES.includes(held) ? CHOICES : [...CHOICES, held];
  return (
    <div class="field">
      <label for={id}>{title}</label>
      <select class="in" id={id} value={shown === null ? LIKE_ALL : String(shown)} onChange={(event) => pick(event.currentTarget.value)}>
        {all !== null && <option value={LIKE_ALL}>{words.likeAll(named(all))}</option>}
        {choices.map((days) => <option key={days} value={String(days)}>{named(days)}</option>)}
      </select>
      {asked !== null && (
        <Confirm question={words.shorterSure(named(holds(asked.days)))} yes={words.yes} no={words.no} onYes={() => choose(asked.days)} onNo={() => setAsked(null)} />
      )}
      <span class="said" role="status">{said && words.saved}</span>
      <Trouble error={error} />
    </div>
  );
}

/** Of one channel, for who may say it; for others a line, where anything is said. */
export function ChannelKeeping({ channel }: { channel: Id }): JSX.Element | null {
  const space = useSpace();
  const [held, setHeld] = useState<Retention | null>(null);
  useEffect(() => {
    let isOver = false;
    // Whoever cannot learn it is shown nothing: it is beside the point of these details.
    space.api?.retention(channel).then((found) => { if (!isOver) setHeld(found); }, () => undefined);
    return () => { isOver = true; };
  }, [channel]);
  if (held === null) return null;
  if (!held.may_change) {
    return held.effective_days === 0 ? null : <p class="hint">{words.title}: {named(held.effective_days)}</p>;
  }
  const change = async (days: number | null): Promise<void> => {
    const found = await space.api?.changeRetention(channel, days);
    if (found !== undefined) setHeld(found);
  };
  return <Choice id="keeping" title={words.title} held={held.days} all={held.default_days} onChoose={change} />;
}

/** Of all channels; for admins. */
export function AllKeeping(): JSX.Element | null {
  const space = useSpace();
  const [days, setDays] = useState<number | null>(null);
  useEffect(() => void space.api?.defaultRetention().then((found) => setDays(found.days), () => undefined), []);
  if (days === null) return null;
  const change = async (wanted: number | null): Promise<void> => {
    const found = await space.api?.changeDefaultRetention(wanted ?? 0);
    if (found !== undefined) setDays(found.days);
  };
  return <Choice id="keeping-all" title={words.titleAll} held={days} all={null} onChoose={change} />;
}
