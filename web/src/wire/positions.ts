/**
 * Where the page stands in every channel's log.
 *
 * Per channel: the highest contiguous `seq`, the log's generation, and the few numbers that came
 * early. Live frames may overtake a replay, so an early frame is remembered, not refused.
 *
 * **Invariant:** `contiguous` never passes a number that was not seen, except by `restart`, which
 * says that the page has reloaded what lies below.
 */

import type { Id, Position } from "./types";

/** Numbers that may wait above a hole; past it, asking for a fresh page is cheaper. */
const EARLY_MAX = 2_000;

export type Arrival = "next" | "early" | "seen" | "overflow" | "other_generation";

interface Place {
  contiguous: number;
  gen: string | number;
  early: Set<number>;
}

export class Positions {
  private readonly places = new Map<Id, Place>();

  /** Sets a place outright: at the start, and after a resync. Numbers that came early still count. */
  restart(channelId: Id, seq: number, gen: string | number): void {
    const before = this.places.get(channelId);
    const early = before !== undefined && before.gen === gen ? before.early : new Set<number>();
    const place: Place = { contiguous: seq, gen, early };
    this.places.set(channelId, place);
    absorb(place);
  }

  arrive(channelId: Id, seq: number, gen: string | number): Arrival {
    const place = this.places.get(channelId);
    if (place === undefined) {
      // The first frame of a channel that one was just added to: its log starts here for us.
      this.places.set(channelId, { contiguous: seq, gen, early: new Set() });
      return "next";
    }
    if (place.gen !== gen) return "other_generation";
    if (seq <= place.contiguous || place.early.has(seq)) return "seen";
    if (seq !== place.contiguous + 1) {
      if (place.early.size >= EARLY_MAX) return "overflow";
      place.early.add(seq);
      return "early";
    }
    place.contiguous = seq;
    absorb(place);
    return "next";
  }

  contiguous(channelId: Id): number {
    return this.places.get(channelId)?.contiguous ?? 0;
  }

  knows(channelId: Id): boolean {
    return this.places.has(channelId);
  }

  /** Whether a number is missing below one that already came. */
  hasHole(channelId: Id): boolean {
    return (this.places.get(channelId)?.early.size ?? 0) > 0;
  }

  of(channelId: Id): Position | null {
    const place = this.places.get(channelId);
    if (place === undefined) return null;
    return { channel_id: channelId, after_seq: place.contiguous, gen: place.gen };
  }

  all(): Position[] {
    return [...this.places.keys()].flatMap((id) => this.of(id) ?? []);
  }

  drop(channelId: Id): void {
    this.places.delete(channelId);
  }

  clear(): void {
    this.places.clear();
  }
}

function absorb(place: Place): void {
  for (const seq of place.early) if (seq <= place.contiguous) place.early.delete(seq);
  while (place.early.delete(place.contiguous + 1)) place.contiguous += 1;
}
