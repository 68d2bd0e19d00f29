/**
 * Where the focus is: always somewhere that can be seen, back where it was after what took it, also when the window
 * had another width meanwhile; and Esc closes what lies on top, and only that.
 */

import { expect, test, type Page } from "@playwright/test";
import { expectWithin, HEIGHT, palette, press, tabTo, WIDTHS } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
/** Twice around everything that is on a screen of these. */
const STOPS = 120;
/** Fewer stops has none of them. */
const STOPS_LEAST = 8;
const server = served();

test("what closes gives the focus back, whatever width the window has by then", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Focus");
  await mara.createChannel(CHANNEL);
  await mara.flood(Array.from({ length: 40 }, (_, index) => `Message ${index}: the tide comes in, and it goes out again, and it comes in once more.`));
  const { page } = mara;
  const row = mara.row(CHANNEL, "Message 38:");
  await expect(mara.row(CHANNEL, "Message 39:")).toBeVisible();
  const remind = page.getByRole("dialog", { name: "Remind me of this" });
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(row).toBeFocused();
  await press(row.getByRole("button", { name: "Remind me" }));
  await expect(remind).toBeVisible();
  await page.setViewportSize({ width: WIDTHS.phone, height: HEIGHT });
  await page.setViewportSize({ width: WIDTHS.middle, height: HEIGHT });
  await page.keyboard.press("Escape");
  await expect(remind).toHaveCount(0);
  await expectWithin(row);

  await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
  await tabTo(page.getByRole("button", { name: "Settings" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Mara Veld" })).toBeVisible();
  // What opened it is not on a phone's screen.
  await page.setViewportSize({ width: WIDTHS.phone, height: HEIGHT });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(mara.composer(CHANNEL)).toBeFocused();
  // The caret came back with it: what is typed is written.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Escape");
  // Gone, and not only out of sight: the browser hides it a moment before the page knows.
  await expect(page.locator("dialog")).toHaveCount(0);
  await page.keyboard.type("on we go");
  await expect(mara.composer(CHANNEL)).toHaveValue("on we go");
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("Esc closes what lies on top, one at a time", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp("Layers");
  await ines.createChannel(CHANNEL);
  const { page } = ines;
  await expect(ines.composer(CHANNEL)).toBeFocused();
  await page.keyboard.type("First words");
  await page.keyboard.press("Enter");
  const row = await ines.sent(CHANNEL, "First words");
  await page.keyboard.press("Shift+F6");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("r");
  const thread = page.getByRole("complementary", { name: "Thread" });
  const reply = thread.getByRole("textbox", { name: "Reply" });
  await expect(reply).toBeFocused();

  await palette(page, "Keyboard help");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(reply).toBeFocused();
  await page.keyboard.type(":tad");
  await expect(thread.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(thread.getByRole("listbox")).toHaveCount(0);
  await press(thread.getByRole("button", { name: "Choose an emoji" }));
  await page.keyboard.press("Escape");
  await expect(thread).toBeVisible();
  await tabTo(thread.getByRole("log"), "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await expect(thread.getByRole("article").last()).toBeFocused();
  await page.keyboard.press("+");
  await expect(thread.getByRole("button", { name: "👍", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(thread.getByRole("button", { name: "👍", exact: true })).toHaveCount(0);
  await expect(thread).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(thread).toHaveCount(0);
  await expect(row).toBeFocused();
  await page.keyboard.press("e");
  await expect(page.getByRole("textbox", { name: "Edit the message" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(row).toBeFocused();
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});

test("every stop of the Tab key can be seen, and none holds it", async ({ browser }) => {
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await hugo.signUp("Stops");
  await hugo.createChannel(CHANNEL);
  const { page } = hugo;
  await expect(hugo.composer(CHANNEL)).toBeFocused();
  await page.keyboard.type("Some words with a [link](https://example.org) and\n\n```\na line of code\n```");
  await page.keyboard.press("Enter");
  await expect(hugo.row(CHANNEL, "Some words")).toBeVisible();
  await goRound(page, "the channel");
  for (const [address, shown] of [["data", "Data"], ["admin/people", "People"], ["admin/health", "Health"]] as const) {
    await page.evaluate((hash) => (location.hash = hash), address);
    await expect(page.getByRole("heading", { level: 1, name: shown })).toBeVisible();
    await goRound(page, address);
  }
  await palette(page, "Settings");
  await expect(page.getByRole("dialog").getByRole("form", { name: "Bots" })).toBeVisible();
  await goRound(page, "settings");
  expect(hugo.complaints).toEqual([]);
  await hugo.leave();
});

/** Tab until a stop comes again; each has an outline, or a frame that is drawn for it. */
async function goRound(page: Page, where: string): Promise<void> {
  const seen = new Set<string>();
  for (let stop = 0; stop < STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const active = document.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body) return null;
      const drawn = (element: Element | null): boolean => {
        if (element === null) return false;
        const style = getComputedStyle(element);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      };
      const box = active.getBoundingClientRect();
      // The window's own controls inside a field (hours, minutes) are stops of one element.
      active.dataset["stop"] ??= String(Math.random());
      const frame = active.closest(".comp, .edit-box, .attach, .code-box");
      return { key: active.dataset["stop"], html: active.outerHTML.slice(0, 120), visible: box.width > 0 && box.height > 0 && (drawn(active) || drawn(frame)) };
    });
    // A round is over at the window's edge; it may have begun near to it.
    if (found === null && seen.size >= STOPS_LEAST) return;
    if (found === null) continue;
    expect(found.visible, `${where}: ${found.html}`).toBe(true);
    const again = seen.has(found.key);
    seen.add(found.key);
    if (again && seen.size > 3 && stop > seen.size + 8) return;
  }
  // A round is over within the stops that there are, or goes on through new ones: never the same few.
  expect(seen.size, `${where}: distinct stops`).toBeGreaterThan(STOPS / 4);
}
