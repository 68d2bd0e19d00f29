/** People's tints. */

import { expect, test } from "vitest";
import { tint } from "../src/components/avatar";

test("ids that differ only at their end spread over all tints", () => {
  const seen = new Map<number, number>();
  for (let index = 0; index < 600; index += 1) {
    const id = `019aa6c1-7c00-7000-8000-${index.toString(16).padStart(12, "0")}`;
    seen.set(tint(id), (seen.get(tint(id)) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(Math.min(...seen.values())).toBeGreaterThan(50);
});
