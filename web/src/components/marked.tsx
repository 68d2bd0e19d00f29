/** A piece of a text around the words that were looked for, with these marked. Text only, never HTML. */

import type { JSX } from "preact";
import type { Range } from "../wire/search";

/** Characters before the first marked word, and of the whole piece. */
const BEFORE = 60;
const LENGTH = 320;

export interface Piece {
  text: string;
  marked: boolean;
}

/** Ranges count characters as the server does: code points, not JavaScript's halves of them. */
export function piecesOf(content: string, ranges: readonly Range[]): Piece[] {
  const letters = Array.from(content);
  const first = ranges[0]?.start ?? 0;
  const begin = letters.length <= LENGTH ? 0 : Math.max(0, Math.min(first - BEFORE, letters.length - LENGTH));
  const end = Math.min(letters.length, begin + LENGTH);
  const pieces: Piece[] = [];
  const put = (from: number, to: number, marked: boolean): void => {
    if (to > from) pieces.push({ text: letters.slice(from, to).join(""), marked });
  };
  let at = begin;
  for (const range of ranges) {
    const [from, to] = [Math.max(range.start, at), Math.min(range.end, end)];
    if (to <= from) continue;
    put(at, from, false);
    put(from, to, true);
    at = to;
  }
  put(at, end, false);
  if (begin > 0) pieces.unshift({ text: "… ", marked: false });
  if (end < letters.length) pieces.push({ text: " …", marked: false });
  return pieces;
}

export function Marked({ content, ranges }: { content: string; ranges: readonly Range[] }): JSX.Element {
  return (
    <>
      {piecesOf(content, ranges).map((piece, index) => (piece.marked ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
    </>
  );
}
