// @vitest-environment jsdom
/** A jump takes a while: whoever goes elsewhere meanwhile is not pulled back. */

import { expect, test } from "vitest";
import { openChannel } from "../src/state/actions";
import { jumpTo, jumpToAddress } from "../src/state/jump";
import { Workspace } from "../src/state/workspace";
import type { Api } from "../src/wire/api";
import type { Channel, Message } from "../src/wire/types";
import { ME, message } from "./messages";

const channel = (id: string): Channel => ({ id, name: id, kind: "public", last_seq: 5_000, gen: "g", unread_count: 0, membership: { channel_id: id, user_id: ME, role: "member", last_read_seq: 5_000 } });

/** A place of three channels, whose server answers for a single message, or a page far back, when told to. */
function place(): { space: Workspace; answers: { message(found: Message): void; near(): void } } {
  const answers = { message: (_: Message): void => undefined, near: (): void => undefined };
  const api = {
    history: () => Promise.resolve({ messages: [message(4_999), message(5_000)], hasMore: true }),
    threads: () => Promise.resolve([]),
    near: (_: string, seq: number) => new Promise((resolve) => (answers.near = () => resolve({ messages: [message(seq)], hasMore: true }))),
    message: () => new Promise((resolve) => (answers.message = resolve)),
    beside: { pins: () => Promise.resolve([]) },
  } as unknown as Api;
  const space = new Workspace(api, { user: { id: ME, username: "mara" }, org: null, channels: ["a", "b", "c"].map(channel), users: [] }, null, () => undefined);
  openChannel(space, "a");
  return { space, answers };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("to a link, when another channel was opened before its message was read", async () => {
  const { space, answers } = place();
  const jump = jumpToAddress(space, "b/m7");
  await settle();
  openChannel(space, "c");
  answers.message(message(7, { channel_id: "b" }));
  expect(await jump).toBe(true);
  expect(space.openChannel.value).toBe("c");
});

test("to a message far back, when another channel was opened before its page was read", async () => {
  const { space, answers } = place();
  const jump = jumpTo(space, message(7, { channel_id: "b" }));
  await settle();
  openChannel(space, "c");
  answers.near();
  expect(await jump).toBe(true);
  expect(space.openChannel.value).toBe("c");
  const left = space.conversation("b");
  expect([left.past.value, left.spotlight.value]).toEqual([null, null]);
});

test("to a message, when a later jump has overtaken it", async () => {
  const { space, answers } = place();
  const first = jumpToAddress(space, "b/m7");
  await settle();
  const { message: late } = answers;
  const second = jumpTo(space, message(5_000, { channel_id: "b" }));
  expect(await second).toBe(true);
  late(message(7, { channel_id: "b" }));
  expect(await first).toBe(true);
  expect(space.conversation("b").spotlight.value?.seq).toBe(5_000);
});
