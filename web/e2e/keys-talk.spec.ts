/** Talking without a mouse: from a channel that is not there yet to a message that is gone again. */

import { expect, test } from "@playwright/test";
import { closeDialog, inEveryDress, palette, press, write } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test.describe.configure({ timeout: 150_000 });

test("a channel is made, a command and names are completed, a message is edited, reacted to, answered and deleted", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp();
  const { page } = mara;
  await palette(page, "Create a channel");
  await expect(page.getByRole("dialog").getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("quay");
  await page.keyboard.press("Enter");
  const box = mara.composer("quay");
  await expect(box).toBeFocused();

  await page.keyboard.type("/to");
  await expect(page.getByRole("listbox", { name: "Commands" }).getByRole("option", { selected: true })).toContainText("/topic");
  await inEveryDress(page, "commands to choose from");
  await page.keyboard.press("Tab");
  await expect(box).toHaveValue("/topic ");
  await page.keyboard.type("Low water at six");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByText("Low water at six").first()).toBeVisible();

  await page.keyboard.type("Bring a lamp ");
  await press(page.getByRole("button", { name: "Choose an emoji" }));
  const grid = page.getByRole("group", { name: "Choose an emoji" });
  await expect(grid.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Choose an emoji" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(grid.getByRole("button").nth(9)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(/^Bring a lamp \S+$/);
  await page.keyboard.press("Enter");
  await mara.sent("quay", "Bring a lamp");

  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("textbox", { name: "Edit the message" })).toBeFocused();
  await page.keyboard.type("and boots");
  await page.keyboard.press("Enter");
  const row = mara.row("quay", "and boots");
  await expect(row).toContainText("edited");
  await expect(box).toBeFocused();

  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("ArrowUp");
  await expect(row).toBeFocused();
  await page.keyboard.press("+");
  await expect(row.getByRole("button", { name: "👍", exact: true })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(row.getByRole("button", { name: /, 1 person, you too$/ })).toBeVisible();
  await expect(row).toBeFocused();
  await page.keyboard.press("r");
  const thread = page.getByRole("complementary", { name: "Thread" });
  await expect(thread.getByRole("textbox", { name: "Reply" })).toBeFocused();
  await page.keyboard.type("And a rope");
  await page.keyboard.press("Enter");
  await expect(thread.getByRole("article").filter({ hasText: "And a rope" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(thread).toHaveCount(0);
  await expect(row).toBeFocused();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(mara.row("quay", "This message was deleted.")).toBeVisible();
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("a message is pinned, found among the pins, shown in its place, and taken off", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp("Pins");
  await ines.createChannel("pier");
  const { page } = ines;
  await expect(ines.composer("pier")).toBeFocused();
  await page.keyboard.type("The key is under the stone");
  await page.keyboard.press("Enter");
  const row = await ines.sent("pier", "The key is under the stone");
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("p");
  await expect(row.getByText("Pinned by Ines Barroca")).toBeVisible();
  await palette(page, "Pinned messages");
  const pins = page.getByRole("dialog").getByRole("region", { name: "Pinned messages" });
  await expect(pins.getByRole("listitem")).toHaveCount(1);
  await inEveryDress(page, "a channel's pins");
  await press(pins.getByRole("button", { name: /The key is under the stone/ }));
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(row).toBeFocused();
  await palette(page, "Pinned messages");
  await press(pins.getByRole("button", { name: "Take the pin off" }));
  await expect(pins.getByText("Nothing is pinned here.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row).toBeFocused();
  await expect(row.getByText("Pinned by")).toHaveCount(0);
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});

test("people write to each other, and each sees what the other has read", async ({ browser }) => {
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  const rosa = await Person.arrive(browser, server.url, "Rosa Klein");
  await hugo.signUp();
  await rosa.signUp();
  await palette(hugo.page, "Rosa Klein");
  await expect(hugo.page.getByRole("textbox", { name: "Message Rosa Klein" })).toBeFocused();
  await hugo.page.keyboard.type("Are you at the pier?");
  await hugo.page.keyboard.press("Enter");
  await expect(rosa.place("Hugo Brandl").locator(".badge")).toHaveText(/1/);
  await palette(rosa.page, "Hugo Brandl");
  await expect(rosa.page.getByText("Are you at the pier?")).toBeVisible();
  await expect(hugo.page.getByText("Seen", { exact: true })).toBeVisible();

  await palette(rosa.page, "Browse channels");
  await expect(rosa.page.getByRole("dialog", { name: "Browse channels" })).toBeVisible();
  await closeDialog(rosa.page);
  await palette(rosa.page, "New direct message");
  await write(rosa.page.getByLabel("Name or user name"), "hugo");
  await press(rosa.page.getByRole("dialog").getByRole("button", { name: /^Hugo Brandl/ }));
  await expect(rosa.page.getByRole("textbox", { name: "Message Hugo Brandl" })).toBeFocused();
  await rosa.page.keyboard.type("Nearly");
  await rosa.page.keyboard.press("Enter");
  await expect(hugo.page.getByText("Nearly")).toBeVisible();
  for (const person of [hugo, rosa]) {
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
});
