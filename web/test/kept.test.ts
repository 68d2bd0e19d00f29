// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keptFrom, recall, snapshotOf } from "../src/state/kept";
import { Workspace } from "../src/state/workspace";
import type { Api } from "../src/wire/api";
import type { Bootstrap, Channel } from "../src/wire/types";
import { CHANNEL, ME, message } from "./messages";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const channel = (lastSeq: number, change: Partial<Channel> = {}): Channel => ({
  id: CHANNEL,
  name: "harbour",
  kind: "public",
  last_seq: lastSeq,
  gen: "g",
  unread_count: 0,
  membership: { channel_id: CHANNEL, user_id: ME, role: "member", last_read_seq: lastSeq },
  ...change,
});
const bootstrap = (held: Channel): Bootstrap => ({ user: { id: ME, username: "mara" }, org: null, channels: [held], users: [] });

/** A workspace that is never connected; its API answers what a test gives it. */
function spaceOf(start: Bootstrap, api: Partial<Api> = {}): Workspace {
  return new Workspace({ ...api } as Api, start, null, () => undefined);
}

function hears(space: Workspace, ...seqs: number[]): void {
  const { feed } = space as unknown as { feed: { receive(frame: unknown): void } };
  for (const seq of seqs) feed.receive({ type: "new_message", channel_id: CHANNEL, seq, gen: "g", message: message(seq) });
}

const shown = (space: Workspace): number[] => space.conversation(CHANNEL).messages.value.map((held) => held.seq);

test("a snapshot resumes from where it is complete, so that nothing above a hole is taken as seen", () => {
  const space = spaceOf(bootstrap(channel(2)));
  space.conversation(CHANNEL).put([message(1), message(2)]);
  space.conversation(CHANNEL).loaded = true;
  hears(space, 3, 5);
  const kept = snapshotOf(space, new Date(0));
  expect(kept.bootstrap.channels[0]?.last_seq).toBe(3);

  const later = spaceOf(kept.bootstrap);
  recall(later, structuredClone(kept));
  expect(later.positions.contiguous(CHANNEL)).toBe(3);
  hears(later, 4, 5, 6);
  expect(shown(later)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the newest messages are kept, and the data behind answers is not", () => {
  const space = spaceOf(bootstrap(channel(300)));
  const all = Array.from({ length: 300 }, (_, index) => message(index + 1));
  all[299] = message(300, { message_type: "llm_response", llm_context: { restricted: true } as never });
  space.conversation(CHANNEL).put(all);
  space.conversation(CHANNEL).hasOlder.value = false;
  space.conversation(CHANNEL).loaded = true;
  const [held] = snapshotOf(space, new Date(0)).conversations;
  expect(held?.messages).toHaveLength(80);
  expect(held?.messages.at(-1)?.seq).toBe(300);
  expect(held?.messages.at(-1)?.llm_context).toBeNull();
  expect(held?.hasOlder).toBe(true);
});

test("a channel whose log was missed in part is not kept before it was read again, and is read again without being asked", async () => {
  let fails = true;
  const read = (): Promise<unknown> => (fails ? Promise.reject(new Error("unreachable")) : Promise.resolve({ messages: [message(50), message(51)], hasMore: true }));
  const api = { history: read, threads: () => Promise.resolve([]), channel: () => Promise.reject(new Error("unreachable")) } as unknown as Api;
  const space = spaceOf(bootstrap(channel(2)), api);
  space.conversation(CHANNEL).put([message(1), message(2)]);
  space.conversation(CHANNEL).loaded = true;
  space.openChannel.value = CHANNEL;
  space.linkState.value = "ready";
  const { feed } = space as unknown as { feed: { receive(frame: unknown): void } };
  feed.receive({ type: "resync", channel_id: CHANNEL, head_seq: 50, gen: "g" });
  await vi.advanceTimersByTimeAsync(0);
  hears(space, 51);
  expect(snapshotOf(space, new Date(0)).conversations).toEqual([]);
  fails = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shown(space)).toEqual([50, 51]);
  expect(snapshotOf(space, new Date(0)).conversations).toHaveLength(1);
  space.close();
});

test("what is of another shape is not shown", () => {
  expect(keptFrom(undefined)).toBeNull();
  expect(keptFrom({ shape: 0, bootstrap: {}, conversations: [] })).toBeNull();
  expect(keptFrom({ shape: 1, conversations: [] })).toBeNull();
  expect(keptFrom(structuredClone(snapshotOf(spaceOf(bootstrap(channel(1))), new Date(0))))).not.toBeNull();
});

test("after a time away the server's counts are believed, and a replay does not count twice", async () => {
  const answer = bootstrap(channel(5, { unread_count: 3, membership: { channel_id: CHANNEL, user_id: ME, role: "member", last_read_seq: 2 } }));
  const space = spaceOf(bootstrap(channel(2)), { bootstrap: () => Promise.resolve(answer) });
  space.asOf.value = new Date(0).toISOString();
  const inner = space as unknown as { catchUpLooseState(): Promise<void> };
  hears(space, 3);
  await inner.catchUpLooseState();
  hears(space, 4, 5, 6);
  expect(space.channels.get(CHANNEL)?.unread_count).toBe(4);
  expect(space.asOf.value).toBeNull();
});

test("what was read here while the server was away stays read, and the server hears of it", async () => {
  const answer = bootstrap(channel(5, { unread_count: 3, membership: { channel_id: CHANNEL, user_id: ME, role: "member", last_read_seq: 2 } }));
  const space = spaceOf(bootstrap(channel(5)), { bootstrap: () => Promise.resolve(answer) });
  const told = vi.spyOn(space.link, "tell");
  await (space as unknown as { catchUpLooseState(): Promise<void> }).catchUpLooseState();
  expect(space.channels.get(CHANNEL)?.unread_count).toBe(0);
  expect(told).toHaveBeenCalledWith({ type: "mark_read", channel_id: CHANNEL, seq: 5 });
});

test("a channel that one was taken out of meanwhile is gone", async () => {
  const gone = (): Promise<never> => Promise.reject(new Error("not found"));
  const space = spaceOf(bootstrap(channel(5, { kind: "private" })), { bootstrap: () => Promise.resolve({ ...bootstrap(channel(5)), channels: [] }), history: gone, threads: gone });
  space.openChannel.value = CHANNEL;
  await (space as unknown as { catchUpLooseState(): Promise<void> }).catchUpLooseState();
  expect(space.channels.all()).toEqual([]);
  expect(space.openChannel.value).toBeNull();
});
