/** How one wants to be told: set in the settings, kept by the server, without a mouse. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("quiet hours are set by keyboard and are there after a reload", async ({ browser }) => {
  const nora = await Person.arrive(browser, server.url, "Nora Vik");
  await nora.signUp("Quiet");
  const { page } = nora;
  const section = page.getByRole("region", { name: "Notifications" });
  const open = async (): Promise<void> => {
    await page.getByRole("button", { name: "Settings" }).click();
    await expect(section).toBeVisible();
  };

  await open();
  await expect(section.getByText("This server sends no e-mail.")).toBeVisible();
  const quiet = section.getByRole("group", { name: "Quiet hours" });
  await quiet.getByRole("button", { name: "On" }).press("Enter");
  await section.getByLabel("From").fill("21:30");
  await section.getByRole("button", { name: "Sun" }).press("Space");
  await section.getByRole("button", { name: "Save quiet hours" }).press("Enter");
  await expect(section.getByText("Saved")).toBeVisible();

  await page.reload();
  await open();
  await expect(section.getByLabel("From")).toHaveValue("21:30");
  await expect(section.getByRole("button", { name: "Sun" })).toHaveAttribute("aria-pressed", "false");
  expect(nora.complaints).toEqual([]);
});
