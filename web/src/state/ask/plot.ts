/**
 * A result as what a chart shows: names along an axis, series of numbers. No drawing here.
 *
 * **Invariant:** a chart shows at most `SERIES_MAX` series and `SLICES_MAX` slices; what is over
 * goes into one called "Other", so that nothing is left out of a whole.
 */

import type { Cell, ChartConfig, Column } from "../../wire/data/types";
import { askWords } from "../../words/ask";
import { asNumber, isNumeric, plain, writerOf } from "./cells";
import { readable } from "./names";

/** The colours that can be told apart. */
export const SERIES_MAX = 8;
export const SLICES_MAX = 5;

export interface Series {
  name: string;
  values: (number | null)[];
}

export interface Plot {
  names: string[];
  series: Series[];
}

type Rows = readonly (readonly Cell[])[];

/** The columns that are measured. */
export function measuresOf(config: ChartConfig, columns: readonly Column[]): number[] {
  const named = config.y_columns?.length ? config.y_columns : [config.y_column ?? ""];
  return named.map((name) => columns.findIndex((column) => column.name === name)).filter((at) => at !== -1);
}

export function plotOf(config: ChartConfig, columns: readonly Column[], rows: Rows): Plot {
  const x = columns.findIndex((column) => column.name === config.x_column);
  const split = columns.findIndex((column) => column.name === config.series_column);
  const measures = measuresOf(config, columns);
  const column = columns[x];
  const write = column === undefined ? plain : writerOf(column, rows.map((row) => row[x] ?? null));
  const nameOf = (row: readonly Cell[]): string => write(row[x] ?? null) || askWords.answer.empty;
  if (split !== -1 && split !== x && measures[0] !== undefined) return pivot(rows, nameOf, split, measures[0]);
  return {
    names: rows.map(nameOf),
    series: fold(measures.map((at) => ({ name: readable(columns[at]?.name ?? ""), values: rows.map((row) => asNumber(row[at] ?? null)) }))),
  };
}

/** Rows of (name, series, value) as one series per value of the second. */
function pivot(rows: Rows, nameOf: (row: readonly Cell[]) => string, split: number, measure: number): Plot {
  const names = [...new Set(rows.map(nameOf))];
  const place = new Map(names.map((name, index) => [name, index]));
  const series = new Map<string, Series>();
  for (const row of rows) {
    const name = plain(row[split] ?? null) || askWords.answer.empty;
    const held = series.get(name) ?? { name, values: names.map(() => null) };
    held.values[place.get(nameOf(row)) ?? 0] = asNumber(row[measure] ?? null);
    series.set(name, held);
  }
  return { names, series: fold([...series.values()]) };
}

/** The largest stay; the others become one. */
function fold(series: Series[]): Series[] {
  if (series.length <= SERIES_MAX) return series;
  const weight = (one: Series): number => one.values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
  const kept = new Set([...series].sort((a, b) => weight(b) - weight(a)).slice(0, SERIES_MAX - 1));
  const others = series.filter((one) => !kept.has(one));
  const length = series[0]?.values.length ?? 0;
  const sum = Array.from({ length }, (_, at) => others.reduce((total, one) => total + (one.values[at] ?? 0), 0));
  return [...series.filter((one) => kept.has(one)), { name: askWords.chart.other, values: sum }];
}

/** Parts of a whole, largest first. */
export function slicesOf(plot: Plot): { name: string; value: number }[] {
  const values = plot.series[0]?.values ?? [];
  const slices = plot.names.map((name, index) => ({ name, value: values[index] ?? 0 })).sort((a, b) => b.value - a.value);
  if (slices.length <= SLICES_MAX) return slices;
  const rest = slices.slice(SLICES_MAX - 1).reduce((sum, slice) => sum + slice.value, 0);
  return [...slices.slice(0, SLICES_MAX - 1), { name: askWords.chart.other, value: rest }];
}

/** What a chart shows, for those who do not see it. */
export function sentenceOf(config: ChartConfig, columns: readonly Column[], rows: Rows): string {
  const words = askWords.chart;
  const at = measuresOf(config, columns)[0];
  const column = at === undefined ? undefined : columns[at];
  const x = columns.findIndex((held) => held.name === config.x_column);
  const kind = words.kinds[config.chart_type];
  if (at === undefined || column === undefined || !isNumeric(column)) return words.sentence(kind, config.title, "");
  const write = writerOf(column, rows.map((row) => row[at] ?? null));
  const sorted = rows.filter((row) => asNumber(row[at] ?? null) !== null).sort((a, b) => (asNumber(a[at] ?? null) ?? 0) - (asNumber(b[at] ?? null) ?? 0));
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return words.sentence(kind, config.title, "");
  const range = words.range(write(low[at] ?? null), plain(low[x] ?? null), write(high[at] ?? null), plain(high[x] ?? null));
  return words.sentence(kind, config.title, range);
}
