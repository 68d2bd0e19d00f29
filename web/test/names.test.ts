/** Names: of columns as words, and of bars in the room that they have. */

import { describe, expect, test } from "vitest";
import { lookOf } from "../src/components/chart/names";
import { readable } from "../src/state/ask/names";

describe("a column's name", () => {
  test("is read as words", () => {
    const names = ["orders_count", "InvoiceId", "UnitPrice", "TOTAL_SALES", "customer_id", "n", "größe", "q4_2026"];
    expect(names.map(readable)).toEqual(["Orders count", "Invoice ID", "Unit price", "Total sales", "Customer ID", "Count", "Größe", "Q4 2026"]);
  });

  test("stays as it is where it is no plain name", () => {
    const names = ["count(*)", "Net revenue", "share %", "", "__"];
    expect(names.map(readable)).toEqual(names);
  });
});

describe("the names of bars", () => {
  const wide = 500;
  const phone = 330;
  const statuses = ["delivered", "cancelled", "refunded", "shipped", "pending"];

  test("stand beneath them where they fit, and lean where they nearly do", () => {
    expect(lookOf(statuses, false, wide)).toMatchObject({ lying: false, lean: 0, all: true });
    expect(lookOf(statuses, false, phone)).toMatchObject({ lying: false, lean: 40, all: true });
  });

  test("are beside bars that lie down where they are long", () => {
    const titles = ["The Olive Year", "House of Borrowed Wings", "Ash on the Fjord", "One Pot, Six Friends", "A Room Facing North"];
    expect(lookOf(titles, false, wide)).toMatchObject({ lying: true, all: true, widthMax: 220 });
    expect(lookOf(titles, true, phone)).toMatchObject({ lying: true, all: true, widthMax: 149 });
  });

  test("are all there while there are few", () => {
    const months = Array.from({ length: 12 }, (_, month) => `2026-${month + 1}`);
    expect([wide, phone].map((width) => lookOf(months, false, width).all)).toEqual([true, true]);
    expect(lookOf([...months, "2027-01"], false, wide)).toMatchObject({ all: false, lying: false });
  });
});
