/**
 * Numbers in an answer's words: each is either found in a cell of the result, or the server could
 * not find it, or it is just a number (a year, a count of words).
 */

import type { Answer, Cell } from "../../wire/data/types";
import { asNumber } from "./cells";

export interface Place {
  row: number;
  column: number;
}

export interface Mark {
  start: number;
  end: number;
  /** Null for a number that is not in the result. */
  place: Place | null;
}

/** Grouped in threes by commas or thin spaces, or plain; a point begins the fraction. */
const NUMBER = /\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g;
/** Marked with its number, as one reads it. */
const CURRENCY = /\p{Sc}/u;
/** Of prose, "3 products" is a count of what is shown, not a value; smaller ones are not traced. */
const TRACED_LEAST = 10;

/** The numbers to mark in a piece of text. */
export function marksIn(text: string, answer: Answer): Mark[] {
  const unchecked = new Set((answer.unchecked_numbers ?? []).map(digits));
  const marks: Mark[] = [];
  for (const match of text.matchAll(NUMBER)) {
    let [start, end] = [match.index, match.index + match[0].length];
    // Part of a word or of a date: 2026-04-27, v2, Q3.
    if (/[\p{L}_-]$/u.test(text.slice(0, start)) || /^[\p{L}_]|^-\d/u.test(text.slice(end))) continue;
    if (CURRENCY.test(text.charAt(start - 1))) start -= 1;
    if (text.charAt(end) === "%") end += 1;
    if (unchecked.has(digits(match[0]))) {
      marks.push({ start, end, place: null });
      continue;
    }
    const place = placeOf(match[0], answer);
    if (place !== null) marks.push({ start, end, place });
  }
  return marks;
}

/** How many different numbers could not be found. */
export function uncheckedCount(answer: Answer): number {
  return new Set((answer.unchecked_numbers ?? []).map(digits)).size;
}

function placeOf(written: string, answer: Answer): Place | null {
  const wanted = read(written);
  if (wanted === null || Math.abs(wanted) < TRACED_LEAST) return null;
  const decimals = /\.(\d+)$/.exec(written)?.[1]?.length ?? 0;
  for (const [row, cells] of answer.query_result_preview.rows.entries()) {
    const column = cells.findIndex((cell) => matches(cell, wanted, decimals));
    if (column !== -1) return { row, column };
  }
  return null;
}

/** A cell's own value, rounded as the words round it. */
function matches(cell: Cell, wanted: number, decimals: number): boolean {
  const value = typeof cell === "number" ? cell : asNumber(cell);
  if (value === null) return false;
  const scale = 10 ** decimals;
  return Math.round(Math.abs(value) * scale) === Math.round(wanted * scale);
}

function read(written: string): number | null {
  const value = Number(written.replace(/[,\u00a0\u202f]/g, ""));
  return Number.isFinite(value) ? value : null;
}

/** The same number however it is written: `€1,234.50` and `1234.5`. */
function digits(written: string): string {
  const [found] = written.match(NUMBER) ?? [];
  return found === undefined ? written : String(read(found));
}
