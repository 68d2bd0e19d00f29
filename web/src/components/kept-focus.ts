/**
 * The focus stays near where it was when what has it goes: a row that was taken off a list, a question that was
 * answered. A browser would put it nowhere, and who uses keys would begin again at the top.
 */

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

const STOPS = "button, input, select, textarea, a[href], summary, [tabindex='0']";

/** One step outwards from what has the focus. */
interface Step {
  parent: Element;
  /** Which of the parent's children it is in. */
  at: number;
}

export function useKeptFocus(within: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const root = within.current;
    if (root === null) return;
    let held: Element | null = null;
    let way: readonly Step[] = [];
    const note = ({ target }: FocusEvent): void => {
      held = target as Element;
      way = wayOut(held, root);
    };
    const look = (): void => {
      const active = document.activeElement;
      const isLost = active === null || active === document.body || active === root;
      if (!isLost || held === null || held.isConnected) return;
      held = null;
      near(way)?.focus();
    };
    // What gives the focus back by itself goes first.
    const observer = new MutationObserver(() => queueMicrotask(look));
    observer.observe(root, { childList: true, subtree: true });
    root.addEventListener("focusin", note);
    return () => {
      observer.disconnect();
      root.removeEventListener("focusin", note);
    };
  }, []);
}

function wayOut(from: Element, root: Element): Step[] {
  const way: Step[] = [];
  for (let inner = from; inner !== root; ) {
    const parent = inner.parentElement;
    if (parent === null) return [];
    way.push({ parent, at: [...parent.children].indexOf(inner) });
    inner = parent;
  }
  return way;
}

/** What is in its place now, or before it, or anywhere around it; from the inside outwards. */
function near(way: readonly Step[]): HTMLElement | undefined {
  for (const { parent, at } of way) {
    if (!parent.isConnected) continue;
    const here = parent.children[Math.min(at, parent.children.length - 1)];
    const found = stopIn(here) ?? stopIn(here?.previousElementSibling) ?? stopIn(parent);
    if (found !== undefined) return found;
  }
  return undefined;
}

function stopIn(element: Element | null | undefined): HTMLElement | undefined {
  if (element === null || element === undefined) return undefined;
  const stops = [...(element.matches(STOPS) ? [element as HTMLElement] : []), ...element.querySelectorAll<HTMLElement>(STOPS)];
  return stops.find((stop) => !stop.matches(":disabled") && stop.checkVisibility());
}
