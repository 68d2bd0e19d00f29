/**
 * The way through a long dialog: a button for each of its parts, by the part's own title. Some parts are loaded later, so
 * the titles are read from what is there, and read again when it changes.
 */

import type { JSX, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const TITLES = ".part > h3";
const STOPS = "input, select, textarea, button";

export function Parts({ label, within }: { label: string; within: RefObject<HTMLElement | null> }): JSX.Element {
  const [titles, setTitles] = useState<readonly string[]>([]);
  useEffect(() => {
    const body = within.current;
    if (body === null) return;
    const read = (): void => {
      const found = titlesIn(body).map((title) => title.textContent ?? "");
      // The same titles are no change: otherwise every letter that is written somewhere would draw this anew.
      setTitles((held) => (held.join("\n") === found.join("\n") ? held : found));
    };
    read();
    const observer = new MutationObserver(read);
    observer.observe(body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  const go = (at: number): void => {
    const part = within.current === null ? undefined : titlesIn(within.current)[at]?.closest<HTMLElement>(".part");
    part?.scrollIntoView({ block: "start" });
    part?.querySelector<HTMLElement>(STOPS)?.focus({ preventScroll: true });
  };
  return (
    <nav class="parts" aria-label={label}>
      {titles.map((title, at) => <button key={title} class="btn sm quiet" type="button" onClick={() => go(at)}>{title}</button>)}
    </nav>
  );
}

function titlesIn(body: HTMLElement): HTMLElement[] {
  return [...body.querySelectorAll<HTMLElement>(TITLES)];
}
