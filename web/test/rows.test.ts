import { expect, test } from "vitest";
import { begin } from "../src/state/ask/progress";
import { RowBuilder, rowsOf } from "../src/state/rows";
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

test("rows that grow message by message are those of a list made at once", () => {
  const all = Array.from({ length: 60 }, (_, index) =>
    message(index + 1, { author_id: index % 7 === 0 ? ME : `a${index % 3}`, created_at: new Date(Date.UTC(2026, 4, 12, index, (index * 7) % 60)).toISOString() }),
  );
  const builder = new RowBuilder();
  for (let count = 0; count <= all.length; count += 1) {
    const input = { ...base, messages: all.slice(0, count), newAfter: 20, hasOlder: count % 2 === 0 && count < 10 };
    expect(builder.of(input)).toEqual(rowsOf(input));
  }
});

test("a row whose message did not change stays the same object, whatever happens around it", () => {
  const builder = new RowBuilder();
  const messages = [message(1), message(2), message(3)];
  const before = builder.of({ ...base, messages });
  const after = builder.of({ ...base, messages: [message(1), { ...message(2), content: "edited" }, messages[2] ?? message(3), message(4)], hasOlder: true });
  expect(after.filter((row) => before.includes(row))).toEqual([before[4]]);
  const grown = builder.of({ ...base, messages: [...messages, message(4)] });
  expect(before.slice(2).every((row) => grown.includes(row))).toBe(true);
});
