/** Values of a result: how they are written in the reader's locale, and how rows are sorted. */

import type { Cell, Column } from "../../wire/data/types";
import { locale as readersLocale } from "../../words/language";

const NUMERIC: ReadonlySet<Column["type"]> = new Set<Column["type"]>(["integer", "float", "decimal"]);
/** Numbers that are names: 2026 is a year, not two thousand and twenty-six. */
const NAMES = /(?:^|_|\b)(?:id|year|zip|postcode|code|number|no|phone)$/i;
/** A measure with endless digits is read to the cent; a share below one needs two more. */
const DIGITS_MAX = 2;
const DIGITS_MAX_SMALL = 4;
/** Longer texts are cut in a cell; the whole is in its title. */
export const TEXT_MAX = 200;

export function isNumeric(column: Column): boolean {
  return NUMERIC.has(column.type);
}

export type Write = (value: Cell) => string;

/** How the values of one column are written: all of them alike, so that digits stand under digits. */
export function writerOf(column: Column, values: readonly Cell[], locale: string = readersLocale): Write {
  if (isNumeric(column)) return numberWriter(column, values, locale);
  if (column.type === "date") return dateWriter({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }, locale);
  if (column.type === "timestamp") return dateWriter({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, locale);
  return plain;
}

export function plain(value: Cell): string {
  if (value === null) return "";
  const text = String(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

function numberWriter(column: Column, values: readonly Cell[], locale: string): Write {
  const numbers = values.flatMap((value) => asNumber(value) ?? []);
  const small = numbers.every((value) => Math.abs(value) < 1);
  const most = Math.max(0, ...numbers.map(fractionDigits));
  // Decimals are money more often than not, and the zeros at their end do not travel.
  const digits = column.type === "decimal" && most === 1 ? DIGITS_MAX : Math.min(most, small ? DIGITS_MAX_SMALL : DIGITS_MAX);
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: !(column.type === "integer" && NAMES.test(column.name)),
  });
  return (value) => {
    if (value === null) return "";
    // Digits that a double would lose are written by the text itself.
    if (typeof value === "string") return /^-?\d+$/.test(value) ? format.format(BigInt(value)) : value;
    return typeof value === "number" ? format.format(value) : String(value);
  };
}

function dateWriter(shape: Intl.DateTimeFormatOptions, locale: string): Write {
  const format = new Intl.DateTimeFormat(locale, shape);
  return (value) => {
    const time = typeof value === "string" ? Date.parse(value.replace(" ", "T")) : Number.NaN;
    return Number.isNaN(time) ? plain(value) : format.format(time);
  };
}

function fractionDigits(value: number): number {
  const text = String(value);
  const point = text.indexOf(".");
  return point === -1 || text.includes("e") ? 0 : text.length - point - 1;
}

/** The number that a value is, if it is one. */
export function asNumber(value: Cell): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value)) return null;
  return Number(value);
}

export interface Sorting {
  column: number;
  descending: boolean;
}

/** A first press shows the largest numbers or the first words; a second turns round; a third undoes. */
export function nextSorting(held: Sorting | null, column: number, numeric: boolean): Sorting | null {
  if (held?.column !== column) return { column, descending: numeric };
  return held.descending === numeric ? { column, descending: !numeric } : null;
}

export interface IndexedRow {
  /** Its place in the result, whatever the order on screen. */
  index: number;
  cells: readonly Cell[];
}

export function sortRows(rows: readonly (readonly Cell[])[], columns: readonly Column[], sorting: Sorting | null): IndexedRow[] {
  const indexed = rows.map((cells, index) => ({ index, cells }));
  if (sorting === null) return indexed;
  const { column, descending } = sorting;
  const numeric = columns[column] !== undefined && isNumeric(columns[column]);
  return indexed.sort((a, b) => {
    const [left, right] = [a.cells[column] ?? null, b.cells[column] ?? null];
    // What is empty is neither small nor large: it comes last either way.
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a.index - b.index;
    const order = compare(left, right, numeric);
    return (descending ? -order : order) || a.index - b.index;
  });
}

function compare(left: Cell, right: Cell, numeric: boolean): number {
  if (numeric) {
    const [a, b] = [asNumber(left), asNumber(right)];
    if (a !== null && b !== null) return a - b;
  }
  return String(left).localeCompare(String(right), undefined, { numeric: true });
}

/** `1.2M`, `41k`: for axes and counts. */
export function shortNumber(value: number, locale: string = readersLocale): string {
  return new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** `0.41 s`, `12 s`, `3 min`. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 10) return "0.01 s";
  if (ms < 10_000) return `${(ms / 1000).toFixed(ms < 995 ? 2 : 1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
