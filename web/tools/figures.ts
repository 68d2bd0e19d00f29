/** Figures with the goal beside each: told by the measures as they come, printed as one table at the end. */

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { test } from "@playwright/test";

const KIND = "figure";

interface Figure {
  what: string;
  goal: string;
  seen: string;
  samples: number;
  /** Null where there is no goal. */
  met: boolean | null;
}

export function tell(figure: Figure): void {
  test.info().annotations.push({ type: KIND, description: JSON.stringify(figure) });
}

/** Times in milliseconds, of which nearly all (p95) stay within the goal. */
export function tellTimes(what: string, times: readonly number[], goalMs: number): void {
  const p95 = at(times, 0.95);
  tell({ what, goal: `p95 ≤ ${goalMs} ms`, seen: `p50 ${at(times, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`, samples: times.length, met: p95 <= goalMs });
}

/** The value that this share of all does not exceed. */
export function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: readonly number[]): number => at(values, 0.5);

export default class Table implements Reporter {
  private readonly figures: Figure[] = [];

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const { type, description } of result.annotations) if (type === KIND && description !== undefined) this.figures.push(JSON.parse(description) as Figure);
  }

  onEnd(): void {
    console.log("\n| what | goal | seen | samples | |\n|---|---|---|---|---|");
    for (const { what, goal, seen, samples, met } of this.figures) console.log(`| ${what} | ${goal} | ${seen} | ${samples} | ${met === null ? "" : met ? "met" : "**missed**"} |`);
  }
}
