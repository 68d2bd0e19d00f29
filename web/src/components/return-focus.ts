/**
 * Puts the focus back where it was before something that took it: a dialog, an edit box, a panel.
 *
 * What had it may be gone by then: its row was drawn anew, or another width of the window hides it. Then the focus
 * goes to what stands in its place, and never to nowhere.
 */

import { useEffect, useRef } from "preact/hooks";

/** Where one goes on when nothing of before is in sight: what is shown depends on the width. */
const ELSEWHERE = [".pane .comp textarea", ".pane #page", ".thread .comp textarea", ".side .row[aria-current]", ".side .drawer-open", ".side .row"];

/** `summons` grows when what is there already is asked for once more, from elsewhere. */
export function useReturnFocus(summons = 0): void {
  const held = useRef<{ summons: number; before: Before } | null>(null);
  if (held.current?.summons !== summons) {
    const now = remembered();
    // Asked for again from inside: what was before stays.
    const isInside = now.element?.closest(".search") != null;
    held.current = { summons, before: held.current !== null && isInside ? held.current.before : now };
  }
  useEffect(() => () => queueMicrotask(() => held.current !== null && giveBack(held.current.before)), []);
}

interface Before {
  element: HTMLElement | null;
  /** The row of the log that it was in, by its position: a virtual list draws rows anew. */
  row: string | null;
  /** What was written in it, if it is a field. */
  text: string | null;
}

function remembered(): Before {
  const active = document.activeElement;
  const element = active instanceof HTMLElement && active !== document.body ? active : null;
  const seq = element?.closest<HTMLElement>("article.msg")?.dataset["seq"];
  return { element, text: isField(element) ? element.value : null, row: seq === undefined ? null : `.log article[data-seq="${seq}"]` };
}

function giveBack({ element, row, text }: Before): void {
  const active = document.activeElement;
  if (active !== null && active !== document.body) {
    // Who has typed in it since has a caret, and may be in the middle of a word.
    const isWriting = active === element && isField(active) && active.value !== text;
    if (isField(active) && !isWriting) withCaret(active);
    return;
  }
  if (element !== null && took(element)) return;
  // The tools of a row show only while it has the focus.
  const article = element?.isConnected === true ? element.closest<HTMLElement>("article") : null;
  if (took(article ?? (row === null ? null : document.querySelector<HTMLElement>(row)))) return void element?.focus();
  for (const selector of ELSEWHERE) {
    if (took(document.querySelector<HTMLElement>(selector))) return;
  }
}

/** Chromium gives a field its focus back after a dialog, but not its caret: what is typed would go nowhere. */
function withCaret(field: HTMLElement): void {
  field.blur();
  field.focus();
}

function isField(element: Element | null): element is HTMLTextAreaElement | HTMLInputElement {
  return element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement;
}

function took(element: HTMLElement | null): boolean {
  element?.focus();
  return element !== null && document.activeElement === element;
}
