/**
 * Messages on their way to the server.
 *
 * An entry is made once, with its `client_message_id` and the position (`after_seq`) at which it
 * was written, and both stay the same in every attempt: that is what makes a repeat harmless. One
 * entry per channel is in flight at a time, so that what was written first is stored first even
 * when an attempt fails. An entry leaves when its acknowledgement or its message arrives, whichever
 * is first, or when its author discards it.
 *
 * **Invariant:** no entry is ever given up without its author seeing it: it is stored, waiting,
 * or marked failed with a reason.
 */

import { signal } from "@preact/signals";
import type { AckFrame } from "../wire/frames";
import { Refusal } from "../wire/link";
import type { Attachment, Id } from "../wire/types";

/** Waits after a passing refusal that names no time of its own. */
const RETRY_MS = 1_000;
/** Entries kept over a reload of the page. More than this unsent is a draft, not a conversation. */
const KEPT_MAX = 100;

export interface OutboxEntry {
  client_message_id: string;
  channel_id: Id;
  thread_id: Id | null;
  content: string;
  mentions: Id[];
  /** Files that are at the server already. */
  attachments?: readonly Attachment[];
  after_seq: number;
  created_at: string;
  state: "queued" | "sending" | "failed";
  reason: string | null;
}

export type Draft = Pick<OutboxEntry, "channel_id" | "thread_id" | "content" | "mentions" | "attachments" | "after_seq">;

export interface OutboxPorts {
  send(entry: OutboxEntry): Promise<AckFrame>;
  stored(entry: OutboxEntry, ack: AckFrame): void;
  newId(): string;
  now(): string;
  later(ms: number, what: () => void): void;
  load(): OutboxEntry[];
  save(entries: readonly OutboxEntry[]): void;
  /** Hands over what pages that are gone had not sent, now or later. */
  inherit(take: (entries: OutboxEntry[]) => void): void;
  close(): void;
}

export class Outbox {
  readonly entries = signal<readonly OutboxEntry[]>([]);
  private open = false;

  constructor(private readonly ports: OutboxPorts) {
    this.entries.value = ports.load().map(again);
    ports.inherit((entries) => this.adopt(entries));
  }

  add(draft: Draft): OutboxEntry {
    const entry: OutboxEntry = {
      ...draft,
      client_message_id: this.ports.newId(),
      created_at: this.ports.now(),
      state: "queued",
      reason: null,
    };
    this.replace([...this.entries.value, entry]);
    this.pump();
    return entry;
  }

  close(): void {
    this.ports.close();
  }

  /** What was written first is sent first, whichever page it was written in. */
  private adopt(entries: readonly OutboxEntry[]): void {
    const fresh = entries.filter((entry) => this.find(entry.client_message_id) === undefined).map(again);
    const both = [...fresh, ...this.entries.value];
    this.replace(both.sort((a, b) => a.created_at.localeCompare(b.created_at)));
    this.pump();
  }

  /** The connection is there and caught up: send what waits. */
  start(): void {
    this.open = true;
    this.pump();
  }

  /** The connection is gone: what was in flight has an unknown outcome and goes again later. */
  pause(): void {
    this.open = false;
    this.replace(
      this.entries.value.map((entry) =>
        entry.state === "sending" ? { ...entry, state: "queued" } : entry,
      ),
    );
  }

  /** The message itself arrived, perhaps before its acknowledgement. */
  arrived(clientMessageId: string | null): void {
    if (clientMessageId !== null) this.remove(clientMessageId);
  }

  retry(clientMessageId: string): void {
    this.update(clientMessageId, { state: "queued", reason: null });
    this.pump();
  }

  discard(clientMessageId: string): void {
    this.remove(clientMessageId);
    this.pump();
  }

  private pump(): void {
    if (!this.open) return;
    const busy = new Set<Id>();
    for (const entry of this.entries.value) {
      if (entry.state === "failed" || busy.has(entry.channel_id)) continue;
      busy.add(entry.channel_id);
      if (entry.state === "queued") void this.attempt(entry);
    }
  }

  private async attempt(entry: OutboxEntry): Promise<void> {
    const id = entry.client_message_id;
    this.update(id, { state: "sending" });
    try {
      const ack = await this.ports.send(entry);
      if (this.find(id) !== undefined) this.ports.stored(entry, ack);
      this.remove(id);
      this.pump();
    } catch (error) {
      this.refused(id, error instanceof Refusal ? error : Refusal.unknownOutcome());
    }
  }

  private refused(id: string, refusal: Refusal): void {
    if (this.find(id)?.state !== "sending") return;
    if (!refusal.retry) {
      this.update(id, { state: "failed", reason: refusal.message });
      this.pump();
      return;
    }
    // Still "sending": it keeps its turn in the channel while it waits.
    this.ports.later(refusal.retryAfterMs ?? RETRY_MS, () => {
      if (this.find(id)?.state !== "sending") return;
      this.update(id, { state: "queued" });
      this.pump();
    });
  }

  private find(id: string): OutboxEntry | undefined {
    return this.entries.value.find((entry) => entry.client_message_id === id);
  }

  private update(id: string, change: Partial<OutboxEntry>): void {
    this.replace(
      this.entries.value.map((entry) =>
        entry.client_message_id === id ? { ...entry, ...change } : entry,
      ),
    );
  }

  private remove(id: string): void {
    if (this.find(id) === undefined) return;
    this.replace(this.entries.value.filter((entry) => entry.client_message_id !== id));
    this.pump();
  }

  private replace(entries: readonly OutboxEntry[]): void {
    this.entries.value = entries;
    this.ports.save(entries.slice(-KEPT_MAX));
  }
}

/** As a page finds it that had no part in its last attempt. */
function again(entry: OutboxEntry): OutboxEntry {
  return { ...entry, state: entry.state === "failed" ? "failed" : "queued" };
}
