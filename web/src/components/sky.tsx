/** The murmuration beside the sign-in: the same flock every time, drawn from a fixed seed. */

import type { JSX } from "preact";

const BIRDS = 2_600;
const SEED = 20_241;

/** Small, middle and near birds: stroke width, opacity, share. */
const SIZES = [
  { width: 1.5, opacity: 0.45, share: 0.55 },
  { width: 2.3, opacity: 0.7, share: 0.34 },
  { width: 3.2, opacity: 0.95, share: 0.11 },
];

/** A small linear congruential generator: enough for dots, and the same in every browser. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Birds keep near a rising, bending line; most are close to it, some stray far above. */
function flock(): string[] {
  const random = generator(SEED);
  const bell = (): number => (random() + random() + random() + random() - 2) / 2;
  const paths = SIZES.map(() => [] as string[]);
  for (let bird = 0; bird < BIRDS; bird += 1) {
    const along = random();
    const spine = 640 - 400 * along ** 1.15 + 60 * Math.sin(along * 6.5);
    const spread = 34 + 120 * Math.sin(Math.PI * Math.min(1, along * 1.15)) * random();
    const stray = random() < 0.05 ? -260 * random() : 0;
    const x = Math.round(-20 + 850 * along + 26 * bell());
    const y = Math.round(spine + spread * bell() * 1.9 + stray);
    const draw = random();
    const size = draw < 0.55 ? 0 : draw < 0.89 ? 1 : 2;
    paths[size]?.push(`M${x} ${y}h0`);
  }
  return paths.map((dots) => dots.join(""));
}

const paths = flock();

export function Sky(): JSX.Element {
  return (
    <svg viewBox="0 0 800 900" preserveAspectRatio="xMidYMid slice">
      {SIZES.map((size, index) => (
        <path key={size.width} d={paths[index]} stroke-width={size.width} opacity={size.opacity} />
      ))}
    </svg>
  );
}
