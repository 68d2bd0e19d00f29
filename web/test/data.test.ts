/** What charts show, what the schema's tree shows, what forms mean. */

import { describe, expect, test } from "vitest";
import { optionOf } from "../src/components/chart/option";
import type { Palette } from "../src/components/chart/palette";
import { withoutEndedStarts } from "../src/state/ask/audit";
import { guessChart } from "../src/state/ask/guess";
import { plotOf, sentenceOf, slicesOf } from "../src/state/ask/plot";
import { addressOf, sectionAt, type Section } from "../src/state/ask/section";
import { treeRows } from "../src/state/ask/tree";
import { verdictOf } from "../src/state/ask/verdict";
import { nameOfFile, requestOf } from "../src/views/data/fields";
import { tagsOf } from "../src/views/data/saved";
import type { AuditItem, Cell, ChartConfig, Column, Schema, SchemaColumn } from "../src/wire/data/types";
import { Problem } from "../src/wire/problem";
import { answer } from "./answers";

const text = (name: string): Column => ({ name, type: "text" });
const number = (name: string): Column => ({ name, type: "integer" });
const bar = (change: Partial<ChartConfig> = {}): ChartConfig => ({ chart_type: "bar", x_column: "month", y_column: "sold", title: "Sold", ...change });

describe("a plot", () => {
  test("of a split measure has one series for each value, in the order of the rows", () => {
    const columns = [text("month"), text("shop"), number("sold")];
    const rows: Cell[][] = [["May", "web", 5], ["May", "till", 3], ["June", "web", 7]];
    expect(plotOf(bar({ series_column: "shop" }), columns, rows)).toEqual({
      names: ["May", "June"],
      series: [{ name: "web", values: [5, 7] }, { name: "till", values: [3, null] }],
    });
  });

  test("of too many series keeps the largest and sums the others", () => {
    const columns = [text("month"), text("shop"), number("sold")];
    const rows: Cell[][] = Array.from({ length: 10 }, (_, index) => ["May", `shop ${index}`, index + 1]);
    const { series } = plotOf(bar({ series_column: "shop" }), columns, rows);
    expect(series).toHaveLength(8);
    expect(series.at(-1)).toEqual({ name: "Other", values: [1 + 2 + 3] });
  });

  test("of a whole has five slices at most, and they still make the whole", () => {
    const rows: Cell[][] = [1, 2, 3, 4, 5, 6, 7].map((value) => [`m${value}`, value]);
    const slices = slicesOf(plotOf(bar(), [text("month"), number("sold")], rows));
    expect(slices.map((slice) => slice.value)).toEqual([7, 6, 5, 4, 6]);
    expect(slices.at(-1)?.name).toBe("Other");
  });

  test("is said in a sentence with its lowest and highest", () => {
    const { chart_config: chart, columns, query_result_preview: preview } = answer();
    if (chart === null) throw new Error("the answer has a chart");
    const sentence = sentenceOf(chart, columns, preview.rows);
    expect(sentence).toContain("Bar chart: Revenue by product.");
    expect(sentence).toContain("(Reissue LPs)");
    expect(sentence).toContain("(Strings)");
  });

  test("becomes an option that holds values only, and draws tooltips without markup", () => {
    const palette: Palette = { series: ["red"], text: "a", text3: "b", grid: "c", line: "d", raised: "e", overlay: "f", font: "g" };
    const columns = [text("month"), number("sold")];
    const rows: Cell[][] = [["<img src=x>", 1], ["June", 2]];
    for (const chart_type of ["bar", "horizontal_bar", "line", "area", "pie"] as const) {
      const option = optionOf({ config: bar({ chart_type }), columns, rows }, palette, 480);
      expect(option["tooltip"]).toMatchObject({ renderMode: "richText" });
    }
  });
});

