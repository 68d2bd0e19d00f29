/** Some of the log was missed: what is shown and kept in the end has no hole, whatever fails or crosses on the way. */

import { expect, test } from "vitest";
import { Conversation } from "../src/state/conversation";
import type { Api, HistoryPage } from "../src/wire/api";
import type { Message, Thread } from "../src/wire/types";
import { CHANNEL, ME, message } from "./messages";

interface Asked {
  what: string;
  answer(found: unknown): void;
  fail(): void;
}

/** A server that answers each question when it is told to, in any order. */
class Server {
  readonly asked: Asked[] = [];
  readonly api = {
    history: (_: string, before: number | null) => this.ask(`before ${before}`),
    after: (_: string, seq: number) => this.ask(`after ${seq}`),
    near: (_: string, seq: number) => this.ask(`around ${seq}`),
    threads: () => this.ask("threads"),
    thread: (id: string) => this.ask(`thread ${id}`),
    threadMessages: (id: string) => this.ask(`replies ${id}`),
  } as unknown as Api;

  private ask(what: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.asked.push({ what, answer: resolve, fail: () => reject(new Error("unreachable")) });
    });
  }

  /** The oldest question of this name that has no answer yet. */
  async next(what: string): Promise<Asked> {
    await settle();
    const at = this.asked.findIndex((asked) => asked.what === what);
    const [found] = at === -1 ? [] : this.asked.splice(at, 1);
    if (found === undefined) throw new Error(`nobody asked for ${what}, but for ${this.asked.map((asked) => asked.what).join()}`);
    return found;
  }

  async answer(what: string, found: unknown): Promise<void> {
    (await this.next(what)).answer(found);
    await settle();
  }

  async fail(what: string): Promise<void> {
    (await this.next(what)).fail();
    await settle();
  }

  asksFor(what: string): boolean {
    return this.asked.some((asked) => asked.what === what);
  }
}

