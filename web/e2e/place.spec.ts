/**
 * What one reads stays where it is: in a channel of ten thousand messages, while others come, pages are read above,
 * and rows above turn out to be higher than they seemed. Looked at after every frame, not only in the end.
 */

import { expect, test, type Page } from "@playwright/test";
import { importChannels } from "./export";
import { Person } from "./person";
import { Server } from "./server";

const CHANNEL = "harbour";
const MANY = 10_000;
/** Halves of pixels are rounded. */
const MOVES_PX_MAX = 1;
/** Where `importChannels` is after some thousand messages. */
const DAY = "2026-01-12";
let server: Server;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  server = await Server.start();
});

test.afterAll(async () => {
  await server.remove();
});

interface Watch {
  watch: { seq: number; moved: number; stop(): void };
}

/** Watches the row that is in the middle of what is in sight. */
async function watchMiddle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const log = document.querySelector("#log")?.getBoundingClientRect();
    const row = log && document.elementFromPoint(log.left + 200, log.top + log.height / 2)?.closest<HTMLElement>("article[data-seq]");
    if (!log || !row) throw new Error("there is no row in the middle");
    const seq = Number(row.dataset["seq"]);
    const top = (): number => document.querySelector(`#log article[data-seq="${seq}"]`)?.getBoundingClientRect().top ?? Infinity;
    const begin = top();
    const watch = { seq, moved: 0, stop: () => void (over = true) };
    let over = false;
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => {
      watch.moved = Math.max(watch.moved, Math.abs(top() - begin));
      if (!over) requestAnimationFrame(frame);
    };
    const frame = (): void => drawn.port2.postMessage(null);
    requestAnimationFrame(frame);
    Object.assign(window, { watch });
  });
}

async function expectUnmoved(page: Page, while_: string): Promise<void> {
  // Two frames more: what is measured now is placed in the next.
  const moved = await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return (window as unknown as Watch).watch.moved;
  });
  expect(moved, `pixels it moved while ${while_}`).toBeLessThanOrEqual(MOVES_PX_MAX);
}

const stopWatching = (page: Page): Promise<void> => page.evaluate(() => (window as unknown as Watch).watch.stop());
const highest = (page: Page): Promise<number> => page.evaluate(() => Math.min(...[...document.querySelectorAll<HTMLElement>("#log article[data-seq]")].map((row) => Number(row.dataset["seq"]))));
const inSizer = (page: Page): Promise<number> => page.evaluate(() => document.querySelector<HTMLElement>("#log .sizer")?.clientHeight ?? 0);

/** As a picture of a size that nobody told: a row above what is in sight is so much higher at once. */
async function growAbove(page: Page, px: number): Promise<void> {
  await page.evaluate((height) => {
    const fold = document.querySelector("#log")?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll<HTMLElement>("#log article[data-seq]")].findLast((held) => held.getBoundingClientRect().bottom <= fold);
    if (row === undefined) throw new Error("there is no row above");
    row.style.paddingBottom = `${height}px`;
  }, px);
}

/** How many are said to have come below what is read. */
async function cameBelow(page: Page): Promise<number> {
  return Number(/\d+/.exec(await page.locator(".jump-new").innerText())?.[0] ?? 0);
}

/** Somebody writes, and it has come to where one reads. */
async function writes(author: Person, page: Page, texts: readonly string[]): Promise<void> {
  const before = await cameBelow(page);
  await author.flood(texts);
  await expect.poll(() => cameBelow(page)).toBe(before + texts.length);
}

