/** What the pictures show, by the demo organization's people. */

import { expect, type Page } from "@playwright/test";
import type { Server } from "../e2e/server";

const LOGIN = "mara@heron-quill.example";
const PASSWORD = "a quiet reading corner";
const PHONE_MAX_PX = 767;
/** The page keeps what it shows this long after a change, at the latest. */
const KEPT_AFTER_MS = 3_500;
const LINE_WITHIN_MS = 15_000;

export interface Scene {
  /** Before signing in. */
  outside?: boolean;
  play(page: Page, onPhone: boolean, server: Server): Promise<void>;
  /** Puts back what the scene broke. */
  after?(server: Server): Promise<void>;
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail or user name").fill(LOGIN);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("log")).toBeVisible();
}

/** On a phone the channels are behind the way back, on a middle screen in the drawer. */
async function openChannel(page: Page, name: string | RegExp, withWords = true): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  if (width <= PHONE_MAX_PX) await page.getByRole("button", { name: "Back to channels" }).click();
  else if (width < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
  await page.getByRole("complementary", { name: "Workspace" }).getByRole("button", { name }).click();
  if (withWords) await expect(page.locator("article.msg").first()).toBeVisible();
}

/** From a page that is no channel: the list is in sight on a phone already. */
async function openChannelHere(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  if (width > PHONE_MAX_PX && width < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
  await page.getByRole("complementary", { name: "Workspace" }).getByRole("button", { name }).click();
  await expect(page.locator("article.msg").first()).toBeVisible();
}

/** The demo shop is there once; the first scene that needs it makes it. */
async function openData(page: Page): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  if (width <= PHONE_MAX_PX) await page.getByRole("button", { name: "Back to channels" }).click();
  await page.getByRole("button", { name: "Data", exact: true }).click();
  const shop = page.getByRole("button", { name: "Open Demo shop" });
  const offer = page.getByRole("button", { name: "Try it with the demo shop" });
  await expect(shop.or(offer)).toBeVisible();
  if (await offer.isVisible()) await offer.click();
  await expect(shop).toBeVisible();
}

async function openSettings(page: Page, onPhone: boolean): Promise<void> {
  await page.getByRole("button", onPhone ? { name: "You", exact: true } : { name: "Settings" }).click();
  await expect(page.getByRole("dialog").getByRole("form", { name: "Access tokens" })).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("form", { name: "Incoming webhooks" })).toBeVisible();
}