/** Whatever was promised is here. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const page = (from: number, to: number, hasMore = true): HistoryPage => ({ messages: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)), hasMore });
const live = (seq: number, change: Partial<Message> = {}) => ({ type: "new_message" as const, channel_id: CHANNEL, seq, gen: 1, message: message(seq, change) });
const seqs = (conversation: Conversation): number[] => conversation.messages.value.map((held) => held.seq);
const thread = (id: string, count: number): Thread => ({ id, channel_id: CHANNEL, root_message_id: `root ${id}`, message_count: count, participant_count: 1, created_at: "", updated_at: "" });

async function opened(server: Server, threads: Thread[] = []): Promise<Conversation> {
  const conversation = new Conversation(CHANNEL, server.api, ME);
  void conversation.open();
  await server.answer("before null", page(1, 5));
  await server.answer("threads", threads);
  expect(conversation.loaded).toBe(true);
  return conversation;
}

test("a reload that fails leaves no hole: it counts as not read, and the next page stands alone", async () => {
  const server = new Server();
  const conversation = await opened(server);
  void conversation.reload();
  expect(conversation.loaded).toBe(false);
  await server.fail("before null");
  await server.answer("threads", []);
  expect(conversation.loading.value).toBe("failed");
  conversation.apply(live(101));
  expect(conversation.loaded).toBe(false);
  void conversation.open();
  await server.answer("before null", page(60, 101));
  await server.answer("threads", []);
  expect(seqs(conversation)).toEqual(page(60, 101).messages.map((held) => held.seq));
  expect(conversation.loaded).toBe(true);
});

test("what arrived in a channel that nobody opened is let go where some of its log was missed", async () => {
  const server = new Server();
  const conversation = new Conversation(CHANNEL, server.api, ME);
  conversation.apply(live(11));
  await conversation.reload();
  conversation.apply(live(101));
  void conversation.open();
  await server.answer("before null", page(60, 101));
  expect(seqs(conversation)[0]).toBe(60);
});

test("a page that was asked for before a reload is put onto nothing", async () => {
  const server = new Server();
  const conversation = await opened(server);
  void conversation.older();
  const old = await server.next("before 1");
  void conversation.reload();
  await server.answer("before null", page(60, 100));
  await server.answer("threads", []);
  old.answer(page(-49, 0));
  await settle();
  expect(seqs(conversation)[0]).toBe(60);
  expect(conversation.loading.value).toBe("none");
});

test("a page on the way to a message is put onto nothing after a reload, and the newest page is read all the same", async () => {
  const server = new Server();
  const conversation = await opened(server);
  const reached = conversation.reach(-20);
  const old = await server.next("before 1");
  void conversation.reload();
  old.answer(page(-199, 0));
  expect(await reached).toBe(false);
  expect(conversation.loading.value).toBe("first");
  await server.answer("before null", page(60, 100));
  expect(seqs(conversation)[0]).toBe(60);
});

test("a reload while the first page is being read reads once more", async () => {
  const server = new Server();
  const conversation = new Conversation(CHANNEL, server.api, ME);
  void conversation.open();
  const old = await server.next("before null");
  void conversation.reload();
  await server.answer("before null", page(60, 100));
  old.answer(page(1, 5));
  await settle();
  expect(seqs(conversation)[0]).toBe(60);
});

test("what arrives while two pages are read is put over the one that comes last as well", async () => {
  const server = new Server();
  const conversation = await opened(server);
  void conversation.older();
  void conversation.openThread("t1");
  await server.answer("before 1", page(-49, 0));
  conversation.apply({ type: "message_deleted", channel_id: CHANNEL, seq: 7, gen: 1, message_id: "m6" });
  await server.answer("replies t1", [message(6, { thread_id: "t1" })]);
  expect(conversation.replies.value.get("t1")?.[0]?.is_deleted).toBe(true);
});

test("threads stay where they cannot be read, and one that was put meanwhile is newer than the list", async () => {
  const server = new Server();
  const conversation = await opened(server, [thread("a", 1), thread("b", 1)]);
  void conversation.open(true);
  await server.answer("before null", page(1, 5));
  await server.fail("threads");
  expect([...conversation.threads.value.keys()]).toEqual(["a", "b"]);
  void conversation.open(true);
  conversation.putThread(thread("b", 3));
  conversation.putThread(thread("c", 1));
  await server.answer("before null", page(1, 5));
  await server.answer("threads", [thread("a", 2), thread("b", 2)]);
  expect([...conversation.threads.value.values()].map((held) => [held.id, held.message_count])).toEqual([["a", 2], ["b", 3], ["c", 1]]);
});

test("after a reload only the thread beside the channel is read again, and the others are let go", async () => {
  const server = new Server();
  const conversation = await opened(server, [thread("t1", 1), thread("t2", 1)]);
  for (const id of ["t1", "t2"]) {
    void conversation.openThread(id);
    await server.answer(`replies ${id}`, [message(id === "t1" ? 6 : 7, { thread_id: id })]);
  }
  conversation.put([message(8, { thread_id: "t3" })]);
  conversation.root.value = message(1, { id: "root t2" });
  void conversation.reload();
  await server.answer("before null", page(60, 100));
  await server.answer("threads", []);
  expect(server.asksFor("replies t1")).toBe(false);
  expect(server.asksFor("replies t3")).toBe(false);
  conversation.apply(live(102, { thread_id: "t2" }));
  await server.answer("replies t2", [message(90, { thread_id: "t2" })]);
  expect([...conversation.replies.value].map(([id, replies]) => [id, replies.map((held) => held.seq)])).toEqual([["t2", [90, 102]]]);
});

test("threads that were opened are held, but not all of them for ever", async () => {
  const server = new Server();
  const conversation = await opened(server);
  for (let count = 0; count < 300; count += 1) {
    void conversation.openThread(`t${count}`);
    await server.answer(`replies t${count}`, [message(count + 10, { thread_id: `t${count}` })]);
  }
  expect(conversation.replies.value.size).toBeLessThanOrEqual(70);
  expect(conversation.replies.value.has("t299")).toBe(true);
});

test("who went back to the end, or left, while a page far back was read stays there", async () => {
  const server = new Server();
  const conversation = await opened(server);
  for (const goes of [() => conversation.toNewest(), () => conversation.leave()]) {
    const reached = conversation.reach(-5_000);
    const found = await server.next("around -5000");
    goes();
    found.answer(page(-5_030, -4_970));
    expect(await reached).toBe(false);
    expect(conversation.past.value).toBeNull();
  }
  const reached = conversation.reach(-5_000);
  await server.answer("around -5000", page(-5_030, -4_970));
  expect(await reached).toBe(true);
  conversation.spotlight.value = message(-5_000);
  conversation.leave();
  expect([conversation.past.value, conversation.spotlight.value]).toEqual([null, null]);
});
