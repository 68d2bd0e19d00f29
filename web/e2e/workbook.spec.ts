/** A workbook becomes a connection: every sheet a table that can be asked. */

import { expect, test } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";
import { workbook } from "./workbook";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const server = served();

test("a workbook is uploaded, looked at and asked", async ({ browser }) => {
  const finn = await Person.arrive(browser, server.url, "Finn Osei");
  await finn.signUp("Osei Tides");
  const { page } = finn;
  await page.getByRole("button", { name: "Data", exact: true }).click();
  await page.getByRole("button", { name: "Connect data" }).click();
  await page.getByRole("button", { name: "Excel workbook" }).click();
  await expect(page.getByRole("button", { name: "Upload" })).toBeDisabled();
  await expectNoFaults(page, "before a file is chosen");
  const buffer = workbook({
    harbours: [["harbour", "berths"], ["Wick", 80], ["Oban", 36], ["Stornoway", 110]],
    tides: [["harbour", "height"], ["Wick", 3.1], ["Oban", 4]],
  });
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "coast.xlsx", mimeType: XLSX, buffer });
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("coast");
  await page.getByLabel("Name", { exact: true }).fill("The coast");
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("The coast is connected")).toBeVisible();

  await page.getByRole("button", { name: "Open The coast" }).click();
  await expect(page.getByRole("treeitem")).toHaveCount(2);
  await page.getByRole("treeitem", { name: /^harbours/ }).click();
  const details = page.getByRole("complementary", { name: "harbours" });
  await expect(details).toContainText("Never empty · 3 values");
  await expect(details.locator(".examples").first()).toContainText("Examples");
  const sql = page.getByRole("textbox", { name: "SQL" });
  await sql.fill("SELECT sum(berths) AS berths FROM harbours");
  await sql.press("Control+Enter");
  await expect(page.getByRole("cell", { name: "226" })).toBeVisible();

  await finn.place("default").click();
  await finn.say("default", "/ask How many harbours are there?");
  const answer = page.getByRole("group", { name: "Answer", exact: true });
  await expect(answer.locator(".say, .kpi").first()).toContainText("3");
  expect(finn.complaints).toEqual([]);
  await finn.leave();
});

test("a file that is no workbook is refused in words, and can be chosen again", async ({ browser }) => {
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await wren.signUp("Alder Tides");
  const { page } = wren;
  await page.getByRole("button", { name: "Data", exact: true }).click();
  await page.getByRole("button", { name: "Connect data" }).click();
  await page.getByRole("button", { name: "Excel workbook" }).click();
  const file = page.getByLabel("File", { exact: true });
  await file.setInputFiles({ name: "coast.xlsx", mimeType: XLSX, buffer: Buffer.from("port,height\nWick,3.1\n") });
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.locator(".trouble")).toHaveText(/^File: the file is not a workbook\.$/);
  await expect(page.getByRole("button", { name: "Upload" })).toBeEnabled();
  await file.setInputFiles({ name: "coast.xlsx", mimeType: XLSX, buffer: workbook({ tides: [["harbour", "height"], ["Oban", 4]] }) });
  await expect(page.locator(".trouble")).toHaveCount(0);
  await page.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("coast is connected")).toBeVisible();
  await wren.leave();
});
