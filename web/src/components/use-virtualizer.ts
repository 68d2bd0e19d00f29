/**
 * The virtual list, as a hook. Anchored at the end: it stays at the newest row while there, and
 * keeps the row in sight in its place when older ones are put above it.
 */

import { useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";

/** A row of one line; measured as soon as it is drawn. */
const ROW_ESTIMATE_PX = 44;
/** This close to the end counts as reading the newest. */
export const END_THRESHOLD_PX = 80;

/** So many heights more than twice the rows are looked through: not after every row that goes. */
const SIZES_SPARE = 500;

export type LogVirtualizer = Virtualizer<HTMLElement, HTMLElement>;

/** `keyOf` is the same function as long as the rows are: with another one all places are computed again. */
export function useVirtualizer(
  count: number,
  keyOf: (index: number) => string,
  scroller: () => HTMLElement | null,
  /** Whether a new row at the end is gone to: not where it is a page of the past. */
  follows: boolean,
): LogVirtualizer {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const options = {
    count,
    getItemKey: keyOf,
    getScrollElement: scroller,
    estimateSize: () => ROW_ESTIMATE_PX,
    // Enough for a turn of the wheel; more would lay out tall answers that nobody sees.
    overscan: 4,
    paddingEnd: 8,
    anchorTo: "end" as const,
    followOnAppend: follows,
    scrollEndThreshold: END_THRESHOLD_PX,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = keepsPlace;
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => forgetGone(virtualizer), [count]);
  return virtualizer;
}

/** Heights of rows that are in no list any more, once they are most of what is known. */
function forgetGone(list: LogVirtualizer): void {
  const { count, getItemKey } = list.options;
  if (list.itemSizeCache.size <= 2 * count + SIZES_SPARE) return;
  const here = new Set(Array.from({ length: count }, (_, index) => getItemKey(index)));
  for (const key of list.itemSizeCache.keys()) if (!here.has(key)) list.itemSizeCache.delete(key);
}

/**
 * Rows above the fold never move what is below it, in whatever direction one scrolls: the oldest row
 * loses its name when the page before it shows that it continues. A row across the fold grows downwards.
 */
function keepsPlace(item: VirtualItem, _delta: number, list: LogVirtualizer): boolean {
  const fold = list.scrollOffset ?? 0;
  const isEstimate = !list.itemSizeCache.has(item.key);
  return item.end <= fold || (isEstimate && item.start < fold);
}
