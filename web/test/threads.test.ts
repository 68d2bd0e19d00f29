/** What is known of a thread while it is only a line below its root. */

import { expect, test } from "vitest";
import { Conversation } from "../src/state/conversation";
import type { Message, Thread } from "../src/wire/types";
import { CHANNEL, ME, message } from "./messages";

const THREAD: Thread = {
  id: "t1",
  channel_id: CHANNEL,
  root_message_id: "m1",
  message_count: 3,
  participant_count: 3,
  recent_participants: ["ann", "ben", "carl"],
  created_at: "2026-05-12T12:00:00.000Z",
  updated_at: "2026-05-12T12:00:00.000Z",
};

const reply = (seq: number, author_id: string): Message => ({ ...message(seq), thread_id: THREAD.id, author_id });

test("who answers comes first among the faces of a thread, and there are three at most", () => {
  const conversation = new Conversation(CHANNEL, null, ME);
  conversation.putThread(THREAD);
  const faces = (): readonly string[] | undefined => conversation.threadOf("m1")?.recent_participants;
  conversation.receive(reply(5, "ben"));
  expect(faces()).toEqual(["ben", "ann", "carl"]);
  conversation.receive(reply(6, "dora"));
  expect(faces()).toEqual(["dora", "ben", "ann"]);
  conversation.receive(reply(6, "dora"));
  expect(conversation.threadOf("m1")?.message_count).toBe(5);
});

test("a thread of an older server gets faces by what is written", () => {
  const conversation = new Conversation(CHANNEL, null, ME);
  const { recent_participants: _, ...older } = THREAD;
  conversation.putThread(older);
  conversation.receive(reply(5, "ben"));
  expect(conversation.threadOf("m1")?.recent_participants).toEqual(["ben"]);
});
