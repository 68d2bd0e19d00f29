import { expect, test } from "vitest";
import { Conversation } from "../src/state/conversation";
import { firstSince } from "../src/state/day";
import type { Api, HistoryPage } from "../src/wire/api";
import type { Message } from "../src/wire/types";
import { dayOf } from "../src/views/jump-day";
import { CHANNEL, ME, message } from "./messages";

/** A server with a channel of so many messages, at positions that leave holes for what is no message. */
function channelOf(count: number): { api: Api; all: Message[]; asked: string[] } {
  const all = Array.from({ length: count }, (_, index) => message(index * 2 + 1));
  const asked: string[] = [];
  const page = (name: string, from: number, to: number, hasMore: boolean): Promise<HistoryPage> => {
    asked.push(name);
    return Promise.resolve({ messages: all.slice(Math.max(from, 0), to), hasMore });
  };
  const at = (seq: number): number => {
    const place = all.findIndex((held) => held.seq >= seq);
    return place === -1 ? all.length : place;
  };
  const api = {
    threads: () => Promise.resolve([]),
    history: (_: string, before: number | null, limit = 50) => {
      const end = before === null ? all.length : at(before);
      return page(`before ${before}`, end - limit, end, end > limit);
    },
    after: (_: string, seq: number, limit: number) => {
      const begin = at(seq + 1);
      return page(`after ${seq}`, begin, begin + limit, begin + limit < all.length);
    },
    near: (_: string, seq: number, limit: number) => {
      const place = at(seq);
      return page(`around ${seq}`, place - limit / 2, place + limit / 2, place > limit / 2);
    },
  } as unknown as Api;
  return { api, all, asked };
}

const seqs = (conversation: Conversation): number[] => conversation.shown.value.map((held) => held.seq);
const frame = (held: Message) => ({ type: "new_message" as const, channel_id: CHANNEL, seq: held.seq, gen: 1, message: held });

test("a message far back is reached by one page around it, whatever lies between", async () => {
  const { api, all, asked } = channelOf(10_000);
  const conversation = new Conversation(CHANNEL, api, ME);
  const wanted = all[1_000]?.seq ?? 0;
  expect(await conversation.reach(wanted)).toBe(true);
  expect(seqs(conversation)).toContain(wanted);
  expect(asked).toEqual(["before null", `around ${wanted}`]);
});

test("a message that is near is reached without leaving the end", async () => {
  const { api, all } = channelOf(300);
  const conversation = new Conversation(CHANNEL, api, ME);
  expect(await conversation.reach(all[200]?.seq ?? 0)).toBe(true);
  expect(conversation.past.value).toBeNull();
  expect(seqs(conversation)).toContain(all[200]?.seq);
  expect(seqs(conversation).at(-1)).toBe(all.at(-1)?.seq);
});

test("an excerpt grows on both sides until it meets the end, and no message is missing", async () => {
  const { api, all } = channelOf(400);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.reach(all[100]?.seq ?? 0);
  expect(conversation.past.value).not.toBeNull();
  const fresh = message(all.length * 2 + 1);
  conversation.apply(frame(fresh));
  expect(seqs(conversation)).not.toContain(fresh.seq);
  for (let pages = 0; pages < 20 && conversation.past.value !== null; pages += 1) await conversation.newer();
  expect(conversation.past.value).toBeNull();
  while (conversation.shownHasOlder.value) await conversation.older();
  expect(seqs(conversation)).toEqual([...all.map((held) => held.seq), fresh.seq]);
});

test("a change reaches a message in the excerpt, and stays after the two have met", async () => {
  const { api, all } = channelOf(400);
  const conversation = new Conversation(CHANNEL, api, ME);
  const wanted = all[100] ?? message(0);
  await conversation.reach(wanted.seq);
  conversation.apply({ type: "message_deleted", channel_id: CHANNEL, seq: 900, gen: 1, message_id: wanted.id });
  expect(conversation.find(wanted.id)?.is_deleted).toBe(true);
  for (let pages = 0; pages < 20 && conversation.past.value !== null; pages += 1) await conversation.newer();
  expect(conversation.find(wanted.id)?.is_deleted).toBe(true);
});

test("the first message of a day is found in a few questions", async () => {
  const { api, all, asked } = channelOf(10_000);
  const wanted = all[6_180] ?? message(0);
  const found = await firstSince(api, CHANNEL, all.length * 2, new Date(wanted.created_at));
  expect(found?.seq).toBe(wanted.seq);
  expect(asked.length).toBeLessThanOrEqual(16);
  expect((await firstSince(api, CHANNEL, all.length * 2, new Date(0)))?.seq).toBe(1);
  expect(await firstSince(api, CHANNEL, all.length * 2, new Date(Date.UTC(2100, 0)))).toBeNull();
});

test("a month before the 31st is the last day of a shorter month", () => {
  expect(dayOf("month", new Date(2026, 4, 31)).toDateString()).toBe(new Date(2026, 3, 30).toDateString());
  expect(dayOf("month", new Date(2026, 0, 12)).toDateString()).toBe(new Date(2025, 11, 12).toDateString());
});

