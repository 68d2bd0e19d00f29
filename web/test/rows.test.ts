import { expect, test } from "vitest";
import { rowsOf } from "../src/state/rows";
import { message, ME } from "./messages";

const base = { pending: [], newAfter: null, me: ME, hasOlder: false };
const kinds = (rows: ReturnType<typeof rowsOf>): string[] => rows.map((row) => row.kind);

test("the same author within five minutes joins, another does not", () => {
  const messages = [message(1), message(2), message(3, { author_id: "third" })];
  const rows = rowsOf({ ...base, messages });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.joined] : []))).toEqual([false, true, false]);
});

test("a new day has a divider and breaks the joining", () => {
  const messages = [message(1, { created_at: "2026-05-12T10:00:00Z" }), message(2, { created_at: "2026-05-14T10:00:00Z" })];
  expect(kinds(rowsOf({ ...base, messages }))).toEqual(["start", "day", "message", "day", "message"]);
});

test("the New line stands before the first unread message of someone else", () => {
  const messages = [message(1), message(2, { author_id: ME }), message(3)];
  expect(kinds(rowsOf({ ...base, messages, newAfter: 1 }))).toEqual(["start", "day", "message", "message", "new", "message"]);
});

test("a row keeps its key when it goes from sending to sent", () => {
  const entry = {
    client_message_id: "k",
    channel_id: "c1",
    thread_id: null,
    content: "x",
    mentions: [],
    after_seq: 0,
    created_at: "2026-05-12T10:00:00Z",
    state: "sending" as const,
    reason: null,
  };
  const before = rowsOf({ ...base, messages: [], pending: [entry] }).at(-1)?.key;
  const after = rowsOf({ ...base, messages: [message(1, { client_message_id: "k" })] }).at(-1)?.key;
  expect(before).toBe(after);
});

test("the New line is not drawn at the top of a page that has older unread messages above it", () => {
  const messages = [message(51), message(52)];
  expect(kinds(rowsOf({ ...base, messages, newAfter: 3, hasOlder: true }))).not.toContain("new");
  expect(kinds(rowsOf({ ...base, messages, newAfter: 3 }))).toContain("new");
});
