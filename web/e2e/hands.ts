/** Hands that know only the keyboard, and eyes that see every dress of the page. */

import { expect, type Locator, type Page } from "@playwright/test";
import { expectNoFaults } from "./faults";

export const WIDTHS = { wide: 1440, middle: 900, phone: 390 } as const;
export const HEIGHT = 844;
/** More stops than any screen has: further away is not reachable. */
const STOPS_MAX = 150;

/** Goes on with Tab until something has the focus. */
export async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await expect(target).toBeVisible();
  const page = target.page();
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no Tab leads to ${target}`);
}

/** Goes there by Tab and presses a key on it. */
export async function press(target: Locator, key = "Enter", way: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await tabTo(target, way);
  await target.page().keyboard.press(key);
}

/** Goes to a field by Tab and writes in it, over what is there. */
export async function write(field: Locator, text: string): Promise<void> {
  await tabTo(field);
  await field.page().keyboard.press("Control+a");
  await field.page().keyboard.type(text);
}

/** Something inside has the focus. */
export async function expectWithin(part: Locator): Promise<void> {
  await expect.poll(() => part.evaluate((element) => element.contains(document.activeElement))).toBe(true);
}

/** Does what the palette has under this name. */
export async function palette(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Where to, or what to do" })).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.getByRole("option", { name }).first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
}

/** Esc, and it is gone: the browser hides a dialog a moment before the page knows. */
export async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog")).toHaveCount(0);
}

/** In the field of the search, which has the focus: what was just written is found a moment later, so it is looked for until it is. */
export async function searchUntil(page: Page, words: string, said: string): Promise<void> {
  await expect(page.getByRole("searchbox")).toBeFocused();
  await expect(async () => {
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Delete");
    await page.keyboard.type(words);
    await expect(page.getByRole("status").filter({ hasText: said })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
}

/** Three widths and two themes; what is open stays open. */
export async function inEveryDress(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [name, width] of Object.entries(WIDTHS)) {
      await page.setViewportSize({ width, height: HEIGHT });
      await expectNoFaults(page, `${what}, ${name}, ${colorScheme}`);
    }
  }
  await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
}
