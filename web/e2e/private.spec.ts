/** Answers that are not everyone's: private conversations, and data that only some may see. */

import { expect, test, type Page } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";

const COUNT = "How many orders are there?";
const server = served();

test("a private conversation is asked, renamed, pinned and taken away", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Low Tide");
  const { page } = mara;
  await makeShop(page);
  await page.getByRole("button", { name: "New private question" }).click();
  const box = page.getByRole("textbox", { name: "Ask the data a question" });
  await box.fill(COUNT);
  await box.press("Enter");
  await expect(page.getByRole("group", { name: "Answer", exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: COUNT })).toBeVisible();
  await box.fill("and by status?");
  await box.press("Enter");
  await expect(page.getByRole("group", { name: "Answer", exact: true })).toHaveCount(2);

  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill("Orders");
  await page.keyboard.press("Enter");
  await expect(mara.place("Orders")).toBeVisible();
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await expect(page.getByRole("button", { name: "Unpin" })).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(mara.place("Orders")).toHaveCount(0);
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("an answer over data that not everyone may see stays a note for the others", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  const { page } = ines;
  await makeShop(page);
  await page.getByRole("button", { name: "Access to Demo shop" }).click();
  await page.getByRole("button", { name: "Chosen people" }).click();
  await expect(page.getByText("1 person")).toBeVisible();

  await ines.createChannel("pay");
  await hugo.joinChannel("pay");
  await ines.say("pay", `/ask ${COUNT}`);
  const answer = page.getByRole("group", { name: "Answer", exact: true });
  await expect(answer).toContainText("Not everyone here may see this");
  const note = hugo.page.getByRole("note");
  await expect(note).toContainText("This answer is private.");
  await expect(hugo.page.getByRole("group", { name: "Answer", exact: true })).toHaveCount(0);
  await hugo.page.reload();
  await hugo.page.getByRole("button", { name: "Open it if I may" }).click();
  await expect(hugo.page.getByRole("note")).toContainText("Ask an admin for access");
  expect([...ines.complaints, ...hugo.complaints]).toEqual([]);
  await ines.leave();
  await hugo.leave();
});

for (const theme of ["light", "dark"] as const) {
  test(`asking and the pages about data hide nothing from anyone, ${theme}`, async ({ browser }) => {
    const wren = await Person.arrive(browser, server.url, `Wren ${theme}`, { colorScheme: theme });
    await wren.signUp(`Wren's ${theme}`);
    const { page } = wren;
    await makeShop(page);
    await expectNoFaults(page, "connections");
    await page.getByRole("button", { name: "Connect data" }).click();
    await expectNoFaults(page, "a new connection");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Open Demo shop" }).click();
    await page.getByRole("treeitem", { name: /^orders/ }).click();
    await page.getByRole("textbox", { name: "SQL" }).fill("DELETE FROM orders");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("alert")).toContainText("Refused before it ran");
    await expectNoFaults(page, "the workbench");
    await wren.place("default").click();
    await wren.say("default", "/ask How many orders by month?");
    await expect(page.getByRole("group", { name: "Answer", exact: true }).locator("canvas")).toBeVisible();
    await page.getByRole("button", { name: /^SQL/ }).click();
    await expectNoFaults(page, "an answer");
    await wren.leave();
  });
}

async function makeShop(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Data", exact: true }).click();
  await page.getByRole("button", { name: "Try it with the demo shop" }).click();
  await expect(page.getByRole("button", { name: "Open Demo shop" })).toBeVisible();
}
