/** A chart for rows that came without one: by rule, from the kinds of their columns. */

import type { Cell, ChartConfig, Column } from "../../wire/data/types";
import { isNumeric } from "./cells";

/** More bars than this are a wall. */
const BARS_MAX = 50;
const LONG_NAME = 12;
/** Numbers that name a row are not measured. */
const NAMES = /(?:^|_)(?:id|code|zip|phone)$/i;

export function guessChart(columns: readonly Column[], rows: readonly (readonly Cell[])[], title: (y: string, x: string) => string): ChartConfig | null {
  const x = columns.find((column) => !isNumeric(column)) ?? columns.find((column) => /year|month|day|week/i.test(column.name));
  const measures = columns.filter((column) => column !== x && isNumeric(column) && !NAMES.test(column.name));
  const [y] = measures;
  if (x === undefined || y === undefined || rows.length < 2) return null;
  const inTime = x.type === "date" || x.type === "timestamp" || /year|month|day|week|date/i.test(x.name);
  if (!inTime && rows.length > BARS_MAX) return null;
  const at = columns.indexOf(x);
  const longNames = rows.some((row) => String(row[at] ?? "").length > LONG_NAME);
  return {
    chart_type: inTime ? "line" : longNames ? "horizontal_bar" : "bar",
    x_column: x.name,
    y_column: y.name,
    // Measures of one kind are compared; others would flatten each other.
    y_columns: inTime ? measures.slice(0, 4).map((column) => column.name) : [y.name],
    title: title(y.name, x.name),
  };
}
