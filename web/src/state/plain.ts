/** Texts that others chose, without what would reach beyond them: turned writing, letters with towers of marks. */

/** Marks of direction: overrides, embeddings, isolates. Letters that run right to left need none of them. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** More marks on one letter than any script puts there: they would lie over the lines around. */
const PILES = /(\p{M}{5})\p{M}+/gu;

/** A name: it stands in a line with others. */
export function plain(text: string): string {
  return unpiled(text.replace(TURNS, ""));
}

export function unpiled(text: string): string {
  return text.replace(PILES, "$1");
}
