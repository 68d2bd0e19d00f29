/** Places without a mouse: what a channel is and who is in it, and finding what was said there. */

import { expect, test } from "@playwright/test";
import { inEveryDress, palette, press, searchUntil, tabTo, write } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
const server = served();

test.describe.configure({ timeout: 150_000 });

test("a channel's topic, level, keeping and people are changed, and the focus never leaves its dialog", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const otto = await Person.arrive(browser, server.url, "Otto Lang");
  await mara.signUp();
  await otto.signUp();
  await mara.createChannel(CHANNEL);
  const { page } = mara;
  const opener = page.getByRole("button", { name: "1 member" });
  await press(opener, "Enter", "Shift+Tab");
  const details = page.getByRole("dialog", { name: `#${CHANNEL}` });
  await press(details.getByRole("button", { name: "Edit" }));
  await expect(details.getByLabel("Name", { exact: true })).toBeFocused();
  await write(details.getByLabel("Topic"), "Boats and their people");
  await page.keyboard.press("Enter");
  await expect(details.getByText("Boats and their people")).toBeVisible();
  await expect(details.getByRole("button", { name: "Edit" })).toBeFocused();

  await press(details.getByRole("button", { name: "Mentions" }));
  await expect(details.getByRole("button", { name: "Mentions" })).toHaveAttribute("aria-pressed", "true");
  for (const level of ["Nothing", "Every message", "Mentions"]) {
    await press(details.getByRole("button", { name: level }), "Enter", level === "Every message" ? "Shift+Tab" : "Tab");
    await expect(details.getByRole("button", { name: level })).toHaveAttribute("aria-pressed", "true");
  }
  const keeping = details.getByLabel("Messages are kept");
  await tabTo(keeping);
  await page.keyboard.type("90");
  await expect(details.getByRole("button", { name: "Cancel" })).toBeFocused();
  await inEveryDress(page, "a channel's details, and a question in them");
  await page.keyboard.press("Escape");
  await expect(keeping).toBeFocused();
  await expect(details).toBeVisible();
  await page.keyboard.type("90");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(details.getByText("Saved")).toBeVisible();
  await expect(keeping).toHaveValue("90");

  await press(details.getByRole("button", { name: "Add people" }));
  await expect(details.getByLabel("Name or user name")).toBeFocused();
  await page.keyboard.type("otto");
  await press(details.getByRole("button", { name: /^Otto Lang/ }).first());
  await expect(details.getByText("Otto Lang was added")).toBeVisible();
  await press(details.getByRole("button", { name: "Remove Otto Lang" }));
  await expect(details.getByText("Otto Lang was removed")).toBeVisible();
  await press(details.getByRole("button", { name: "Leave the channel" }));
  await expect(details.getByRole("button", { name: "Stay" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(details.getByRole("button", { name: "Leave the channel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^\d members?$/ })).toBeFocused();

  await palette(otto.page, CHANNEL);
  await expect(otto.composer(CHANNEL)).toBeFocused();
  await press(otto.page.getByRole("button", { name: /^\d members?$/ }), "Enter", "Shift+Tab");
  await press(otto.page.getByRole("dialog").getByRole("button", { name: "Leave the channel" }));
  await otto.page.keyboard.press("Tab");
  await otto.page.keyboard.press("Enter");
  await expect(otto.place(CHANNEL)).toHaveCount(0);
  await palette(otto.page, "Browse channels");
  await press(otto.page.getByRole("dialog").getByRole("listitem").filter({ hasText: CHANNEL }).getByRole("button", { name: "Join" }));
  await expect(otto.composer(CHANNEL)).toBeFocused();
  expect([...mara.complaints, ...otto.complaints]).toEqual([]);
  await mara.leave();
  await otto.leave();
});

test("a search is narrowed by its filters and its order, and Esc closes one thing at a time", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp("Search");
  await ines.createChannel(CHANNEL);
  await ines.flood(["egret in the reeds", "egret on the roof", "see https://example.org/egret"]);
  const { page } = ines;
  await expect(ines.row(CHANNEL, "see https")).toBeVisible();
  await palette(page, "Search messages");
  const panel = page.getByRole("complementary", { name: "Search" });
  await expect(panel.getByRole("searchbox")).toBeFocused();
  await searchUntil(page, "egret", "3 messages");
  await press(panel.getByRole("button", { name: "Links" }), "Space");
  await expect(panel.getByRole("status").filter({ hasText: "1 message" })).toBeVisible();
  await press(panel.getByRole("button", { name: "In this channel" }), "Space", "Shift+Tab");
  await tabTo(panel.getByRole("combobox", { name: "Order" }));
  await page.keyboard.press("n");
  await expect(panel.getByRole("combobox", { name: "Order" })).toHaveValue("newest");
  await inEveryDress(page, "a search with filters");
  const hit = panel.getByRole("list", { name: "Messages found" }).getByRole("button");
  await press(hit);
  await expect(ines.row(CHANNEL, "see https")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(panel).toBeVisible();
  await page.keyboard.press("/");
  await expect(panel.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(ines.row(CHANNEL, "see https")).toBeFocused();
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});
