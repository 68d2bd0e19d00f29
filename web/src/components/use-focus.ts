/** The focus goes to an element when it appears. A dialog does that by itself; a form in a page does not. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

export function useFocus<T extends HTMLElement>(): RefObject<T> {
  const element = useRef<T>(null);
  useLayoutEffect(() => element.current?.focus(), []);
  return element as RefObject<T>;
}
