/**
 * The virtual list, as a hook. Anchored at the end: it stays at the newest row while there, and
 * keeps the row in sight in its place when older ones are put above it.
 */

import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";

/** This close to the end counts as reading the newest. */
export const END_THRESHOLD_PX = 80;

/** So many heights more than twice the rows are looked through: not after every row that goes. */
const SIZES_SPARE = 500;

export type LogVirtualizer = Virtualizer<HTMLElement, HTMLElement>;

/** How much of the list is above and below what is in sight. */
export interface Room {
  above: number;
  below: number;
}

export interface LogList {
  count: number;
  /** The same function as long as the rows are: with another one all places are computed again. */
  keyOf(index: number): string;
  /**
   * Whether a row stays as it is when older ones are put above it: what says something about the oldest message is found
   * again at the new top, and that message itself may lose its name.
   */
  isPlace(index: number): boolean;
  /** How high a row will be that was not drawn yet. */
  guess(index: number): number;
  scroller(): HTMLElement | null;
  /** Whether a new row at the end is gone to: not where it is a page of the past. */
  follows: boolean;
  /** Told after each scroll. */
  onMove(): void;
}

export function useVirtualizer({ count, keyOf, isPlace, guess, scroller, follows, onMove }: LogList): LogVirtualizer {
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const moved = useRef(onMove);
  moved.current = onMove;
  const options = {
    count,
    getItemKey: keyOf,
    getScrollElement: scroller,
    estimateSize: guess,
    // Enough for a turn of the wheel; more would lay out tall answers that nobody sees.
    overscan: 4,
    paddingEnd: 8,
    anchorTo: "end" as const,
    followOnAppend: follows,
    scrollEndThreshold: END_THRESHOLD_PX,
    observeElementRect,
    observeElementOffset: (list: LogVirtualizer, tell: (offset: number, isScrolling: boolean) => void) => observeElementOffset(list, (offset, isScrolling) => (tell(offset, isScrolling), moved.current())),
    // A timer less for every frame of scrolling.
    useScrollendEvent: true,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const places = useRef(isPlace);
  const [virtualizer] = useState(() => anchored(new Virtualizer<HTMLElement, HTMLElement>(options), places));
  // Looks at the rows of before for what it keeps in its place.
  virtualizer.setOptions(options);
  places.current = isPlace;
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useEffect(() => forgetGone(virtualizer), [count]);
  return virtualizer;
}

/**
 * When rows are put above, the list keeps the row at the fold in its place, by its key. Where that is "older" or a
 * day, it would be followed to the new top; so it is the first row from there on that keeps its place. Until the rows
 * before it are drawn, what they turn out to be higher or lower by goes upwards, below the fold too.
 */
function anchored(list: LogVirtualizer, places: { current: LogList["isPlace"] }): LogVirtualizer {
  const atFold = list.getVirtualItemForOffset;
  let kept: VirtualItem["key"] | null = null;
  list.getVirtualItemForOffset = (offset) => {
    const found = atFold(offset);
    let at = found?.index ?? 0;
    while (at < list.options.count && !places.current(at)) at += 1;
    const row = list.measurementsCache[at];
    if (row === undefined || at === found?.index) return found;
    kept = row.key;
    // They are drawn in the next frame, and measured after it.
    requestAnimationFrame(() => requestAnimationFrame(() => (kept = null)));
    return row;
  };
  const isBefore = (index: number, key: VirtualItem["key"]): boolean => {
    const { count, getItemKey } = list.options;
    for (let at = index + 1; at < count; at += 1) if (getItemKey(at) === key) return true;
    return false;
  };
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, delta) => (kept !== null && isBefore(item.index, kept)) || keepsPlace(item, delta, list);
  return list;
}

/**
 * As the list itself knows it: to ask the document in the middle of a frame would make it lay out all that
 * this frame has changed so far, and once more what it changes after that.
 */
export function roomOf(list: LogVirtualizer, atEnd: boolean): Room {
  const total = list.getTotalSize();
  const height = list.scrollRect?.height ?? 0;
  const above = atEnd ? Math.max(total - height, 0) : (list.scrollOffset ?? 0);
  return { above, below: Math.max(total - height - above, 0) };
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
