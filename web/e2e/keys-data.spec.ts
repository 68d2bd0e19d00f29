/** Asking the data without a mouse: a connection, its schema, SQL, a question, its answer and where it comes from. */

import { expect, test } from "@playwright/test";
import { inEveryDress, palette, press, tabTo, write } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test.describe.configure({ timeout: 150_000 });

test("a connection is filled in, what is wrong with it is said, mended, and left", async ({ browser }) => {
  const otis = await Person.arrive(browser, server.url, "Otis Falk");
  await otis.signUp("Form");
  const { page } = otis;
  await palette(page, "Data");
  await press(page.getByRole("button", { name: "Connect data" }));
  const form = page.getByRole("region", { name: /^Connect / });
  await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
  await press(form.getByRole("button", { name: "MySQL" }), "Enter", "Shift+Tab");
  await expect(page.getByRole("region", { name: "Connect MySQL" }).getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("Ledger");
  await write(form.getByLabel("Host"), "127.0.0.1");
  await write(form.getByLabel(/^Port/), "1");
  await write(form.getByLabel("Database"), "ledger");
  await tabTo(form.getByLabel("TLS"));
  await page.keyboard.type("dis");
  await write(form.getByLabel("User", { exact: true }), "reader");
  await page.keyboard.press("Enter");
  await expect(form.getByText(/nothing listens at its host and port/)).toBeVisible();
  await write(form.getByLabel("Host"), "");
  await page.keyboard.press("Enter");
  await expect(form.getByLabel("Host")).toBeFocused();
  await inEveryDress(page, "a connection that does not connect");
  await press(form.getByRole("button", { name: "Cancel" }));
  await expect(form).toHaveCount(0);
  expect(otis.complaints).toEqual([]);
  await otis.leave();
});

test("a connection is opened, its tables walked, SQL refused, mended, run and saved, and a question asked", async ({ browser }) => {
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await wren.signUp("Keys");
  const { page } = wren;
  await palette(page, "Data");
  await press(page.getByRole("button", { name: "Try it with the demo shop" }));
  await press(page.getByRole("button", { name: "Open Demo shop" }), "Enter", "Shift+Tab");

  const tree = page.getByRole("tree");
  await tabTo(tree.getByRole("treeitem").first(), "Shift+Tab");
  await page.keyboard.press("ArrowDown");
  await expect(tree.getByRole("treeitem").nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(tree.getByRole("treeitem").nth(1)).toHaveAttribute("aria-expanded", "true");

  const sql = page.getByRole("textbox", { name: "SQL" });
  await tabTo(sql);
  await page.keyboard.type("SELECT count(*) AS found FROM nowhere");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("Refused before it ran");
  await page.keyboard.press("F8");
  await expect(sql).toBeFocused();
  // The place of the error is marked: what is typed replaces it.
  await page.keyboard.press("Control+a");
  await page.keyboard.type("SELECT count(*) AS found FROM orders");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("columnheader", { name: "found" })).toBeVisible();
  await inEveryDress(page, "the workbench with a result");
  await tabTo(sql, "Shift+Tab");
  await press(page.getByRole("button", { name: "Save", exact: true }), "Enter", "Shift+Tab");
  await tabTo(page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("Count them");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Open Count them" })).toBeVisible();

  await palette(page, "default");
  await expect(wren.composer("default")).toBeFocused();
  await page.keyboard.press("Control+j");
  await expect(page.getByRole("textbox", { name: "Ask the data a question" })).toBeFocused();
  await page.keyboard.type("How many orders by status?");
  await page.keyboard.press("Enter");
  const answer = page.getByRole("group", { name: "Answer", exact: true });
  await expect(answer.locator("canvas")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(wren.composer("default")).toBeFocused();
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("ArrowUp");
  const traced = answer.getByRole("button", { name: /traced to row/ }).first();
  await press(traced);
  await expect(answer.locator("td.src")).toHaveCount(1);
  await press(answer.getByRole("columnheader").last().getByRole("button"));
  const numbers = (await answer.locator("td.n").allInnerTexts()).map((text) => Number(text.replace(/\D/g, "")));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  await press(answer.getByRole("button", { name: /^SQL/ }));
  await expect(answer.locator("pre.sql")).toContainText(/select/i);
  await inEveryDress(page, "an answer with its SQL");
  await press(answer.getByRole("button", { name: "Verify" }));
  await expect(answer.getByText("Verified by Wren Alder")).toBeVisible();
  expect(wren.complaints).toEqual([]);
  await wren.leave();
});
