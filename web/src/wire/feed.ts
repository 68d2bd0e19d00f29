/**
 * What arrives, each log entry once.
 *
 * After every `hello` the feed resumes all channels from their contiguous positions; live frames
 * may overtake the replay, and a frame seen before is dropped here. A hole that does not fill by
 * itself is asked for again. Where the server cannot replay (`resync`, another generation) the
 * listener is told to reload, and the position moves to the head.
 *
 * **Invariant:** the listener gets every entry above its position exactly once, or a `reload`.
 */

import { isLogFrame, type EventFrame, type LogFrame, type LooseFrame } from "./frames";
import type { Positions } from "./positions";
import type { Id, Position } from "./types";

/** A replay normally overtakes a hole within milliseconds; this long means that a frame was lost. */
const HOLE_PATIENCE_MS = 2_000;
/** Channels in one `resume` frame: about 8 KiB, well under the frame limit. */
const RESUME_CHANNELS = 64;
/** Sends wait for the replay, so that a message stored before the break is recognized; not longer. */
const RESUME_PATIENCE_MS = 5_000;

export interface FeedListener {
  entry(frame: LogFrame): void;
  news(frame: LooseFrame): void;
  /** The log below `headSeq` must be read afresh. */
  reload(channelId: Id, headSeq: number): void;
  /** Every channel stands at the head again: what waited may be sent. */
  caughtUp(): void;
}

export interface FeedLink {
  tell(frame: Record<string, unknown>): void;
}

export class Feed {
  private readonly pending = new Set<Id>();
  private readonly holeTimers = new Map<Id, ReturnType<typeof setTimeout>>();
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly positions: Positions,
    private readonly link: FeedLink,
    private readonly listener: FeedListener,
  ) {}

  /** The connection is new: ask for all that is missing. */
  resumeAll(): void {
    this.stop();
    const places = this.positions.all();
    if (places.length === 0) return this.listener.caughtUp();
    for (const place of places) this.pending.add(place.channel_id);
    this.patience = setTimeout(() => this.finish(), RESUME_PATIENCE_MS);
    for (let at = 0; at < places.length; at += RESUME_CHANNELS) {
      this.resume(places.slice(at, at + RESUME_CHANNELS));
    }
  }

  /** Follows a channel that one has just joined, from the position known for it. */
  follow(place: Position): void {
    this.link.tell({ type: "join_channel", ...place });
  }

  stop(): void {
    clearTimeout(this.patience);
    this.pending.clear();
    for (const timer of this.holeTimers.values()) clearTimeout(timer);
    this.holeTimers.clear();
  }

  receive(frame: EventFrame): void {
    if (isLogFrame(frame)) return this.enter(frame);
    if (frame.type === "resync") {
      this.restart(frame.channel_id, frame.head_seq, frame.gen);
      this.settle(frame.channel_id);
    } else if (frame.type === "resumed") {
      this.resumed(frame.channel_id, frame.head_seq, frame.gen);
    } else {
      this.listener.news(frame);
    }
  }

  private enter(frame: LogFrame): void {
    const arrival = this.positions.arrive(frame.channel_id, frame.seq, frame.gen);
    switch (arrival) {
      case "seen":
        return;
      case "overflow":
      case "other_generation":
        return this.restart(frame.channel_id, frame.seq, frame.gen);
      case "next":
      case "early":
        this.listener.entry(frame);
        this.watchHole(frame.channel_id);
    }
  }

  private resumed(channelId: Id, headSeq: number, gen: string | number): void {
    // A guest's history names no position. All up to here has come with it and after it.
    if (!this.positions.knows(channelId)) this.positions.restart(channelId, headSeq, gen);
    // A replay that ends below its own head has lost something on the way: ask once more.
    if (this.positions.contiguous(channelId) < headSeq) this.watchHole(channelId, true);
    this.settle(channelId);
  }

  private restart(channelId: Id, headSeq: number, gen: string | number): void {
    this.positions.restart(channelId, headSeq, gen);
    this.listener.reload(channelId, headSeq);
  }

  private watchHole(channelId: Id, certain = false): void {
    const timer = this.holeTimers.get(channelId);
    if (!certain && !this.positions.hasHole(channelId)) {
      clearTimeout(timer);
      this.holeTimers.delete(channelId);
      return;
    }
    if (timer !== undefined) return;
    this.holeTimers.set(
      channelId,
      setTimeout(() => {
        this.holeTimers.delete(channelId);
        const place = this.positions.of(channelId);
        if (place !== null) this.resume([place]);
      }, HOLE_PATIENCE_MS),
    );
  }

  private resume(channels: Position[]): void {
    // The answer is the frames themselves, never an ack; where none come, patience covers it.
    this.link.tell({ type: "resume", channels });
  }

  private settle(channelId: Id): void {
    if (this.pending.delete(channelId) && this.pending.size === 0) this.finish();
  }

  private finish(): void {
    clearTimeout(this.patience);
    this.pending.clear();
    this.listener.caughtUp();
  }
}
