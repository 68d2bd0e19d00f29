/** Without a mouse: jump, do, ask; and the page in another language. */

import { expect, test } from "@playwright/test";
import { closeDialog } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("the palette jumps to a channel, does things, and gives the focus back", async ({ browser }) => {
  const dora = await Person.arrive(browser, server.url, "Dora Lind");
  await dora.signUp("Palette");
  await dora.createChannel("alpha");
  await dora.createChannel("beta");
  const { page } = dora;
  const box = page.getByRole("combobox", { name: "Where to, or what to do" });

  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await page.keyboard.type("alp");
  await expect(page.getByRole("option", { name: "alpha" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(dora.composer("alpha")).toBeVisible();

  await dora.composer("alpha").focus();
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(box).toHaveCount(0);
  await expect(dora.composer("alpha")).toBeFocused();

  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await page.keyboard.type("create a ch");
  await expect(page.getByRole("option", { name: "Create a channel" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Create a channel" })).toBeVisible();
  await closeDialog(page);

  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await page.keyboard.type("dark");
  await expect(page.getByRole("option", { name: /dark/i }).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect.poll(ground).not.toBe(light);
  expect(dora.complaints).toEqual([]);
  await dora.leave();
});

test("the page speaks the browser's language, and the chosen one before that", async ({ browser }) => {
  const uwe = await Person.arrive(browser, server.url, "Uwe Brandt", { locale: "de-DE" });
  const { page } = uwe;
  await expect(page.getByRole("heading", { name: "Anmelden" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  await page.getByLabel("Dein Name").fill("Uwe Brandt");
  await page.getByLabel("E-Mail").fill(uwe.email);
  await page.getByLabel("Passwort", { exact: true }).fill("ein langer Weg am Meer 41");
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  await page.getByRole("button", { name: "Einstellungen" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("button", { name: "Settings" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  expect(uwe.complaints).toEqual([]);
  await uwe.leave();
});
