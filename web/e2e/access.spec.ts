/** What can be checked by machine of WCAG 2.2 AA: contrast, names, roles, reach; light, dark and on a phone. */

import { expect, test, type BrowserContextOptions } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";

const SCREENS: Record<string, BrowserContextOptions> = {
  "a wide light screen": { colorScheme: "light" },
  "a dark phone": { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};
const HARD_WORDS = "# Big\n\n`code` **bold** ~~gone~~ @mara.veld [home](https://home.example)\n\n> quoted\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```\na line of code that is far too long for the screen of any phone and so has to scroll sideways\n```";

const server = served();

for (const [name, options] of Object.entries(SCREENS)) {
  test(`${name} hides nothing from anyone`, async ({ browser }, info) => {
    const mara = await Person.arrive(browser, server.url, `Mara Veld${info.title.length}`, options);
    const { page } = mara;
    await expectNoFaults(page, "the door");
    await mara.signUp(`Tide ${info.title.length}`);
    await mara.say("default", HARD_WORDS);
    await mara.say("default", "And a short one");
    const row = await mara.sent("default", "And a short one");
    await row.focus();
    await expectNoFaults(page, "a channel");
    await page.keyboard.press("Delete");
    await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
    await expectNoFaults(page, "a question");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /members?$/ }).click();
    await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
    await expectNoFaults(page, "a channel's details");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Settings$|^You$/ }).click();
    await page.getByRole("button", { name: "Make a link" }).click();
    await expect(page.getByLabel("Link to send")).toBeVisible();
    await expectNoFaults(page, "the settings");
    await mara.leave();
  });
}