test("at the end of a channel that is never silent the list stays bounded, and older ones can be read again", async () => {
  const { api } = channelOf(100);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  for (let seq = 201; seq <= 3_000; seq += 1) conversation.apply(frame(message(seq)));
  expect(conversation.messages.value.length).toBeLessThanOrEqual(1_200);
  expect(conversation.messages.value.at(-1)?.seq).toBe(3_000);
  expect(conversation.hasOlder.value).toBe(true);
});

test("who reads further up keeps what is read: in the end it is an excerpt", async () => {
  const { api } = channelOf(100);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  conversation.readingUp = true;
  const first = conversation.messages.value[0]?.seq;
  const many = Array.from({ length: 20_001 }, (_, index) => message(index + 201));
  conversation.put(many);
  expect(conversation.past.value?.messages.value[0]?.seq).toBe(first);
  expect(conversation.messages.value.length).toBeLessThanOrEqual(1_200);
});

test("far above the end nothing moves when messages arrive, and one reads on to them without a question", async () => {
  const { api, all, asked } = channelOf(100);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  conversation.leaveEnd();
  const before = conversation.shown.value;
  const fresh = Array.from({ length: 300 }, (_, index) => message(all.length * 2 + 1 + index));
  for (const one of fresh) conversation.apply(frame(one));
  expect(conversation.shown.value).toBe(before);
  await conversation.newer();
  expect(conversation.past.value).toBeNull();
  expect(seqs(conversation)).toEqual([...before, ...fresh].map((held) => held.seq));
  expect(asked).toEqual(["before null"]);
});

test("who was away from the end while more came than is kept reads all of it, in pages", async () => {
  const { api, all } = channelOf(100);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  conversation.leaveEnd();
  for (let seq = all.length * 2 + 1; seq < 5_000; seq += 2) {
    all.push(message(seq));
    conversation.apply(frame(message(seq)));
  }
  expect(conversation.messages.value.length).toBeLessThanOrEqual(1_200);
  const seen = new Set(seqs(conversation));
  while (conversation.past.value !== null) {
    await conversation.newer();
    for (const seq of seqs(conversation)) seen.add(seq);
  }
  expect([...seen]).toEqual(all.slice(50).map((held) => held.seq));
});

test("a channel of ten thousand is read up and down again without a hole, and only a stretch of it is held", async () => {
  const { api, all } = channelOf(10_000);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  conversation.leaveEnd();
  const places = new Map(all.map((held, index) => [held.seq, index]));
  const look = (): void => {
    const [first, ...others] = seqs(conversation).map((seq) => places.get(seq) ?? NaN);
    expect(others.every((place, index) => place === (first ?? 0) + index + 1)).toBe(true);
    expect(others.length).toBeLessThan(2_000);
  };
  while (conversation.shownHasOlder.value) {
    await conversation.older();
    look();
  }
  expect(seqs(conversation)[0]).toBe(1);
  while (conversation.past.value !== null) {
    look();
    await conversation.newer();
  }
  expect(seqs(conversation).at(-1)).toBe(all.at(-1)?.seq);
  expect(conversation.shownHasOlder.value).toBe(true);
});

test("the root of an open thread is known, and hears of changes, when the list has let it go", async () => {
  const { api, all } = channelOf(100);
  const conversation = new Conversation(CHANNEL, api, ME);
  await conversation.open();
  const root = all.at(-1) ?? message(0);
  conversation.root.value = root;
  for (let seq = 201; seq <= 3_000; seq += 1) conversation.apply(frame(message(seq)));
  expect(conversation.messages.value).not.toContain(root);
  conversation.apply({ type: "message_deleted", channel_id: CHANNEL, seq: 3_001, gen: 1, message_id: root.id });
  expect(conversation.find(root.id)?.is_deleted).toBe(true);
});

test("a guest, who cannot read again what is gone, holds more, but not all", () => {
  const conversation = new Conversation(CHANNEL, null, ME);
  for (let seq = 1; seq <= 10_000; seq += 1) conversation.put([message(seq)]);
  expect(conversation.messages.value.length).toBeLessThanOrEqual(4_200);
  expect(seqs(conversation).at(-1)).toBe(10_000);
});

test("replies of threads that nobody opened are few, and those of an opened one stay", async () => {
  const { api } = channelOf(1);
  const quiet = { ...api, threadMessages: () => Promise.resolve([]), thread: () => Promise.reject(new Error("gone")) } as unknown as Api;
  const conversation = new Conversation(CHANNEL, quiet, ME);
  await conversation.openThread("open");
  conversation.put([message(2, { thread_id: "open" })]);
  for (let thread = 0; thread < 200; thread += 1) conversation.put([message(thread + 10, { thread_id: `t${thread}` })]);
  expect(conversation.replies.value.size).toBeLessThanOrEqual(51);
  expect(conversation.replies.value.get("open")).toHaveLength(1);
});
