/** What can be checked by machine of WCAG 2.2 AA: contrast, names, roles, reach; light, dark and on a phone. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test, type BrowserContextOptions, type Page } from "@playwright/test";
import { Person } from "./person";
import { Server } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SCREENS: Record<string, BrowserContextOptions> = {
  "a wide light screen": { colorScheme: "light" },
  "a dark phone": { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
const HARD_WORDS = "# Big\n\n`code` **bold** ~~gone~~ @mara.veld [home](https://home.example)\n\n> quoted\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```\na line of code that is far too long for the screen of any phone and so has to scroll sideways\n```";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server.remove();
});

for (const [name, options] of Object.entries(SCREENS)) {
  test(`${name} hides nothing from anyone`, async ({ browser }, info) => {
    const mara = await Person.arrive(browser, server.url, `Mara Veld${info.title.length}`, options);
    const { page } = mara;
    expect(await faults(page), "the door").toEqual([]);
    await mara.signUp(`Tide ${info.title.length}`);
    await mara.say("default", HARD_WORDS);
    await mara.say("default", "And a short one");
    const row = mara.row("default", "And a short one");
    await expect(row).toBeVisible();
    await expect(page.getByText("Sending")).toHaveCount(0);
    await row.focus();
    expect(await faults(page), "a channel").toEqual([]);
    await page.keyboard.press("Delete");
    await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
    expect(await faults(page), "a question").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /members?$/ }).click();
    await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    expect(await faults(page), "a channel's details").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Settings$|^You$/ }).click();
    await page.getByRole("button", { name: "Make a link" }).click();
    await expect(page.getByLabel("Link to send")).toBeVisible();
    expect(await faults(page), "the settings").toEqual([]);
    await mara.leave();
  });
}

/** Each fault by its rule and the first element that has it. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    interface Found {
      violations: { id: string; nodes: { html: string }[] }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(options: { runOnly: string[] }): Promise<Found> } };
    const { violations } = await axe.run({ runOnly: rules });
    return violations.map((fault) => `${fault.id}: ${fault.nodes[0]?.html ?? ""}`);
  }, RULES);
}
