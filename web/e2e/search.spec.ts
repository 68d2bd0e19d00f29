/** Looking for messages: with the keyboard alone, to the place where they stand. */

import { expect, test } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { searchUntil } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
const server = served();

test("a message of long ago is found and shown in its place, without a mouse", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp();
  await mara.createChannel(CHANNEL);
  await mara.flood(["The heron <b>stands</b> in the Café"]);
  await mara.flood(Array.from({ length: 130 }, (_, index) => `tide ${index}`));
  await mara.page.reload();
  await expect(mara.row(CHANNEL, "tide 129")).toBeVisible();
  const { page } = mara;
  await page.keyboard.press("Control+Shift+F");
  const field = page.getByRole("searchbox", { name: "Search messages" });
  await expect(field).toBeFocused();
  await expect(page.getByText("exactly these words")).toBeVisible();
  await expectNoFaults(page, "before a search");
  await page.keyboard.type("cafe her*");
  await expect(page.getByRole("status").filter({ hasText: "1 message" })).toBeVisible();
  const hit = page.getByRole("list", { name: "Messages found" }).getByRole("button");
  await expect(hit).toContainText("The heron <b>stands</b> in the Café");
  await expect(hit.locator("mark")).toHaveText(["heron", "Café"]);
  await expectNoFaults(page, "what was found");
  await page.keyboard.press("ArrowDown");
  await expect(hit).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(mara.row(CHANNEL, "The heron")).toBeFocused();
  await expect(mara.row(CHANNEL, "The heron")).toBeInViewport();
  await page.keyboard.press("/");
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("filters narrow it, and others' private words are not found", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  await ines.createChannel("pay");
  await hugo.joinChannel("pay");
  await ines.say("pay", "the egret of Ines");
  await hugo.say("pay", "the egret of Hugo");
  await expect(ines.row("pay", "the egret of Hugo")).toBeVisible();
  await ines.writeTo("Hugo Brandl");
  await ines.page.getByRole("textbox", { name: "Message Hugo Brandl" }).fill("a quiet egret");
  await ines.page.keyboard.press("Enter");

  const nils = await Person.arrive(browser, server.url, "Nils Aune");
  await nils.signUp();
  await nils.page.getByRole("button", { name: "Search messages" }).click();
  await searchUntil(nils.page, "egret", "2 messages");
  await expect(nils.page.getByText("a quiet egret")).toHaveCount(0);

  await hugo.page.getByRole("button", { name: "Search messages" }).click();
  await searchUntil(hugo.page, "egret", "3 messages");
  await hugo.page.getByRole("button", { name: "From me" }).click();
  await expect(hugo.page.getByRole("status").filter({ hasText: "1 message" })).toBeVisible();
  await expect(hugo.page.getByRole("button", { name: "From me" })).toHaveAttribute("aria-pressed", "true");
  await hugo.page.getByRole("searchbox").fill("egret to:ines");
  await expect(hugo.page.getByText("there is no such operator")).toBeVisible();
  for (const person of [ines, hugo, nils]) {
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
});
