/** axe-core finds nothing wrong on any of the page's screens, at three widths, light and dark. */

import { expect, test, type Browser } from "@playwright/test";
import { closeDialog, HEIGHT, inEveryDress, WIDTHS } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
const server = served();

// Each looks at a few screens six times, which takes a while on a busy machine.
test.describe.configure({ timeout: 180_000 });

test("the door, a channel and its thread are without violations", async ({ browser }) => {
  const mara = await arrive(browser, "Mara Veld");
  const { page } = mara;
  await inEveryDress(page, "the door");
  await mara.signUp("Harbour Books");
  await mara.createChannel(CHANNEL);
  await inEveryDress(page, "an empty channel");
  for (const text of ["First words", "**Bold** with `code` and a [link](https://example.org)", "@mara.veld look\n\n- one\n- two"]) await mara.say(CHANNEL, text);
  await mara.sent(CHANNEL, "@mara.veld look");
  await mara.act(CHANNEL, "First words", "React");
  await page.getByRole("button", { name: "👍", exact: true }).click();
  await inEveryDress(page, "a channel");
  await mara.act(CHANNEL, "First words", "Reply in thread");
  await page.getByRole("textbox", { name: "Reply" }).fill("An answer");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Thread" })).toContainText("An answer");
  await inEveryDress(page, "a thread");
  await mara.leave();
});

test("what opens over a channel is without violations", async ({ browser }) => {
  const jonas = await arrive(browser, "Jonas Tveit");
  const { page } = jonas;
  await jonas.signUp("Tide Tables");
  await jonas.createChannel(CHANNEL);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Where to, or what to do" })).toBeFocused();
  await inEveryDress(page, "the palette");
  await closeDialog(page);
  // In the composer it would be a letter.
  await jonas.log(CHANNEL).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await inEveryDress(page, "the keys");
  await closeDialog(page);
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("dialog", { name: "Jonas Tveit" })).toBeVisible();
  await inEveryDress(page, "the settings");
  await closeDialog(page);
  await page.getByRole("button", { name: "1 member" }).click();
  await expect(page.getByRole("dialog", { name: `#${CHANNEL}` })).toBeVisible();
  await inEveryDress(page, "the channel's details");
  await jonas.leave();
});

test("the pages about data and for admins are without violations", async ({ browser }) => {
  const ines = await arrive(browser, "Ines Moura");
  await ines.signUp("Lantern Press");
  for (const [address, shown] of [["data", "Data"], ["ask", "Ask your data"], ["data/audit", "Audit"], ["admin/people", "People"], ["admin/health", "Health"]] as const) {
    await ines.page.evaluate((hash) => (location.hash = hash), address);
    await expect(ines.page.getByRole("heading", { level: 1, name: shown })).toBeVisible();
    await inEveryDress(ines.page, shown);
  }
  await ines.leave();
});

function arrive(browser: Browser, name: string): Promise<Person> {
  return Person.arrive(browser, server.url, name, { viewport: { width: WIDTHS.wide, height: HEIGHT } });
}
