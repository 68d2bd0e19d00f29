import { expect, test } from "vitest";
import { heightOf } from "../src/components/row-height";
import { rowsOf } from "../src/state/rows";
import { message, ME } from "./messages";

const heights = (contents: string[]): number[] =>
  rowsOf({ messages: contents.map((content, index) => message(index + 1, { content, author_id: `a${index}` })), pending: [], newAfter: null, me: ME, hasOlder: false })
    .filter((row) => row.kind === "message")
    .map(heightOf);

test("a longer text is guessed higher, and lines count one by one", () => {
  const [short = 0, long = 0, lines = 0] = heights(["short", "long ".repeat(60), "a\nb\nc\nd\ne"]);
  expect(short).toBe(54);
  expect(long).toBe(short + 2 * 22);
  expect(lines).toBe(short + 4 * 22);
});

test("what hangs on a message has its height, and a deleted one has one line", () => {
  const reaction = { "👍": { count: 1, users: ["x"], mine: false } };
  const rows = rowsOf({ messages: [message(1), message(2, { author_id: "b", reactions: reaction }), message(3, { author_id: "c", content: "long ".repeat(400), is_deleted: true })], pending: [], newAfter: null, me: ME, hasOlder: false });
  const [plain = 0, reacted = 0, gone = 0] = rows.filter((row) => row.kind === "message").map(heightOf);
  expect(reacted).toBeGreaterThan(plain);
  expect(gone).toBe(plain);
});

test("rows that are not there have a height all the same: the list asks for one as it shrinks", () => {
  expect(heightOf(undefined)).toBeGreaterThan(0);
});
