/** The time, again and again while something is going on. */

import { useEffect, useState } from "preact/hooks";

/** Often enough for tenths of a second to look alive, seldom enough to cost nothing. */
const TICK_MS = 250;

export function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
