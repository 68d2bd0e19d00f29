/**
 * What is known of one channel's messages: the timeline, its threads, and how to read more.
 *
 * Who jumps far back reads an excerpt of the past beside the timeline, until it reaches it again.
 *
 * **Invariant:** from the oldest loaded message to the head the timeline has no hole: entries that
 * arrive while a page of history is being read are kept and applied again over the page.
 */

import { computed, effect, signal } from "@preact/signals";
import { PAGE_MESSAGES, type Api, type HistoryPage } from "../wire/api";
import { wholeMessage, type LogFrame } from "../wire/frames";
import type { Id, Message, Thread } from "../wire/types";
import { Excerpt } from "./excerpt";
import { change, deleted, edited, merge, reacted, refresh, renamed, type Timeline } from "./timeline";

/** So near to what is loaded that one page leads there: no need for an excerpt. */
const REACH_PAGE_MESSAGES = 200;
/** Messages around the one that was jumped to, on both sides together. */
const AROUND_MESSAGES = 60;

/** Messages kept at the end of a channel while nobody reads further up, and how many more may come first. */
const LIVE_MAX = 1_000;
const LIVE_SPARE = 200;
/** Who wrote last in a thread, as many as its line has room for. */
const FACES_MAX = 3;
/**
 * While somebody does, near the end. More than an excerpt that met the end and what came meanwhile: else
 * the next message would make an excerpt of them again.
 */
const READ_UP_MAX = 4_000;
/** Replies that are kept of one thread, and threads whose replies are, beside those that were opened. */
const REPLIES_MAX = 500;
const THREADS_MAX = 50;

export type Loading = "none" | "first" | "older" | "newer" | "failed";

