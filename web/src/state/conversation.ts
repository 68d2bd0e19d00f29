/**
 * What is known of one channel's messages: the timeline, its threads, and how to read more.
 *
 * **Invariant:** from the oldest loaded message to the head the timeline has no hole: entries that
 * arrive while a page of history is being read are kept and applied again over the page.
 */

import { effect, signal } from "@preact/signals";
import type { Api } from "../wire/api";
import { wholeMessage, type LogFrame } from "../wire/frames";
import type { Id, Message, Thread } from "../wire/types";
import { change, deleted, edited, merge, reacted, refresh, type Timeline } from "./timeline";

/** Messages of a page when reading far back, and pages that one waits for. */
const REACH_PAGE_MESSAGES = 200;
const REACH_PAGES_MAX = 25;

export type Loading = "none" | "first" | "older" | "failed";

export class Conversation {
  readonly messages = signal<Timeline>([]);
  readonly threads = signal<ReadonlyMap<Id, Thread>>(new Map());
  /** Replies by thread, for those that were opened or are being written to. */
  readonly replies = signal<ReadonlyMap<Id, Timeline>>(new Map());
  readonly loading = signal<Loading>("none");
  readonly hasOlder = signal(true);
  /** Unread messages begin after this; it stays until the channel is left. */
  readonly newAfter = signal<number | null>(null);
  /** One left something unread here on purpose: seeing it does not read it. */
  readonly keptUnread = signal(false);
  /** A message that somebody jumps to; whoever shows it takes it away. */
  readonly spotlight = signal<Message | null>(null);
  loaded = false;
  private arrivedMeanwhile: LogFrame[] | null = null;

  constructor(
    readonly channelId: Id,
    private readonly api: Api | null,
    private readonly me: Id,
  ) {}

  /** The newest page and the threads; once, unless `again`. */
  async open(again = false): Promise<void> {
    if (this.api === null || this.loading.value === "first" || (this.loaded && !again)) return;
    this.loading.value = "first";
    const ok = await this.reading(async (api) => {
      const [page, threads] = await Promise.all([
        api.history(this.channelId, null),
        api.threads(this.channelId).catch(() => []),
      ]);
      // After a reload the old messages may lie beyond a hole; the page alone is sound.
      this.messages.value = again ? page.messages : refresh(this.messages.value, page.messages);
      this.hasOlder.value = page.hasMore;
      this.threads.value = new Map(threads.map((thread) => [thread.id, thread]));
      this.loaded = true;
    });
    this.loading.value = ok ? "none" : "failed";
    if (again) await Promise.all([...this.replies.value.keys()].map((id) => this.openThread(id)));
  }

  async older(): Promise<void> {
    const first = this.messages.value[0];
    if (this.loading.value !== "none" || !this.hasOlder.value || first === undefined) return;
    this.loading.value = "older";
    await this.reading(async (api) => {
      const page = await api.history(this.channelId, first.seq);
      this.messages.value = refresh(this.messages.value, page.messages);
      this.hasOlder.value = page.hasMore;
    });
    this.loading.value = "none";
  }

  /** Reads back until a position is here; `false` where it is further back than one waits for. */
  async reach(seq: number): Promise<boolean> {
    await this.open();
    for (let pages = 0; pages <= REACH_PAGES_MAX; pages += 1) {
      await this.settled();
      const first = this.messages.value[0];
      if (first !== undefined && first.seq <= seq) return true;
      if (first === undefined || !this.hasOlder.value || this.loading.value === "failed") return false;
      this.loading.value = "older";
      const ok = await this.reading(async (api) => {
        const page = await api.history(this.channelId, first.seq, REACH_PAGE_MESSAGES);
        this.messages.value = refresh(this.messages.value, page.messages);
        this.hasOlder.value = page.hasMore;
      });
      this.loading.value = "none";
      if (!ok) return false;
    }
    return false;
  }

  /** Until no page is being read. */
  private settled(): Promise<void> {
    return new Promise((resolve) => {
      let stop: (() => void) | null = null;
      let done = false;
      stop = effect(() => {
        if (done || this.loading.value === "first" || this.loading.value === "older") return;
        done = true;
        resolve();
        stop?.();
      });
      if (done) stop();
    });
  }

