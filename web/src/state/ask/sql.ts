/** SQL in coloured parts. It knows words, not grammar: what it does not know is shown plain. */

export type PartKind = "key" | "text" | "number" | "function" | "comment" | "plain";

export interface Part {
  kind: PartKind;
  text: string;
}

const KEYWORDS = new Set(
  (
    "all and any array as asc between both by case cast collate cross current current_date current_time current_timestamp date " +
    "desc distinct else end except exists extract false fetch filter first following for from full group grouping having ilike " +
    "in inner intersect interval is join last lateral leading left like limit natural next not null nulls offset on only or order " +
    "outer over partition preceding qualify range recursive right row rows select set similar some table then ties time timestamp " +
    "to top trailing true unbounded union unnest using values when where window with within"
  ).split(" "),
);

/** One alternative per kind; whatever matches none goes on plain, a character at a time. */
const PARTS =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>'(?:[^']|'')*(?:'|$))|(?<quoted>"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\[[^\]\n]*\])|(?<number>\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/giu;

export function partsOf(sql: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const add = (kind: PartKind, text: string): void => {
    const last = parts.at(-1);
    if (kind === "plain" && last?.kind === "plain") last.text += text;
    else if (text !== "") parts.push({ kind, text });
  };
  for (const match of sql.matchAll(PARTS)) {
    add("plain", sql.slice(at, match.index));
    at = match.index + match[0].length;
    add(kindOf(match, sql.slice(at)), match[0]);
  }
  add("plain", sql.slice(at));
  return parts;
}

function kindOf(match: RegExpMatchArray, after: string): PartKind {
  const { comment, text, number, word } = match.groups ?? {};
  if (comment !== undefined) return "comment";
  if (text !== undefined) return "text";
  if (number !== undefined) return "number";
  if (word === undefined) return "plain";
  if (KEYWORDS.has(word.toLowerCase())) return "key";
  return /^\s*\(/.test(after) ? "function" : "plain";
}

/** Each of these begins a line, outside of brackets. */
const CLAUSES = new Set(["from", "where", "group", "having", "order", "limit", "offset", "union", "intersect", "except", "window", "qualify"]);
const JOINS = new Set(["join", "left", "right", "full", "inner", "cross"]);
/** `is distinct from`, `within group`: here such a word goes on. */
const INNER = new Set(["distinct", "within"]);
/** What fits on a line stays on it. */
const LINE_MAX = 60;

/**
 * A statement that was written on one line, over several. Only blanks between words change, never
 * inside of texts, names or comments, and never where its author chose the lines.
 */
export function layOut(sql: string): string {
  if (sql.includes("\n") || sql.length <= LINE_MAX) return sql;
  let depth = 0;
  let before = "";
  let laid = "";
  for (const { kind, text } of partsOf(sql)) {
    const word = text.toLowerCase();
    const begins = (CLAUSES.has(word) && !INNER.has(before)) || (JOINS.has(word) && !JOINS.has(before) && before !== "outer");
    const breaks = depth === 0 && kind === "key" && begins;
    laid = breaks && laid !== "" ? `${laid.trimEnd()}\n${text}` : laid + text;
    if (kind === "plain") depth += count(text, "(") - count(text, ")");
    if (kind === "key") before = word;
    else if (text.trim() !== "") before = "";
  }
  return laid;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Where a line and a column are in a text, both counted from one; the end of what is too short. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, held) => sum + held.length + 1, 0);
  const inLine = lines[line - 1];
  return inLine === undefined ? text.length : before + Math.min(Math.max(column - 1, 0), inLine.length);
}

/** The word that begins at a place, so that it can be marked; at least one character. */
export function wordAt(text: string, offset: number): string {
  return /^["'`\[]?[\p{L}\p{N}_$.]+["'`\]]?/u.exec(text.slice(offset))?.[0] ?? text.slice(offset, offset + 1);
}

export function lineCount(sql: string): number {
  return sql.trimEnd().split("\n").length;
}
