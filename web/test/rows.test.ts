import { expect, test } from "vitest";
import { begin } from "../src/state/ask/progress";
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

test("a question stands at the end under its answer's key, and leaves when the answer is there", () => {
  const questions = [begin({ job: "j1", channel: "c1", thread: null, question: "How many?", connection: null, mine: true }, 0)];
  const reply = message(3, { message_type: "llm_response", client_message_id: "j1" });
  const waiting = rowsOf({ ...base, messages: [message(1), message(2)], questions });
  const answered = rowsOf({ ...base, messages: [message(1), message(2), reply], questions });
  expect(kinds(waiting)).toEqual(["start", "day", "message", "message", "question"]);
  expect(kinds(answered)).toEqual(["start", "day", "message", "message", "message"]);
  expect(waiting.at(-1)?.key).toBe(answered.at(-1)?.key);
});

test("an answer never continues the row above", () => {
  const answers = [1, 2].map((seq) => message(seq, { message_type: "llm_response", client_message_id: `j${seq}` }));
  const rows = rowsOf({ ...base, messages: answers });
  expect(rows.flatMap((row) => (row.kind === "message" ? [row.joined] : []))).toEqual([false, false]);
});
