/** What somebody says of themselves, beside their name, as long as it stands. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { standing } from "../state/beside";
import type { User } from "../wire/types";
import { besideWords } from "../words/beside";
import { momentName } from "./moments";

/** Timers of a browser end early beyond this (2^31 ms); what stands longer is looked at again then. */
const TIMER_MS_MAX = 2_000_000_000;

interface SaysProps {
  user: Pick<User, "custom_status"> | undefined;
  /** The emoji alone, where there is little room; the text is its title. */
  short?: boolean;
}

export function Says({ user, short = false }: SaysProps): JSX.Element | null {
  const [, setLooked] = useState(0);
  const status = standing(user?.custom_status, Date.now());
  const end = status?.expires_at ?? null;
  useEffect(() => {
    if (end === null) return;
    const timer = setTimeout(() => setLooked((count) => count + 1), Math.min(Math.max(Date.parse(end) - Date.now(), 0) + 1, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  }, [end]);
  if (status === null) return null;
  const line = besideWords.status.line(status.emoji, status.text);
  const title = end === null ? line : `${line} (${besideWords.status.untilWhen(momentName(end))})`;
  if (short && status.emoji !== "") return <span class="says" title={title} aria-label={title} role="img">{status.emoji}</span>;
  return <span class="says" title={title}>{line}</span>;
}