async function openDetails(page: Page): Promise<void> {
  await page.getByRole("button", { name: /members$/ }).click();
  await expect(page.getByRole("dialog").getByLabel("Messages are kept")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
}

async function ask(page: Page, onPhone: boolean, question: string): Promise<void> {
  await openData(page);
  if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
  await openChannelHere(page, "web-shop");
  await page.getByRole("button", { name: /^Ask data/ }).click();
  const box = page.getByRole("textbox", { name: "Ask the data a question" });
  await box.fill(question);
  await box.press("Enter");
  // What was asked before may stand above: its own words head the chart.
  const answer = page.getByRole("group", { name: "Answer", exact: true }).last();
  await expect(answer).toContainText(question.replace("?", ""));
  await expect(answer.locator("canvas")).toBeVisible();
}

const HOSTILE = [
  "# Not a heading\n\n<script>alert(1)</script> <b onclick=alert(1)>bold</b> ![cat](https://cats.example/c.png) [go](javascript:alert(1))",
  "| a | b |\n|-|-|\n| 1 | `two` |\n\n> quoted **strong** ~~gone~~\n\n1. one\n2. two\n   - three\n\n```\nlet narrow = 'a very long line of code that does not fit on any phone and has to scroll sideways';\n```",
  "A".repeat(400),
];

export const SCENES: Record<string, Scene> = {
  "sign-in": { outside: true, play: async (page) => void (await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible()) },
  "sign-up": { outside: true, play: (page) => page.getByRole("button", { name: "Create an account" }).click() },
  guest: { outside: true, play: (page) => page.getByRole("button", { name: "join as a guest" }).click() },
  wrong: {
    outside: true,
    play: async (page) => {
      await page.getByLabel("E-mail or user name").fill("mara");
      await page.getByLabel("Password", { exact: true }).fill("not this one");
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  empty: { play: (page) => openChannel(page, "default", false) },
  channel: { play: (page) => openChannel(page, "web-shop") },
  thread: {
    play: async (page, onPhone) => {
      await openChannel(page, "web-shop");
      const row = page.locator("article.msg").last();
      await (onPhone ? row.tap() : row.hover());
      await row.getByRole("button", { name: "Reply in thread" }).click();
      for (const words of ["Good. Then support can answer those mails today.", "And I put it on the checkout page, so that nobody has to ask."]) {
        await page.getByRole("textbox", { name: "Reply" }).fill(words);
        await page.keyboard.press("Enter");
      }
      await expect(page.getByRole("complementary", { name: "Thread" }).getByText("Sending")).toHaveCount(0);
    },
  },
  hostile: {
    play: async (page) => {
      await openChannel(page, "default", false);
      const box = page.getByRole("textbox", { name: "Message #default" });
      for (const text of HOSTILE) {
        await box.fill(text);
        await box.press("Enter");
      }
      await expect(page.getByText("Sending")).toHaveCount(0);
    },
  },
  settings: { play: openSettings },
  notifications: {
    play: async (page, onPhone) => {
      await openSettings(page, onPhone);
      const section = page.getByRole("region", { name: "Notifications" });
      await section.getByRole("group", { name: "Quiet hours" }).getByRole("button", { name: "On", exact: true }).click();
      await expect(section.getByLabel("From")).toBeVisible();
      await section.evaluate((element) => element.scrollIntoView());
    },
  },
  german: {
    play: async (page, onPhone) => {
      await openSettings(page, onPhone);
      await page.getByRole("button", { name: "Deutsch" }).click();
      await page.getByRole("button", onPhone ? { name: "Du", exact: true } : { name: "Einstellungen" }).click();
      await page.getByRole("region", { name: "Benachrichtigungen" }).evaluate((element) => element.scrollIntoView());
    },
  },
  "german-admin": {
    play: async (page, onPhone) => {
      await openSettings(page, onPhone);
      await page.getByRole("button", { name: "Deutsch" }).click();
      await expect(page.getByRole("log")).toBeVisible();
      await page.evaluate(() => (location.hash = "admin/people"));
      await expect(page.getByRole("form").first()).toBeVisible();
    },
  },
  pins: {
    play: async (page, onPhone) => {
      await openChannel(page, "shop-floor");
      const row = page.locator("article.msg").filter({ hasText: "64 chairs" });
      if (onPhone) await row.getByRole("button", { name: "More actions" }).tap();
      else await row.hover();
      // Pinned by the scene before, maybe.
      const pin = row.getByRole("button", { name: "Pin to the channel" });
      if (await pin.isVisible()) await pin.click();
      await expect(row.getByText("Pinned by")).toBeVisible();
      await openDetails(page);
      await expect(page.getByRole("region", { name: "Pinned messages" }).getByRole("listitem").first()).toBeVisible();
    },
  },
  details: {
    play: async (page) => {
      await openChannel(page, "web-shop");
      await openDetails(page);
    },
  },
  palette: {
    play: async (page) => {
      await openChannel(page, "web-shop");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("shop");
      await expect(page.getByRole("option", { name: "shop-floor" })).toBeVisible();
    },
  },
  admin: {
    play: async (page) => {
      await page.evaluate(() => (location.hash = "admin/people"));
      await expect(page.getByLabel(/^Role of/).first()).toBeVisible();
    },
  },
  health: {
    play: async (page) => {
      await page.evaluate(() => (location.hash = "admin/health"));
      // A line needs two readings.
      await expect(page.locator(".spark polyline").first()).toBeAttached({ timeout: LINE_WITHIN_MS });
    },
  },
  help: {
    play: async (page, onPhone) => {
      await page.keyboard.press("F6");
      await page.locator(onPhone ? ".pane .log" : ".side .row[aria-current]").focus();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    },
  },
  tools: {
    play: async (page, onPhone) => {
      await openChannel(page, "shop-floor");
      const row = page.locator("article.msg").last();
      if (onPhone) await row.getByRole("button", { name: "More actions" }).tap();
      else await row.hover();
      await row.getByRole("button", { name: "React" }).click();
    },
  },
  offline: {
    play: async (page, _onPhone, server) => {
      await openChannel(page, "web-shop");
      await server.kill();
      const box = page.getByRole("textbox", { name: "Message #web-shop" });
      await box.fill("Kept until the server is back");
      await box.press("Enter");
      await expect(page.getByText("Reconnecting.")).toBeVisible();
      await expect(page.getByText("Sending")).toBeVisible();
    },
    after: (server) => server.run(),
  },
  gone: {
    play: async (page) => {
      await page.route("**/api/**", (route) => route.abort());
      // Nothing was kept in this browser.
      await page.evaluate(() => void indexedDB.deleteDatabase("starling"));
      await page.reload();
      await expect(page.getByText("The server does not answer")).toBeVisible();
    },
  },
  away: {
    play: async (page, _onPhone, server) => {
      await openChannel(page, "web-shop");
      await expect.poll(() => page.evaluate(async () => (await (await caches.open("starling document")).match("/")) !== undefined)).toBe(true);
      await page.waitForTimeout(KEPT_AFTER_MS);
      await server.kill();
      await page.reload();
      await expect(page.getByText("This is as of")).toBeVisible();
    },
    after: (server) => server.run(),
  },
  day: {
    play: async (page) => {
      await openChannel(page, "web-shop");
      await page.getByRole("button", { name: "Jump to a date" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  later: {
    play: async (page) => {
      await openChannel(page, "web-shop");
      await page.getByRole("textbox", { name: "Message #web-shop" }).fill("The autumn list goes out at nine");
      await page.getByRole("button", { name: "Send later" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  search: {
    play: async (page, onPhone) => {
      await openChannel(page, "web-shop");
      if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
      await page.keyboard.press("Control+Shift+F");
      await page.getByRole("searchbox").fill("order");
      await expect(page.getByRole("list", { name: "Messages found" })).toBeVisible();
    },
  },
  programs: {
    play: async (page, onPhone) => {
      await openSettings(page, onPhone);
      await page.getByRole("form", { name: "Incoming webhooks" }).evaluate((element) => element.scrollIntoView());
    },
  },
  group: {
    play: async (page, onPhone) => {
      if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
      else if ((page.viewportSize()?.width ?? 0) < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
      await page.getByRole("button", { name: "New direct message" }).click();
      await page.getByRole("button", { name: "Also with Ben Okafor" }).click();
      await page.getByRole("button", { name: "Also with Jonas Weber" }).click();
    },
  },
  remove: {
    play: async (page, onPhone) => {
      await openChannel(page, "shop-floor");
      const row = page.locator("article.msg").last();
      if (onPhone) await row.getByRole("button", { name: "More actions" }).tap();
      else await row.hover();
      await row.getByRole("button", { name: "Delete" }).click();
    },
  },
  invite: {
    play: async (page, onPhone) => {
      await page.getByRole("button", onPhone ? { name: "You", exact: true } : { name: "Settings" }).click();
      await page.getByRole("button", { name: "Make a link" }).click();
      await page.getByLabel("Link to send").scrollIntoViewIfNeeded();
    },
  },
  people: {
    play: async (page) => {
      await openChannel(page, "web-shop");
      await page.getByRole("button", { name: /members/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Edit", exact: true }).click();
      await page.getByRole("button", { name: "Add people" }).click();
      await expect(page.getByText("Already here").first()).toBeVisible();
    },
  },
  create: {
    play: async (page, onPhone) => {
      if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
      else if ((page.viewportSize()?.width ?? 0) < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
      await page.getByRole("button", { name: "Create a channel" }).click();
    },
  },
  list: {
    play: async (page, onPhone) => {
      if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
      else if ((page.viewportSize()?.width ?? 0) < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
    },
  },
  connections: { play: openData },
  workbench: {
    play: async (page) => {
      await openData(page);
      await page.getByRole("button", { name: "Open Demo shop" }).click();
      await page.getByRole("textbox", { name: "SQL" }).fill("SELECT s.name, sum(e.salary) AS pay\nFROM stores AS s\nJOIN wages AS e ON e.store_id = s.id\nGROUP BY s.name");
      await page.getByRole("textbox", { name: "SQL" }).press("Control+Enter");
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  answer: { play: (page, onPhone) => ask(page, onPhone, "How many orders by month?") },
  bars: { play: (page, onPhone) => ask(page, onPhone, "How many orders by status?") },
  private: {
    play: async (page, onPhone) => {
      if (onPhone) await page.getByRole("button", { name: "Back to channels" }).click();
      else if ((page.viewportSize()?.width ?? 0) < 1200) await page.getByRole("button", { name: "Channels", exact: true }).click();
      await page.getByRole("button", { name: "New private question" }).click();
      await expect(page.getByRole("textbox", { name: "Ask the data a question" })).toBeVisible();
    },
  },
  direct: { play: (page) => openChannel(page, /Aiko Tanabe/) },
};
