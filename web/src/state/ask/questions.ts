/**
 * Questions on their way: asked here or by others in one's channels.
 *
 * ask → ack {job} → `query_progress` frames → the answer's message, which carries the job's id as
 * its `client_message_id` and takes the card's place. One's own open questions are remembered in
 * the tab, so that a reload finds them again.
 */

import { signal } from "@preact/signals";
import type { DataApi } from "../../wire/data/api";
import { Problem } from "../../wire/problem";
import type { AckFrame, ProgressFrame } from "../../wire/frames";
import type { Id } from "../../wire/types";
import { advance, begin, hasEnded, heard, told, type Began, type Progress } from "./progress";

/** Questions shown at once: far more than anyone asks, few enough for every reader's browser. */
const SHOWN_MAX = 50;

export interface QuestionPorts {
  me(): Id;
  request(frame: Record<string, unknown>): Promise<AckFrame>;
  now(): number;
  load(): Began[];
  save(own: readonly Began[]): void;
}

export interface Place {
  channel: Id;
  thread: Id | null;
}

export class Questions {
  readonly open = signal<ReadonlyMap<Id, Progress>>(new Map());

  constructor(
    private readonly api: DataApi | null,
    private readonly ports: QuestionPorts,
  ) {}

  /** Rejects with a refusal; the words stay with whoever wrote them. */
  async ask(place: Place, question: string, connection: Id | null): Promise<Id | null> {
    const ack = await this.ports.request({
      type: "ask",
      query: question,
      ...(place.thread === null ? { channel_id: place.channel } : { thread_id: place.thread }),
      ...(connection === null ? {} : { connection_id: connection }),
    });
    if (ack.job_id === undefined) return null;
    this.began({ job: ack.job_id, ...place, question, connection, mine: true });
    return ack.job_id;
  }

  /** A question that the server has taken; its first frames may have come before. */
  began(began: Began): void {
    const now = this.ports.now();
    const held = this.open.value.get(began.job);
    this.put(held === undefined ? begin(began, now) : { ...held, ...began });
  }

  /** A frame from the feed. */
  progress(frame: ProgressFrame): void {
    const held = this.open.value.get(frame.job_id);
    // The answer is its own message; one that is done has nothing more to show.
    if (frame.state === "done") return this.drop(frame.job_id);
    if (held === undefined && frame.state === "cancelled") return;
    this.put(heard(held, frame, this.ports.now()));
  }

  /** The answer's message is here. */
  answered(job: Id | null): void {
    if (job !== null) this.drop(job);
  }

  async cancel(job: Id): Promise<void> {
    await this.ports.request({ type: "cancel_query", job_id: job });
    const held = this.open.value.get(job);
    if (held !== undefined) this.put(advance(held, "cancelled", null, this.ports.now()));
  }

  async approve(job: Id): Promise<void> {
    const answer = await this.api?.approve(job);
    const held = this.open.value.get(job);
    if (answer !== undefined && held !== undefined) this.put(told(held, answer, this.ports.me(), this.ports.now()));
  }

  /** Takes a card away that has nothing more to say. */
  dismiss(job: Id): void {
    this.drop(job);
  }

  /** After a break, and at the start: what became of those that were open? */
  async refresh(): Promise<void> {
    if (this.api === null) return;
    for (const own of this.ports.load()) {
      if (!this.open.value.has(own.job)) this.put(begin(own, this.ports.now()));
    }
    const live = [...this.open.value.values()].filter((progress) => !hasEnded(progress.state));
    await Promise.all(live.map((progress) => this.refreshOne(progress.job)));
  }

  private async refreshOne(id: Id): Promise<void> {
    try {
      const job = await this.api?.job(id);
      const held = this.open.value.get(id);
      if (job === undefined || held === undefined) return;
      if (job.state === "done") this.drop(id);
      else this.put(told(held, job, this.ports.me(), this.ports.now()));
    } catch (error) {
      // Gone, or not one's own to look at: nothing more will be heard of it here.
      if (error instanceof Problem && !error.passing) this.drop(id);
    }
  }

  private put(progress: Progress): void {
    const next = new Map(this.open.value).set(progress.job, progress);
    while (next.size > SHOWN_MAX) {
      const [oldest] = next.keys();
      if (oldest === undefined) break;
      next.delete(oldest);
    }
    this.replace(next);
  }

  private drop(job: Id): void {
    if (!this.open.value.has(job)) return;
    const next = new Map(this.open.value);
    next.delete(job);
    this.replace(next);
  }

  private replace(next: ReadonlyMap<Id, Progress>): void {
    this.open.value = next;
    const own = [...next.values()].filter((progress) => progress.mine && !hasEnded(progress.state));
    this.ports.save(own.map(({ job, channel, thread, question, connection, mine }) => ({ job, channel, thread, question, connection, mine })));
  }
}