export class Conversation {
  readonly messages = signal<Timeline>([]);
  readonly threads = signal<ReadonlyMap<Id, Thread>>(new Map());
  private readonly byRoot = computed(() => new Map([...this.threads.value.values()].map((thread) => [thread.root_message_id, thread])));
  /** Replies by thread, for those that were opened or are being written to. */
  readonly replies = signal<ReadonlyMap<Id, Timeline>>(new Map());
  readonly loading = signal<Loading>("none");
  readonly hasOlder = signal(true);
  /** Where one jumped to; null at the end of the channel. */
  readonly past = signal<Excerpt | null>(null);
  /** What is on screen: the excerpt, or the timeline. */
  readonly shown = computed<Timeline>(() => this.past.value?.messages.value ?? this.messages.value);
  readonly shownHasOlder = computed<boolean>(() => this.past.value?.hasOlder.value ?? this.hasOlder.value);
  /** Unread messages begin after this; it stays until the channel is left. */
  readonly newAfter = signal<number | null>(null);
  /** One left something unread here on purpose: seeing it does not read it. */
  readonly keptUnread = signal(false);
  /** A message that somebody jumps to; whoever shows it takes it away. */
  readonly spotlight = signal<Message | null>(null);
  loaded = false;
  /** Somebody reads further up: nothing that is loaded may go. */
  readingUp = false;
  /** The root of the thread that is open: still known when the list has let it go. */
  readonly root = signal<Message | null>(null);
  private readonly openedThreads = new Set<Id>();
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
      // Asked for beside each other; the messages are shown as soon as they are here.
      const threads = api.threads(this.channelId).catch(() => []);
      const page = await api.history(this.channelId, null);
      // After a reload the old messages may lie beyond a hole; the page alone is sound.
      this.messages.value = again ? page.messages : refresh(this.messages.value, page.messages);
      if (again) this.past.value = null;
      this.hasOlder.value = page.hasMore;
      this.threads.value = new Map((await threads).map((thread) => [thread.id, thread]));
      this.loaded = true;
    });
    this.loading.value = ok ? "none" : "failed";
    if (again) await Promise.all([...this.replies.value.keys()].map((id) => this.openThread(id)));
  }

  async older(): Promise<void> {
    const past = this.past.value;
    const first = this.shown.value[0];
    if (this.loading.value !== "none" || !this.shownHasOlder.value || first === undefined) return;
    this.loading.value = "older";
    await this.reading(async (api) => {
      const page = await api.history(this.channelId, first.seq);
      if (past === null) this.growUp(page);
      else past.growUp(page);
    });
    this.loading.value = "none";
  }

  /** The page after an excerpt; where that reaches the timeline, the two become one. */
  async newer(): Promise<void> {
    const past = this.past.value;
    if (past === null || this.loading.value !== "none") return;
    if (this.meets(past)) return this.join(past);
    this.loading.value = "newer";
    await this.reading(async (api) => {
      const page = await api.after(this.channelId, past.last, PAGE_MESSAGES);
      past.growDown(page);
      // An excerpt that was left meanwhile is of no use any more.
      if (this.past.value === past && (!page.hasMore || this.meets(past))) this.join(past);
    });
    this.loading.value = "none";
  }

  /** Back to the end of the channel. */
  toNewest(): void {
    this.past.value = null;
  }

  /** Far above the end one reads an excerpt: what arrives moves nothing there, and the end stays short. */
  leaveEnd(): void {
    if (this.api === null || this.past.value !== null || this.loading.value !== "none") return;
    this.past.value = new Excerpt({ messages: [...this.messages.value], hasMore: this.hasOlder.value });
    this.trim();
  }

  /** Shows the messages around a position; `false` where they cannot be read. */
  async reach(seq: number): Promise<boolean> {
    await this.open();
    await this.settled();
    if (this.past.value?.holds(seq)) return true;
    const first = this.messages.value[0]?.seq;
    if (first === undefined) return false;
    if (seq < first && this.hasOlder.value) return seq < first - REACH_PAGE_MESSAGES ? this.excerpt(seq) : this.back(first);
    this.past.value = null;
    return true;
  }

  /** One page back, to a message that is near. */
  private async back(first: number): Promise<boolean> {
    this.loading.value = "older";
    const ok = await this.reading(async (api) => this.growUp(await api.history(this.channelId, first, REACH_PAGE_MESSAGES)));
    this.loading.value = "none";
    if (ok) this.past.value = null;
    return ok;
  }

  private async excerpt(seq: number): Promise<boolean> {
    this.loading.value = "older";
    const ok = await this.reading(async (api) => {
      this.past.value = new Excerpt(await api.near(this.channelId, seq, AROUND_MESSAGES));
    });
    this.loading.value = "none";
    return ok;
  }

  private growUp(page: HistoryPage): void {
    this.messages.value = refresh(this.messages.value, page.messages);
    this.hasOlder.value = page.hasMore;
  }

  private meets(past: Excerpt): boolean {
    return past.last >= (this.messages.value[0]?.seq ?? Infinity);
  }

  private join(past: Excerpt): void {
    // What is loaded at the end heard every change since; the excerpt's own pages did so as well.
    this.messages.value = merge(past.messages.value, this.messages.value);
    this.hasOlder.value = past.hasOlder.value;
    this.past.value = null;
  }

  /** Until no page is being read. */
  private settled(): Promise<void> {
    return new Promise((resolve) => {
      let stop: (() => void) | null = null;
      let done = false;
      stop = effect(() => {
        if (done || (this.loading.value !== "none" && this.loading.value !== "failed")) return;
        done = true;
        resolve();
        stop?.();
      });
      if (done) stop();
    });
  }

  async openThread(threadId: Id): Promise<void> {
    if (this.api === null) return;
    this.openedThreads.add(threadId);
    await this.reading(async (api) => {
      const messages = await api.threadMessages(threadId);
      const root = this.threads.value.get(threadId)?.root_message_id;
      const replies = messages.filter((message) => message.id !== root);
      this.putReplies(threadId, refresh(this.replies.value.get(threadId) ?? [], replies));
    });
  }

  threadOf(rootMessageId: Id): Thread | undefined {
    return this.byRoot.value.get(rootMessageId);
  }

  putThread(thread: Thread): void {
    this.threads.value = new Map(this.threads.value).set(thread.id, thread);
  }

  find(id: Id): Message | undefined {
    return (
      this.messages.value.find((message) => message.id === id) ??
      this.past.value?.messages.value.find((message) => message.id === id) ??
      (this.root.value?.id === id ? this.root.value : undefined) ??
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
    this.trim();
  }

  /** What came long ago is at the server; who reads further up goes on in an excerpt. */
  private trim(): void {
    const all = this.messages.value;
    // A page that is being read belongs to what is above.
    if (this.loading.value !== "none") return;
    // A guest cannot read again what is gone.
    if (this.api === null && all.length > READ_UP_MAX + LIVE_SPARE) this.messages.value = all.slice(-READ_UP_MAX);
    const isRead = this.readingUp && this.past.value === null;
    if (all.length <= (isRead ? READ_UP_MAX : LIVE_MAX + LIVE_SPARE) || this.api === null) return;
    if (isRead) this.past.value = new Excerpt({ messages: [...all], hasMore: this.hasOlder.value });
    this.messages.value = all.slice(-LIVE_MAX);
    this.hasOlder.value = true;
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
    const past = this.past.value;
    if (past !== null) past.messages.value = change(past.messages.value, id, how);
    if (this.root.value?.id === id) this.root.value = how(this.root.value);
    for (const [threadId, replies] of this.replies.value) {
      const changed = change(replies, id, how);
      if (changed !== replies) this.putReplies(threadId, changed);
    }
  }

  /** What somebody wrote is shown under another name: they were erased. */
  rename(author: NonNullable<Message["author"]>): void {
    this.messages.value = renamed(this.messages.value, author);
    const past = this.past.value;
    if (past !== null) past.messages.value = renamed(past.messages.value, author);
    for (const [threadId, replies] of this.replies.value) {
      const changed = renamed(replies, author);
      if (changed !== replies) this.putReplies(threadId, changed);
    }
  }

  /** One new message: a frame, or an acknowledgement that came before its frame. */
  receive(message: Message): void {
    const isNew = message.thread_id !== null && this.find(message.id) === undefined;
    this.put([message]);
    if (isNew && message.thread_id !== null) this.countReply(message.thread_id, message);
  }

  private countReply(threadId: Id, reply: Pick<Message, "author_id" | "created_at">): void {
    const thread = this.threads.value.get(threadId);
    if (thread !== undefined) {
      const others = (thread.recent_participants ?? []).filter((id) => id !== reply.author_id);
      const recent_participants = [reply.author_id, ...others].slice(0, FACES_MAX);
      this.putThread({ ...thread, message_count: thread.message_count + 1, recent_participants, updated_at: reply.created_at });
    } else {
      // A thread that someone else has just begun.
      this.api?.thread(threadId).then(
        (found) => this.putThread(found),
        () => undefined,
      );
    }
  }

  private putReplies(threadId: Id, replies: Timeline): void {
    const held = new Map(this.replies.value);
    // The last one written to is the last one to go.
    held.delete(threadId);
    held.set(threadId, replies.length > REPLIES_MAX ? replies.slice(-REPLIES_MAX) : replies);
    const idle = [...held.keys()].filter((id) => !this.openedThreads.has(id));
    for (const id of idle.slice(0, -THREADS_MAX)) held.delete(id);
    this.replies.value = held;
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
