/** How results are written, sorted, traced and coloured. */

import { describe, expect, test } from "vitest";
import { duration, nextSorting, sortRows, writerOf } from "../src/state/ask/cells";
import { marksIn, uncheckedCount } from "../src/state/ask/numbers";
import { layOut, offsetOf, partsOf, wordAt } from "../src/state/ask/sql";
import type { Cell, Column } from "../src/wire/data/types";
import { answer } from "./answers";

const column = (type: Column["type"], name = "value"): Column => ({ name, type });
const written = (held: Column, values: Cell[]): string[] => values.map(writerOf(held, values, "en"));

describe("a value", () => {
  test("numbers of a column have the same digits and groups", () => {
    expect(written(column("decimal"), [1234.5, 2, null])).toEqual(["1,234.50", "2.00", ""]);
    expect(written(column("float"), [1 / 3, 0.5])).toEqual(["0.3333", "0.5000"]);
    expect(written(column("float"), [10 / 3])).toEqual(["3.33"]);
  });

  test("a year and an id are names, not amounts", () => {
    expect(written(column("integer", "year"), [2026])).toEqual(["2026"]);
    expect(written(column("integer", "customer_id"), [10421])).toEqual(["10421"]);
    expect(written(column("integer", "paid"), [10421])).toEqual(["10,421"]);
  });

  test("digits that a double would lose stay", () => {
    expect(written(column("integer"), ["9007199254740993"])).toEqual(["9,007,199,254,740,993"]);
    expect(written(column("decimal"), ["0.12345678901234567890"])).toEqual(["0.12345678901234567890"]);
  });

  test("days are days in every zone, and what is no day stays as it is", () => {
    expect(written(column("date"), ["2026-04-27", "soon"])).toEqual(["Apr 27, 2026", "soon"]);
  });

  test("a time says how long in few letters", () => {
    expect([4, 410, 2_600, 31_000, 360_000].map(duration)).toEqual(["0.01 s", "0.41 s", "2.6 s", "31 s", "6 min"]);
  });
});

describe("sorting", () => {
  const columns = [column("text", "name"), column("integer")];
  const rows: Cell[][] = [["b", 2], ["a", 10], ["c", null], ["a", 9]];
  const shown = (by: Parameters<typeof sortRows>[2]): number[] => sortRows(rows, columns, by).map((row) => row.index);

  test("numbers as numbers, the empty last either way, equals in their first order", () => {
    expect(shown({ column: 1, descending: true })).toEqual([1, 3, 0, 2]);
    expect(shown({ column: 1, descending: false })).toEqual([0, 3, 1, 2]);
    expect(shown({ column: 0, descending: false })).toEqual([1, 3, 0, 2]);
    expect(shown(null)).toEqual([0, 1, 2, 3]);
  });

  test("a first press shows the largest or the first, a third undoes", () => {
    const first = nextSorting(null, 1, true);
    const second = nextSorting(first, 1, true);
    expect([first, second, nextSorting(second, 1, true)]).toEqual([{ column: 1, descending: true }, { column: 1, descending: false }, null]);
    expect(nextSorting(first, 0, false)).toEqual({ column: 0, descending: false });
  });
});

describe("numbers in words", () => {
  test("those in the result are traced to their cell, rounded as they are said", () => {
    const marks = marksIn("Strings made €1,841, reissues 1,612.00.", answer());
    expect(marks.map((mark) => mark.place)).toEqual([{ row: 0, column: 1 }, { row: 1, column: 1 }]);
  });

  test("those that the server did not find are marked, however they are written", () => {
    const held = answer({ unchecked_numbers: ["30%", "1,612"] });
    expect(marksIn("About 30% of 1612", held).map((mark) => mark.place)).toEqual([null, null]);
    expect(uncheckedCount(held)).toBe(2);
  });

  test("parts of dates and of names are no numbers, and small counts are left alone", () => {
    const held = answer({ query_result_preview: { columns: ["n"], rows: [[27], [3], [2026]] } });
    expect(marksIn("On 2026-04-27 the 3 best were LP27", held)).toEqual([]);
  });
});

describe("SQL", () => {
  const kinds = (sql: string): string[] => partsOf(sql).filter((part) => part.text.trim() !== "").map((part) => `${part.kind} ${part.text.trim()}`);

  test("keeps every character", () => {
    const sql = "SELECT 'it''s', \"a b\" -- why\nFROM [odd name] /* open";
    expect(partsOf(sql).map((part) => part.text).join("")).toBe(sql);
  });

  test("knows words, texts, numbers, functions and comments", () => {
    expect(kinds("select sum(total) from orders where name = 'select 1' and n > 1.5 -- end")).toEqual([
      "key select", "function sum", "plain (total)", "key from", "plain orders", "key where", "plain name =",
      "text 'select 1'", "key and", "plain n >", "number 1.5", "comment -- end",
    ]);
  });

  test("written on one line is laid over several, and stays the same statement", () => {
    const sql = "SELECT a.x, (SELECT max(y) FROM b WHERE b.id = a.id) FROM a LEFT OUTER JOIN c ON c.id = a.id WHERE a.name = 'from where' GROUP BY 1 ORDER BY 2 LIMIT 5";
    expect(layOut(sql).split("\n")).toEqual([
      "SELECT a.x, (SELECT max(y) FROM b WHERE b.id = a.id)",
      "FROM a",
      "LEFT OUTER JOIN c ON c.id = a.id",
      "WHERE a.name = 'from where'",
      "GROUP BY 1",
      "ORDER BY 2",
      "LIMIT 5",
    ]);
    expect(layOut(sql).replace(/\n/g, " ")).toBe(sql);
    expect(layOut("SELECT 1 FROM a")).toBe("SELECT 1 FROM a");
    expect(layOut(`${sql}\n-- mine`)).toBe(`${sql}\n-- mine`);
  });

  test("finds a place by its line and column", () => {
    const sql = "SELECT 1\nFROM salaries AS s";
    expect(wordAt(sql, offsetOf(sql, 2, 6))).toBe("salaries");
    expect(offsetOf(sql, 9, 1)).toBe(sql.length);
  });
});
