/**
 * How the names of bars stand: beneath them, leaning, or beside bars that lie down.
 *
 * **Invariant:** where there are few bars each has its name; one that is left out would have to be
 * guessed from its neighbours.
 */

/** So many bars are few. More of them have every second or third name, as dates on an axis do. */
const FEW_MAX = 12;
/** An 11 px letter, on the average of the page's fonts, and the gap to the next name. */
const LETTER_PX = 6.3;
const GAP_PX = 8;
/** What the axis of values takes beside the bars. */
const VALUES_PX = 52;
/** Leaning names of this many letters still leave the bars their height. */
const LEANING_MAX = 10;
const LEANING_DEGREES = 40;
/** Beside lying bars a name has this share of the width, and at most so many pixels. */
const BESIDE_SHARE = 0.45;
const BESIDE_PX_MAX = 220;

export interface NamesLook {
  /** The bars lie down, and the names are beside them. */
  lying: boolean;
  /** Degrees. */
  lean: number;
  /** Whether every bar has its name. */
  all: boolean;
  /** More of a name is cut. */
  widthMax: number | null;
}

export function lookOf(names: readonly string[], lying: boolean, width: number): NamesLook {
  const longest = Math.max(0, ...names.map((name) => name.length));
  const beside: NamesLook = { lying: true, lean: 0, all: true, widthMax: Math.round(Math.min(BESIDE_PX_MAX, width * BESIDE_SHARE)) };
  if (lying) return beside;
  if (names.length > FEW_MAX) return { lying: false, lean: 0, all: false, widthMax: null };
  const room = (width - VALUES_PX) / Math.max(1, names.length);
  if (longest * LETTER_PX + GAP_PX <= room) return { lying: false, lean: 0, all: true, widthMax: null };
  return longest <= LEANING_MAX ? { lying: false, lean: LEANING_DEGREES, all: true, widthMax: null } : beside;
}
