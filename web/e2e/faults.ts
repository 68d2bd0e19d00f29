/** What axe finds on a page by the rules of WCAG 2.2 AA. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Looks until there are none: right after something opened, or the theme changed, some colours are still on their way
 * to what they will be.
 */
export async function expectNoFaults(page: Page, what: string): Promise<void> {
  await expect.poll(() => faults(page), what).toEqual([]);
}

/** Each fault by its rule and the first element that has it. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    interface Found {
      violations: { id: string; nodes: { html: string }[] }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(options: { runOnly: string[]; resultTypes: string[]; preload: boolean }): Promise<Found> } };
    const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"], preload: false });
    return violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html ?? ""}`);
  }, RULES);
}
