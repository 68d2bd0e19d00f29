/** Themes, small screens, and the keyboard. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const server = served();

test("the theme follows the system until one is chosen, and stays chosen", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld", { colorScheme: "dark" });
  await mara.signUp();
  const scheme = (): Promise<string> => mara.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await scheme();
  await mara.page.getByRole("button", { name: "Settings" }).click();
  await mara.page.getByRole("button", { name: "Light" }).click();
  await expect.poll(scheme).not.toBe(dark);
  const light = await scheme();
  await mara.page.reload();
  await expect(mara.page.getByRole("button", { name: "Settings" })).toBeVisible();
  expect(await scheme()).toBe(light);
  await mara.leave();
});

test("a phone shows one screen at a time, and each has a way back", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca", PHONE);
  await ines.signUp();
  const { page } = ines;
  const sidebar = page.getByRole("complementary", { name: "Workspace" });
  await page.getByRole("button", { name: "Back to channels" }).tap();
  await expect(sidebar).toBeVisible();
  await expect(page.getByRole("main")).toBeHidden();
  await ines.createChannel("slip");
  await expect(sidebar).toBeHidden();
  await ines.say("slip", "Low water at six");

  const row = await ines.sent("slip", "Low water at six");
  await row.getByRole("button", { name: "More actions" }).tap();
  await row.getByRole("button", { name: "Reply in thread" }).tap();
  const thread = page.getByRole("complementary", { name: "Thread" });
  await thread.getByRole("textbox", { name: "Reply" }).fill("Then at five");
  await thread.getByRole("button", { name: "Reply", exact: true }).tap();
  await expect(thread.getByRole("article").filter({ hasText: "Then at five" })).toBeVisible();
  await expect(page.getByRole("main")).toBeHidden();
  await page.getByRole("button", { name: "Back to the channel" }).tap();
  await expect(row.getByRole("button", { name: /1 reply/ })).toBeVisible();
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBe(0);
  await ines.leave();
});

test("a middle screen keeps its channels in a drawer", async ({ browser }) => {
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl", { viewport: { width: 900, height: 800 } });
  await hugo.signUp();
  const { page } = hugo;
  const browse = page.getByRole("button", { name: "Browse channels" });
  await expect(browse).toBeHidden();
  await page.getByRole("button", { name: "Channels", exact: true }).click();
  await expect(browse).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(browse).toBeHidden();
  await expect(page.getByRole("button", { name: "Channels", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("dialog", { name: "Hugo Brandl" })).toBeVisible();
  await hugo.leave();
});

test("the keyboard reaches every part and every action", async ({ browser }) => {
  const finn = await Person.arrive(browser, server.url, "Finn Osei");
  await finn.signUp();
  await finn.createChannel("keys");
  await finn.say("keys", "First words");
  await expect(finn.row("keys", "First words")).toBeVisible();
  const { page } = finn;
  const composer = finn.composer("keys");
  await expect(composer).toBeFocused();
  await page.keyboard.press("F6");
  await expect(finn.place("keys")).toBeFocused();
  await page.keyboard.press("F6");
  await expect(finn.log("keys")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(finn.log("keys")).toBeFocused();

  await page.keyboard.press("ArrowUp");
  await expect(finn.row("keys", "First words")).toBeFocused();
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "Edit the message" })).toBeFocused();
  await page.keyboard.type(" and more");
  await page.keyboard.press("Enter");
  await expect(finn.row("keys", "First words and more")).toBeFocused();
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "👍", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "👍, 1 person, you too" })).toBeVisible();
  await page.keyboard.press("r");
  await expect(page.getByRole("textbox", { name: "Reply" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Thread" })).toHaveCount(0);

  await finn.row("keys", "First words and more").getByRole("button", { name: "(edited)" }).click();
  const earlier = page.getByRole("dialog", { name: "Earlier texts" });
  await expect(earlier.getByText("First words", { exact: true })).toBeVisible();
  await expect(earlier.getByText("First words and more")).toBeVisible();
  await finn.leave();
});
