/**
 * A stretch of a channel's past, far from what is loaded at its end: where one jumped to.
 *
 * It grows on both sides as one reads, and lets go what is far behind on the other side. Once it reaches the
 * messages at the end it is joined with them and is gone; see `Conversation`.
 *
 * **Invariant:** between its first and its last message there is no hole.
 */

import { signal } from "@preact/signals";
import type { HistoryPage } from "../wire/api";
import { refresh, type Timeline } from "./timeline";

/** Messages of an excerpt: twenty screens of a tall window on both sides of what is read. */
const EXCERPT_MAX = 2_000;

export class Excerpt {
  readonly messages = signal<Timeline>([]);
  readonly hasOlder = signal(false);

  constructor(page: HistoryPage) {
    this.messages.value = page.messages;
    this.hasOlder.value = page.hasMore;
  }

  get first(): number {
    return this.messages.value[0]?.seq ?? 0;
  }

  get last(): number {
    return this.messages.value.at(-1)?.seq ?? 0;
  }

  holds(seq: number): boolean {
    return this.first <= seq && seq <= this.last;
  }

  /** A page above: one reads there, so what goes is at the other end. */
  growUp(page: HistoryPage): void {
    this.messages.value = refresh(this.messages.value, page.messages).slice(0, EXCERPT_MAX);
    this.hasOlder.value = page.hasMore;
  }

  /** A page below. */
  growDown(page: HistoryPage): void {
    const grown = refresh(this.messages.value, page.messages);
    this.messages.value = grown.slice(-EXCERPT_MAX);
    if (grown.length > EXCERPT_MAX) this.hasOlder.value = true;
  }
}
