/**
 * The focus goes to what appears in a page: a form, and afterwards the button that it stood in for. A dialog does
 * that by itself.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

export function useFocus<T extends HTMLElement>(wanted = true): RefObject<T> {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    if (wanted) element.current?.focus();
  }, []);
  return element as RefObject<T>;
}

/** For a button that is gone while what it opened is there: it has the focus again once that is closed. */
export function useFocusBack<T extends HTMLElement>(open: boolean): RefObject<T> {
  const element = useRef<T>(null);
  const wasOpen = useRef(open);
  useLayoutEffect(() => {
    if (wasOpen.current && !open) element.current?.focus();
    wasOpen.current = open;
  }, [open]);
  return element as RefObject<T>;
}