describe("a chart for rows that came without one", () => {
  const title = (y: string, x: string): string => `${y} by ${x}`;

  test("is a line over time, bars over names, and none where nothing is measured", () => {
    expect(guessChart([{ name: "day", type: "date" }, number("sold")], [["2026-01-01", 1], ["2026-01-02", 2]], title)?.chart_type).toBe("line");
    expect(guessChart([text("shop"), number("sold")], [["web", 1], ["till", 2]], title)?.chart_type).toBe("bar");
    expect(guessChart([text("shop"), number("sold")], [["a very long name", 1], ["till", 2]], title)?.chart_type).toBe("horizontal_bar");
    expect(guessChart([text("shop"), number("shop_id")], [["web", 1], ["till", 2]], title)).toBeNull();
    expect(guessChart([text("shop"), number("sold")], [["web", 1]], title)).toBeNull();
  });
});

describe("the tree of a schema", () => {
  const column = (name: string, term: string | null = null): SchemaColumn => ({
    column_name: name, data_type: "text", is_nullable: true, is_primary_key: false, is_foreign_key: false, fk_references: null,
    sample_values: [], distinct_count: null, null_percentage: null, description: null, business_term: term,
  });
  const schema: Schema = {
    refreshed_at: null,
    tables: [
      { table_name: "orders", table_type: "table", row_count: 1, description: null, columns: [column("id"), column("total", "revenue")] },
      { table_name: "staff", table_type: "table", row_count: 1, description: null, columns: [column("id")] },
    ],
  };
  const keys = (open: string[], query: string): string[] => treeRows(schema, new Set(open), query).map((row) => row.key);

  test("shows tables, and the columns of open ones", () => {
    expect(keys([], "")).toEqual(["orders", "staff"]);
    expect(keys(["orders"], "")).toEqual(["orders", "orders.id", "orders.total", "staff"]);
  });

  test("opens a table by itself where only a column, or what the business calls it, matches", () => {
    expect(keys([], "REVENUE")).toEqual(["orders", "orders.total"]);
    expect(keys([], "staff")).toEqual(["staff"]);
    expect(keys([], "nothing")).toEqual([]);
  });
});

describe("forms and addresses", () => {
  test("empty fields are left out, so that a change keeps what is there", () => {
    const values = new Map([["host", " db.example "], ["port", "5433"], ["password", ""], ["account", "not of this kind"]]);
    expect(requestOf("postgresql", " shop ", values)).toEqual({ name: "shop", type: "postgresql", host: "db.example", port: 5433 });
  });

  test("names come from files, tags from words", () => {
    expect(nameOfFile("orders 2026.v2.csv")).toBe("orders 2026.v2");
    expect(tagsOf("Sales, weekly , sales,,")).toEqual(["sales", "weekly"]);
  });

  test("every section has an address that leads back to it", () => {
    const sections: Section[] = [{ name: "connections" }, { name: "workbench", connection: "0198" }, { name: "audit" }, { name: "private" }];
    expect(sections.map((section) => sectionAt(addressOf(section)))).toEqual(sections);
    expect(sectionAt("0198-a-channel")).toBeNull();
    expect(sectionAt("")).toBeNull();
  });

  test("a refusal has its place, another problem is none of the editor's", () => {
    const refused = new Problem(422, "query_rejected", "not allowed", [], null, { rule: "table_not_allowed", line: 5, column: 6 });
    expect(verdictOf(refused)).toEqual({ kind: "rejected", message: "not allowed", rule: "table_not_allowed", line: 5, column: 6 });
    expect(verdictOf(new Problem(503, "database_unreachable", "away"))).toBeNull();
    expect(verdictOf(new Error("x"))).toBeNull();
  });
});

describe("the audit list", () => {
  const entry = (id: string, action: string, run: string | null): AuditItem => ({
    id, action, user_id: null, resource_type: "query_job", resource_id: "job", ip_address: null,
    details: run === null ? null : { run_id: run, sql: "SELECT 1" }, created_at: "2026-01-01T00:00:00Z",
  });

  test("shows a start only of what has no end", () => {
    const items = [entry("5", "query.start", "c"), entry("4", "query.run", "b"), entry("3", "query.start", "b"), entry("2", "query.start", "a"), entry("1", "query.run", null)];
    expect(withoutEndedStarts(items).map((item) => item.id)).toEqual(["5", "4", "2", "1"]);
  });
});
