/** Far back in a long channel and to the end again: by a date, by a link, by what is unread; without a mouse. */

import { expect, test } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "tides";
/** Further back than one page of reading leads. */
const MANY = 420;
const server = served();

test("a date leads far back, reading on leads to the end, and own words lead there at once", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp();
  await mara.createChannel(CHANNEL);
  await mara.flood(Array.from({ length: MANY }, (_, index) => `Line ${index + 1}.`));
  await mara.page.reload();
  await expect(mara.row(CHANNEL, `Line ${MANY}.`)).toBeVisible();
  const { page } = mara;
  await mara.log(CHANNEL).focus();
  await page.keyboard.press("g");
  const dialog = page.getByRole("dialog", { name: "Jump to a date" });
  await expect(dialog.getByLabel("Date")).toBeVisible();
  await expectNoFaults(page, "the date");
  await dialog.getByRole("button", { name: "The beginning" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(mara.row(CHANNEL, "Line 1.").first()).toBeFocused();
  await expect(mara.log(CHANNEL).getByText(`This is the start of #${CHANNEL}`)).toBeVisible();

  // Reading on: the pages follow each other without a hole, to the newest.
  const seen = new Set<string>();
  await expect.poll(async () => {
    for (const text of await mara.texts(CHANNEL)) seen.add(text);
    await mara.log(CHANNEL).evaluate(async (element) => {
      element.scrollBy(0, element.clientHeight / 2);
      // Until the rows that came into sight are drawn.
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    });
    return seen.has(`Line ${MANY}.`);
  }, { timeout: 40_000, intervals: [30] }).toBe(true);
  expect([...seen].filter((text) => text.startsWith("Line"))).toHaveLength(MANY);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("jump to a date");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "The beginning" }).press("Enter");
  await expect(mara.row(CHANNEL, "Line 1.").first()).toBeFocused();
  await mara.say(CHANNEL, "Back at the end");
  await expect(mara.row(CHANNEL, "Back at the end")).toBeInViewport();
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("more unread messages than a page holds: the first of them is one key away", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  await ines.createChannel("news");
  await hugo.joinChannel("news");
  await hugo.say("news", "Read by all");
  await expect(ines.row("news", "Read by all")).toBeVisible();
  await ines.place("default").click();
  await expect(ines.composer("default")).toBeVisible();
  await hugo.flood(Array.from({ length: MANY }, (_, index) => `News ${index + 1}.`));
  await ines.page.reload();
  await ines.place("news").click();
  await expect(ines.row("news", `News ${MANY}.`)).toBeVisible();
  await ines.page.getByRole("button", { name: "To the first unread" }).press("Enter");
  await expect(ines.row("news", "News 1.").first()).toBeFocused();
  await expect(ines.log("news").getByRole("separator").filter({ hasText: "New" })).toBeVisible();
  await ines.page.getByRole("button", { name: "Newest" }).press("Enter");
  await expect(ines.row("news", `News ${MANY}.`)).toBeInViewport();
  expect(ines.complaints).toEqual([]);
  await ines.leave();
  await hugo.leave();
});
