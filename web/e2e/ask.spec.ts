/** Asking the data: the demo shop, two browsers, the real server and its built-in assistant. */

import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const SHOP = /demo/i;
const COUNT = "How many orders are there?";
const server = served();

test("two people see the same answer to one question", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await mara.signUp();
  await jonas.signUp();
  await connectShop(mara.page);
  await mara.createChannel("orders");
  await jonas.joinChannel("orders");

  await mara.page.getByRole("button", { name: "Ask data" }).click();
  const box = mara.page.getByRole("textbox", { name: "Ask the data a question" });
  await expect(mara.page.getByText("Everyone in #orders will see the answer")).toBeVisible();
  await box.fill(COUNT);
  await box.press("Enter");
  const answer = answerOf(mara.page);
  await expect(answer).toBeVisible();
  await expect(answerOf(jonas.page)).toBeVisible();
  const said = await answer.locator(".say").innerText();
  expect(said).toMatch(/\d/);
  await expect(answerOf(jonas.page).locator(".say")).toHaveText(said);
  await expect(jonas.row("orders", COUNT).first()).toBeVisible();

  await answer.getByRole("button", { name: /^SQL/ }).click();
  await expect(answer.locator("pre.sql")).toContainText(/select/i);
  await answer.getByRole("button", { name: "Verify" }).click();
  await expect(answer.getByText("Verified by Mara Veld")).toBeVisible();

  // A reload reads it from history, with its data.
  await jonas.page.reload();
  await expect(answerOf(jonas.page).locator(".say")).toHaveText(said);
  expect([...mara.complaints, ...jonas.complaints]).toEqual([]);
  await mara.leave();
  await jonas.leave();
});

test("a chart is drawn beside its table, and the table can be sorted", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp();
  await connectShop(ines.page);
  await ines.createChannel("charts");
  await ines.say("charts", "/ask How many orders by status?");
  const answer = answerOf(ines.page);
  await expect(answer.getByRole("img")).toHaveAttribute("aria-label", /chart: .+The table holds the same numbers/);
  await expect(answer.locator("canvas")).toBeVisible();
  const cells = answer.locator("td.n");
  await answer.getByRole("columnheader").last().getByRole("button").click();
  const numbers = (await cells.allInnerTexts()).map((text) => Number(text.replace(/\D/g, "")));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});

test("a slow question is cancelled, and says so", async ({ browser }) => {
  const model = await silentModel();
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await hugo.signUp("Slow Water");
  await connectShop(hugo.page);
  await hugo.page.getByRole("button", { name: "Settings" }).click();
  const part = hugo.page.getByRole("region", { name: "Model" });
  await part.getByRole("button", { name: "OpenAI or compatible" }).click();
  await part.getByLabel("Model", { exact: true }).fill("silent");
  await part.getByLabel("Address").fill(model.url);
  await part.getByLabel("Key").fill("none");
  await part.getByRole("button", { name: "Save" }).click();
  await expect(part.getByText("Saved")).toBeVisible();
  await hugo.page.keyboard.press("Escape");

  await hugo.createChannel("slow");
  await hugo.say("slow", `/ask ${COUNT}`);
  const card = hugo.page.getByRole("group", { name: "Question in progress" });
  await expect(card.locator("[aria-current=step]")).toContainText("Writing the SQL");
  await card.getByRole("button", { name: "Cancel" }).click();
  await expect(hugo.page.getByText("Cancelled").first()).toBeVisible();
  await hugo.leave();
  await model.close();
});

test("the SQL editor shows the guard's refusal at its place, and runs what may run", async ({ browser }) => {
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await wren.signUp();
  const { page } = wren;
  await connectShop(page);
  await page.getByRole("button", { name: /^Open .*demo/i }).click();
  const sql = page.getByRole("textbox", { name: "SQL" });
  await sql.fill("SELECT count(*)\nFROM no_such_table");
  await sql.press("Control+Enter");
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("Refused before it ran");
  await expect(refusal).toContainText("line 2");
  await refusal.getByRole("button", { name: "Go to line 2" }).click();
  await expect(sql).toBeFocused();

  const table = await page.getByRole("treeitem").first().locator(".grow").innerText();
  await sql.fill(`SELECT count(*) AS found FROM ${table}`);
  await sql.press("Control+Enter");
  await expect(page.getByRole("columnheader", { name: "found" })).toBeVisible();

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Name").fill("Count them");
  await page.getByRole("form", { name: "Save this query" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Open Count them" })).toBeVisible();
  expect(wren.complaints).toEqual([]);
  await wren.leave();
});

test("a connection is tested, described and uploaded", async ({ browser }) => {
  const finn = await Person.arrive(browser, server.url, "Finn Osei");
  await finn.signUp("Osei Tides");
  const { page } = finn;
  await connectShop(page);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: /^Open .*demo/i }) });
  await row.getByRole("button", { name: "Test" }).click();
  await expect(row.getByText(/tables? found/)).toBeVisible();

  await page.getByRole("button", { name: "Connect data" }).click();
  await page.getByRole("button", { name: "CSV file" }).click();
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "tides.csv", mimeType: "text/csv", buffer: Buffer.from("port,height\nWick,3.1\nOban,4.0\n") });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByRole("button", { name: "Open tides" })).toBeVisible();
  expect(finn.complaints).toEqual([]);
  await finn.leave();
});

/** The demo shop is there once; whoever comes first makes it. */
async function connectShop(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Data", exact: true }).click();
  const shop = page.getByRole("button", { name: /^Open .*demo/i });
  const offer = page.getByRole("button", { name: "Try it with the demo shop" });
  await expect(shop.or(offer)).toBeVisible();
  if (await offer.isVisible()) await offer.click();
  await expect(shop).toHaveText(SHOP);
}

function answerOf(page: Page): Locator {
  return page.getByRole("group", { name: "Answer", exact: true }).last();
}

/** A model that takes every question and never answers one. */
async function silentModel(): Promise<{ url: string; close(): Promise<void> }> {
  const listener: HttpServer = createServer(() => undefined);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        listener.closeAllConnections();
        listener.close(() => resolve());
      }),
  };
}