  async openThread(threadId: Id): Promise<void> {
    if (this.api === null) return;
    await this.reading(async (api) => {
      const messages = await api.threadMessages(threadId);
      const root = this.threads.value.get(threadId)?.root_message_id;
      const replies = messages.filter((message) => message.id !== root);
      this.putReplies(threadId, refresh(this.replies.value.get(threadId) ?? [], replies));
    });
  }

  threadOf(rootMessageId: Id): Thread | undefined {
    for (const thread of this.threads.value.values()) {
      if (thread.root_message_id === rootMessageId) return thread;
    }
    return undefined;
  }

  putThread(thread: Thread): void {
    this.threads.value = new Map(this.threads.value).set(thread.id, thread);
  }

  find(id: Id): Message | undefined {
    return (
      this.messages.value.find((message) => message.id === id) ??
      [...this.replies.value.values()].flat().find((message) => message.id === id)
    );
  }

  /** Messages that came by another way than the log: the guest's history, an acknowledgement. */
  put(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.thread_id === null) continue;
      this.putReplies(
        message.thread_id,
        merge(this.replies.value.get(message.thread_id) ?? [], [message]),
      );
    }
    this.messages.value = merge(
      this.messages.value,
      messages.filter((message) => message.thread_id === null),
    );
  }

  apply(frame: LogFrame): void {
    this.arrivedMeanwhile?.push(frame);
    switch (frame.type) {
      case "new_message":
      case "llm_response":
        return this.receive(wholeMessage(frame.message, this.me));
      case "message_edited": {
        const { message } = frame;
        return this.update(frame.message_id, (held) => {
          if (message === undefined) return held;
          const changed = edited(held, message.content ?? "", message.updated_at ?? held.updated_at, message.mentions);
          return message.llm_context === undefined ? changed : { ...changed, llm_context: message.llm_context };
        });
      }
      case "message_deleted":
        return this.update(frame.message_id, deleted);
      case "reaction":
        return this.update(frame.message_id, (held) =>
          reacted(held, frame.emoji, frame.user_id, frame.added, this.me),
        );
      case "member_joined":
      case "member_left":
        return;
    }
  }

  /** Changes a message wherever it is shown; also used before the server has agreed. */
  update(id: Id, how: (message: Message) => Message): void {
    this.messages.value = change(this.messages.value, id, how);
    for (const [threadId, replies] of this.replies.value) {
      const changed = change(replies, id, how);
      if (changed !== replies) this.putReplies(threadId, changed);
    }
  }

  /** One new message: a frame, or an acknowledgement that came before its frame. */
  receive(message: Message): void {
    const known = this.find(message.id) !== undefined;
    this.put([message]);
    if (message.thread_id !== null && !known) this.countReply(message.thread_id, message.created_at);
  }

  private countReply(threadId: Id, at: string): void {
    const thread = this.threads.value.get(threadId);
    if (thread !== undefined) {
      this.putThread({ ...thread, message_count: thread.message_count + 1, updated_at: at });
    } else {
      // A thread that someone else has just begun.
      this.api?.thread(threadId).then(
        (found) => this.putThread(found),
        () => undefined,
      );
    }
  }

  private putReplies(threadId: Id, replies: Timeline): void {
    this.replies.value = new Map(this.replies.value).set(threadId, replies);
  }

  private async reading(read: (api: Api) => Promise<void>): Promise<boolean> {
    if (this.api === null) return false;
    const outer = this.arrivedMeanwhile;
    const meanwhile: LogFrame[] = outer ?? [];
    this.arrivedMeanwhile = meanwhile;
    try {
      await read(this.api);
      for (const frame of [...meanwhile]) this.applyAgain(frame);
      return true;
    } catch {
      return false;
    } finally {
      if (outer === null) this.arrivedMeanwhile = null;
    }
  }

  /** Over a page that may or may not contain it already: every change here is idempotent. */
  private applyAgain(frame: LogFrame): void {
    if (frame.type === "new_message" || frame.type === "llm_response") {
      const message = wholeMessage(frame.message, this.me);
      if (this.find(message.id) === undefined) this.put([message]);
      return;
    }
    const recording = this.arrivedMeanwhile;
    this.arrivedMeanwhile = null;
    this.apply(frame);
    this.arrivedMeanwhile = recording;
  }
}
