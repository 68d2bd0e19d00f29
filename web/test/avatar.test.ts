/** People's tints. */

import { expect, test } from "vitest";
import { faceOf, tint } from "../src/components/avatar";

test("ids that differ only at their end spread over all tints", () => {
  const seen = new Map<number, number>();
  for (let index = 0; index < 600; index += 1) {
    const id = `019aa6c1-7c00-7000-8000-${index.toString(16).padStart(12, "0")}`;
    seen.set(tint(id), (seen.get(tint(id)) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(Math.min(...seen.values())).toBeGreaterThan(50);
});

test("a program's emoji is its face, and only one that stands before a name", () => {
  expect(faceOf("🚀 Deploys")).toEqual({ emoji: "🚀", name: "Deploys" });
  expect(faceOf("👩‍🚀 Crew of two")).toEqual({ emoji: "👩‍🚀", name: "Crew of two" });
  expect(faceOf("Deploys 🚀")).toEqual({ emoji: null, name: "Deploys 🚀" });
  expect(faceOf("🚀")).toEqual({ emoji: null, name: "🚀" });
  expect(faceOf("7 dwarfs")).toEqual({ emoji: null, name: "7 dwarfs" });
});
