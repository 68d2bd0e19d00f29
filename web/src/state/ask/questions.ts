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
import { Refusal } from "../../wire/link";
import type { Id } from "../../wire/types";
import { advance, begin, hasEnded, heard, told, type Began, type Progress } from "./progress";

/** Questions shown at once: far more than anyone asks, few enough for every reader's browser. */
const SHOWN_MAX = 50;
/** Answered ones that are remembered: a frame about them may come after the answer. */
const ANSWERED_MAX = 200;
/** A question whose outcome is unknown is sent again under the same name, so that it is asked once. */
const TRIES = 3;
const PAUSE_MS = 1_000;
/** A server that says to come back later than this is asked again by the person, not by the page. */
const PATIENCE_MS = 5_000;

export interface QuestionPorts {
  me(): Id;
  request(frame: Record<string, unknown>): Promise<AckFrame>;
  now(): number;
  newId(): string;
  pause(ms: number): Promise<void>;
  load(): Began[];
  save(own: readonly Began[]): void;
}

export interface Place {
  channel: Id;
  thread: Id | null;
}

export class Questions {
  readonly open = signal<ReadonlyMap<Id, Progress>>(new Map());
  private readonly over = new Set<Id>();
  /** Names of questions that failed, by their words: asking the same again is the same question. */
  private readonly unasked = new Map<string, string>();

  constructor(
    private readonly api: DataApi | null,
    private readonly ports: QuestionPorts,
  ) {}

  /** Rejects with a refusal; the words stay with whoever wrote them. */
  async ask(place: Place, question: string, connection: Id | null): Promise<Id | null> {
    const words = `${place.channel} ${place.thread ?? ""} ${connection ?? ""} ${question}`;
    const name = this.unasked.get(words) ?? this.ports.newId();
    this.unasked.set(words, name);
    const ack = await this.insist({
      type: "ask",
      query: question,
      client_message_id: name,
      ...(place.thread === null ? { channel_id: place.channel } : { thread_id: place.thread }),
      ...(connection === null ? {} : { connection_id: connection }),
    });
    this.unasked.delete(words);
    if (ack.job_id === undefined) return null;
    this.began({ job: ack.job_id, ...place, question, connection, mine: true });
    return ack.job_id;
  }

  private async insist(frame: Record<string, unknown>): Promise<AckFrame> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.ports.request(frame);
      } catch (error) {
        const wait = error instanceof Refusal && error.retry ? (error.retryAfterMs ?? PAUSE_MS) : null;
        if (wait === null || wait > PATIENCE_MS || tried >= TRIES) throw error;
        await this.ports.pause(wait);
      }
    }
  }

  /** Starts a failed question of one's own once more, without writing it again. */
  async retry(job: Id, place: Place): Promise<void> {
    const again = await this.api?.retry(job);
    if (again === undefined) return;
    this.over.delete(again.id);
    this.began({ job: again.id, ...place, question: again.question, connection: again.connection_id ?? null, mine: true });
    this.dismiss(job === again.id ? "" : job);
  }

  /** A question that the server has taken; its first frames may have come before. */
  began(began: Began): void {
    if (this.over.has(began.job)) return;
    const now = this.ports.now();
    const held = this.open.value.get(began.job);
    this.put(held === undefined ? begin(began, now) : { ...held, ...began });
  }

  /** A frame from the feed. */
  progress(frame: ProgressFrame): void {
    const held = this.open.value.get(frame.job_id);
    // The end of a question that was never seen here, or whose answer is here already, says nothing.
    if (this.over.has(frame.job_id) || (held === undefined && hasEnded(frame.state))) return;
    this.put(heard(held, frame, this.ports.now()));
  }

  /** The answer's message is here. */
  answered(job: Id | null): void {
    if (job === null) return;
    this.over.add(job);
    const [oldest] = this.over;
    if (this.over.size > ANSWERED_MAX && oldest !== undefined) this.over.delete(oldest);
    this.drop(job);
  }

  /** The newest question of one's own that is still going on in a place. */
  running(place: Place): Progress | undefined {
    return [...this.open.value.values()].findLast(
      (held) => held.mine && !hasEnded(held.state) && held.channel === place.channel && held.thread === place.thread,
    );
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
