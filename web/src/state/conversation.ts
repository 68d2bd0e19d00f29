/**
 * What is known of one channel's messages: the timeline, its threads, and how to read more.
 *
 * Who jumps far back reads an excerpt of the past beside the timeline, until it reaches it again.
 *
 * **Invariant:** from the oldest loaded message to the head the timeline has no hole: entries that
 * arrive while a page of history is being read are kept and applied again over the page. Where some of
 * the log was missed it counts as not loaded until the newest page was read again.
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
/** Replies that are kept of one thread, and threads whose replies are, beside those that were opened last. */
const REPLIES_MAX = 500;
const THREADS_MAX = 50;
const OPENED_MAX = 20;

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
  /** Some of the log was missed: what is held lies beyond a hole, and the next page stands alone. */
  private hasHole = false;
  /** Counts how often the timeline was begun anew: a page that was asked for before belongs to another one. */
  private generation = 0;
  /** Counts where in here one wanted to be. */
  private turns = 0;
  /** Somebody reads further up: nothing that is loaded may go. */
  readingUp = false;
  /** The root of the thread that is open: still known when the list has let it go. */
  readonly root = signal<Message | null>(null);
  /** Threads whose replies stay, the one opened last at the end. */
  private readonly openedThreads = new Set<Id>();
  /** For each page that is being read: what has arrived since it was asked for. */
  private readonly listening = new Set<LogFrame[]>();

  constructor(
    readonly channelId: Id,
    private readonly api: Api | null,
    private readonly me: Id,
  ) {}

  /** The newest page and the threads; once, unless `again`. */
  async open(again = false): Promise<void> {
    if (this.api === null || (!again && (this.loaded || this.loading.value === "first"))) return;
    if (again) this.miss();
    const afresh = this.hasHole;
    this.generation += 1;
    const threads = this.readThreads();
    const isRead = await this.paging("first", (api) => api.history(this.channelId, null), (page) => {
      // After a reload the old messages may lie beyond a hole; the page alone is sound.
      this.messages.value = afresh ? page.messages : refresh(this.messages.value, page.messages);
      this.hasOlder.value = page.hasMore;
      this.loaded = true;
      this.hasHole = false;
      if (afresh) this.past.value = null;
    });
    await threads;
    if (afresh && isRead) await this.readOpenThread();
  }

  /** Some of the log was missed. What was read is read again; what nobody opened is let go until somebody does. */
  async reload(): Promise<void> {
    if (this.api === null) return;
    if (this.loaded || this.loading.value !== "none") return this.open(true);
    this.generation += 1;
    this.messages.value = [];
    this.replies.value = new Map();
  }

  private miss(): void {
    this.hasHole = true;
    this.loaded = false;
  }

  async older(): Promise<void> {
    const past = this.past.value;
    const first = this.shown.value[0];
    if (this.loading.value !== "none" || !this.shownHasOlder.value || first === undefined) return;
    await this.paging("older", (api) => api.history(this.channelId, first.seq), (page) => {
      if (past === null) this.growUp(page);
      else past.growUp(page);
    });
  }

  /** The page after an excerpt; where that reaches the timeline, the two become one. */
  async newer(): Promise<void> {
    const past = this.past.value;
    if (past === null || this.loading.value !== "none") return;
    if (this.meets(past)) return this.join(past);
    await this.paging("newer", (api) => api.after(this.channelId, past.last, PAGE_MESSAGES), (page) => {
      past.growDown(page);
      // An excerpt that was left meanwhile is of no use any more.
      if (this.past.value === past && (!page.hasMore || this.meets(past))) this.join(past);
    });
  }

  /** Back to the end of the channel. */
  toNewest(): void {
    this.turn();
    this.past.value = null;
    this.spotlight.value = null;
  }

  /** Another channel was opened: nothing here is waited for any more. */
  leave(): void {
    this.toNewest();
    this.newAfter.value = null;
    this.root.value = null;
  }

  /** One wants to be somewhere in here; the answer says whether one still does. */
  turn(): () => boolean {
    const turn = (this.turns += 1);
    return () => turn === this.turns;
  }

  /** Far above the end one reads an excerpt: what arrives moves nothing there, and the end stays short. */
  leaveEnd(): void {
    if (this.api === null || this.past.value !== null || this.loading.value !== "none") return;
    this.past.value = new Excerpt({ messages: [...this.messages.value], hasMore: this.hasOlder.value });
    this.trim();
  }

  /** Shows the messages around a position; `false` where they cannot be read, or are not wanted any more. */
  async reach(seq: number, isWanted = this.turn()): Promise<boolean> {
    await this.open();
    await this.settled();
    if (!isWanted() || !this.loaded) return false;
    if (this.past.value?.holds(seq)) return true;
    const first = this.messages.value[0]?.seq;
    if (first === undefined) return false;
    if (seq < first && this.hasOlder.value) return seq < first - REACH_PAGE_MESSAGES ? this.excerpt(seq, isWanted) : this.back(first, isWanted);
    this.past.value = null;
    return true;
  }

  /** One page back, to a message that is near. */
  private async back(first: number, isWanted: () => boolean): Promise<boolean> {
    const isRead = await this.paging("older", (api) => api.history(this.channelId, first, REACH_PAGE_MESSAGES), (page) => this.growUp(page));
    if (!isRead || !isWanted()) return false;
    this.past.value = null;
    return true;
  }

  private async excerpt(seq: number, isWanted: () => boolean): Promise<boolean> {
    const isRead = await this.paging("older", (api) => api.near(this.channelId, seq, AROUND_MESSAGES), (page) => {
      // Whoever went elsewhere meanwhile is not put there.
      if (isWanted()) this.past.value = new Excerpt(page);
    });
    return isRead && isWanted();
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
    this.openedThreads.delete(threadId);
    this.openedThreads.add(threadId);
    for (const id of [...this.openedThreads].slice(0, -OPENED_MAX)) this.openedThreads.delete(id);
    await this.readReplies(threadId, (found) => refresh(this.replies.value.get(threadId) ?? [], found));
  }

  /** After a reload: the thread beside the channel is read again, and what is held of others may have holes. */
  private async readOpenThread(): Promise<void> {
    const root = this.root.value;
    const open = root === null ? undefined : this.threadOf(root.id)?.id;
    this.openedThreads.clear();
    if (open === undefined) return void (this.replies.value = new Map());
    this.openedThreads.add(open);
    this.replies.value = new Map([[open, this.replies.value.get(open) ?? []]]);
    await this.readReplies(open, (found) => found);
  }

  private async readReplies(threadId: Id, put: (found: Timeline) => Timeline): Promise<void> {
    await this.reading((api) => api.threadMessages(threadId), (messages) => {
      const root = this.threads.value.get(threadId)?.root_message_id;
      this.putReplies(threadId, put(messages.filter((message) => message.id !== root)));
    });
  }

  /** What is known stays where they cannot be read; what was put since they were asked for is newer than the list. */
  private async readThreads(): Promise<void> {
    const before = this.threads.value;
    const { generation } = this;
    const found = await this.api?.threads(this.channelId).catch(() => undefined);
    if (found === undefined || generation !== this.generation) return;
    const threads = new Map(this.threads.value);
    for (const thread of found) {
      if (threads.get(thread.id) === before.get(thread.id)) threads.set(thread.id, thread);
    }
    this.threads.value = threads;
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
    for (const heard of this.listening) heard.push(frame);
    this.take(frame);
  }

  private take(frame: LogFrame): void {
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

  /** A page of the log is read, one at a time. */
  private async paging(what: "first" | "older" | "newer", ask: (api: Api) => Promise<HistoryPage>, put: (page: HistoryPage) => void): Promise<boolean> {
    const { generation } = this;
    this.loading.value = what;
    const isRead = await this.reading(ask, put);
    // Otherwise somebody else is reading by now.
    if (generation === this.generation) this.loading.value = isRead || what !== "first" ? "none" : "failed";
    return isRead;
  }

  /** `false`: it could not be read, or what was asked for belongs to a timeline that was begun anew meanwhile. */
  private async reading<T>(ask: (api: Api) => Promise<T>, put: (found: T) => void): Promise<boolean> {
    if (this.api === null) return false;
    const { generation } = this;
    const meanwhile: LogFrame[] = [];
    this.listening.add(meanwhile);
    try {
      const found = await ask(this.api);
      if (generation !== this.generation) return false;
      put(found);
      for (const frame of meanwhile) this.takeAgain(frame);
      return true;
    } catch {
      return false;
    } finally {
      this.listening.delete(meanwhile);
    }
  }

  /** Over a page that may or may not contain it already: every change here is idempotent. */
  private takeAgain(frame: LogFrame): void {
    if (frame.type !== "new_message" && frame.type !== "llm_response") return this.take(frame);
    const message = wholeMessage(frame.message, this.me);
    if (this.find(message.id) === undefined) this.put([message]);
  }
}