/** Goes so near to the top that an older page is asked for, and has it come while one stands there. */
async function pageComesAt(page: Page, top: number): Promise<void> {
  let answer = (): void => undefined;
  const stands = new Promise<void>((resolve) => (answer = resolve));
  const asked: string[] = [];
  await page.route("**/messages/channel/**", (route) => {
    asked.push(route.request().url());
    return stands.then(() => route.continue());
  });
  const height = await inSizer(page);
  // A turn of the wheel goes on for some frames, and would go over this.
  await expect.poll(async () => {
    await page.evaluate((to) => document.querySelector("#log")?.scrollTo({ top: to }), top);
    return asked.length;
  }).toBe(1);
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  await watchMiddle(page);
  answer();
  await expect.poll(() => inSizer(page)).toBeGreaterThan(height + 1_000);
  await expectUnmoved(page, `an older page came, ${top} pixels below the top`);
  expect(asked, "pages that were asked for").toHaveLength(1);
  await stopWatching(page);
  await page.unroute("**/messages/channel/**");
}

async function jumpToDay(page: Page): Promise<void> {
  await page.locator("#log").focus();
  await page.keyboard.press("g");
  const dialog = page.getByRole("dialog", { name: "Jump to a date" });
  await dialog.getByLabel("Date").fill(DAY);
  await dialog.getByRole("button", { name: "Go there" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator("#log article[data-lit]")).toBeInViewport();
}

test("what is read in ten thousand messages does not move by more than a pixel", async ({ browser }) => {
  test.setTimeout(180_000);
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await mara.signUp();
  await hugo.signUp();
  await importChannels(server, "default", { [CHANNEL]: MANY });
  const { page } = mara;
  for (const person of [mara, hugo]) {
    await person.page.reload();
    await person.place(CHANNEL).click();
    await expect(person.row(CHANNEL, `Message ${MANY - 1}`).first()).toBeVisible();
  }

  await test.step("a day far back", async () => {
    await jumpToDay(page);
    await expect(page.locator("#log .day").filter({ hasText: /12/ }).first()).toBeVisible();
    await watchMiddle(page);
    await growAbove(page, 333);
    await expectUnmoved(page, "a row above grew");
    await writes(hugo, page, Array.from({ length: 20 }, (_, index) => `News ${index + 1}.`));
    await expectUnmoved(page, "messages came");
    await stopWatching(page);
  });

  await test.step("pages above and below", async () => {
    for (const way of [-1, 1]) {
      const before = { first: await highest(page), height: await inSizer(page) };
      await page.locator("#log").hover();
      await expect.poll(async () => {
        await page.mouse.wheel(0, way * 400);
        return (await inSizer(page)) > before.height + 1_000;
      }, { intervals: [120] }).toBe(true);
    }
    // A page that is being read comes while one stands still, at the very top too.
    for (const top of [900, 0]) await pageComesAt(page, top);
  });

  await test.step("a link", async () => {
    const id = await page.evaluate(() => location.hash.slice(1).split("/")[0] ?? "");
    const answer = await page.request.get(`${server.url}/api/v1/messages/channel/${id}?limit=1&around=5000`, { headers: await mara.authorization() });
    const [message] = (await answer.json()) as { id: string; seq: number }[];
    await page.evaluate((address) => void (location.hash = address), `${id}/${message?.id}`);
    await expect(page.locator(`#log article[data-lit][data-seq="${message?.seq}"]`)).toBeInViewport();
    await watchMiddle(page);
    await growAbove(page, 222);
    await writes(hugo, page, ["One more."]);
    await expectUnmoved(page, "one stood at a link");
    await stopWatching(page);
  });

  await test.step("what is unread", async () => {
    await mara.place("default").click();
    await expect(mara.composer("default")).toBeVisible();
    await hugo.flood(Array.from({ length: 90 }, (_, index) => `Unread ${index + 1}.`));
    await mara.place(CHANNEL).click();
    await page.getByRole("button", { name: "To the first unread" }).click();
    await expect(mara.row(CHANNEL, "News 1.").first()).toBeFocused();
    await watchMiddle(page);
    await growAbove(page, 111);
    await writes(hugo, page, ["And one more."]);
    await expectUnmoved(page, "one stood at the first unread");
    await stopWatching(page);
  });
  expect(mara.complaints).toEqual([]);
  await mara.leave();
  await hugo.leave();
});
