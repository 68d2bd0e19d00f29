/** What the palette offers for what is typed: where one can go, what one can do, a question. */

/** The order in which groups are listed. */
export const GROUPS = ["go", "people", "do", "ask"] as const;
export type Group = (typeof GROUPS)[number];

export interface Offer {
  /** Unique among the offers. */
  id: string;
  group: Group;
  name: string;
  /** Also found by this, but not shown: a user name, another word for the same thing. */
  also?: string;
}

/** More than this of one group is a list to read, not a jump. */
const PER_GROUP_MAX = 6;

/**
 * The offers that fit, best first within their group; the group with the best fit comes first, except
 * that asking always ends the list: Enter after a channel's name must never ask a question.
 */
export function ranked<T extends Offer>(offers: readonly T[], query: string): T[] {
  const wanted = folded(query);
  const fits = offers.flatMap((offer, place) => {
    const rank = offer.group === "ask" ? 0 : rankOf(offer, wanted);
    return rank === null ? [] : [{ offer, rank, place }];
  });
  const best = new Map<Group, number>();
  for (const { offer, rank } of fits) best.set(offer.group, Math.min(best.get(offer.group) ?? Infinity, rank));
  const groups = [...best.keys()].sort((a, b) => Number(a === "ask") - Number(b === "ask") || (best.get(a) ?? 0) - (best.get(b) ?? 0) || GROUPS.indexOf(a) - GROUPS.indexOf(b));
  return groups.flatMap((group) =>
    fits
      .filter(({ offer }) => offer.group === group)
      .sort((a, b) => a.rank - b.rank || a.place - b.place)
      .slice(0, PER_GROUP_MAX)
      .map(({ offer }) => offer),
  );
}

/** 0: begins with it; 1: a word does; 2: somewhere; 3: its letters in this order; null: not at all. */
function rankOf(offer: Offer, wanted: string): number | null {
  if (wanted === "") return 0;
  const ranks = [offer.name, offer.also ?? ""].flatMap((text) => rankIn(folded(text), wanted) ?? []);
  return ranks.length === 0 ? null : Math.min(...ranks);
}

function rankIn(text: string, wanted: string): number | null {
  const at = text.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return /[\s\-_.#@]/.test(text[at - 1] ?? "") || words(text).some((word) => word.startsWith(wanted)) ? 1 : 2;
  let next = 0;
  for (const letter of text) if (letter === wanted[next]) next += 1;
  return next === wanted.length ? 3 : null;
}

function words(text: string): string[] {
  return text.split(/[\s\-_.#@]+/);
}

/** Without case and accents: `Zoë` is found by `zoe`. */
export function folded(text: string): string {
  return text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
