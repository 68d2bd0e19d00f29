/**
 * How fast the page is, on this machine: ready to type, own words on screen, switching channels, and
 * scrolling through 10,000 messages while 20 a second arrive, beside the same in an empty channel.
 *
 * `MESSAGES=2000 npm run perf` takes fewer. Frames are counted by the browser's own trace.
 */

import { expect, test, type Browser, type Page } from "@playwright/test";
import { Person } from "../e2e/person";
import { Server } from "../e2e/server";

const MESSAGES = Number(process.env["MESSAGES"] ?? 10_000);
const ARRIVING_PER_SECOND = 20;
const SCROLL_MS = 6_000;
const ROUNDS = 40;
/** Written beside each other by the API; the order does not matter here. */
const WRITERS = 8;

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server.remove();
});

test("figures of the page", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const { page } = mara;
  await mara.signUp("Perf");
  await mara.createChannel("empty");
  await mara.createChannel("full");
  await fill(mara, MESSAGES);

  const ready: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const began = Date.now();
    await page.reload();
    await expect(mara.composer("full")).toBeFocused();
    ready.push(Date.now() - began);
  }
  report("reload until one can type", ready);
  report("Enter until the own words are on screen", await ownWords(page, mara));
  report("click until another channel's messages are on screen", await switches(page));

  await readBack(page, mara);
  const loaded = await page.evaluate(() => document.querySelector(".sizer")?.clientHeight ?? 0);
  console.log(`the full list is ${loaded.toLocaleString("en")} px high`);
  const headers = await mara.authorization();
  const channel_id = new URL(page.url()).hash.slice(1);
  const write = (): void => void page.request.post(`${server.url}/api/v1/messages/`, { headers, data: { channel_id, content: `arriving ${Date.now()}` } }).catch(() => undefined);
  const writer = setInterval(write, 1_000 / ARRIVING_PER_SECOND);
  const full = await frames(browser, page);
  clearInterval(writer);
  await mara.place("empty").click();
  await expect(mara.composer("empty")).toBeVisible();
  const empty = await frames(browser, page);
  console.log(`frames per second while scrolling: ${full.perSecond.toFixed(1)} in ${MESSAGES} messages with ${ARRIVING_PER_SECOND}/s arriving, ${empty.perSecond.toFixed(1)} in an empty channel, ratio ${(full.perSecond / empty.perSecond).toFixed(2)}`);
  console.log(`main thread busy: ${(full.busy * 100).toFixed(0)}% and ${(empty.busy * 100).toFixed(0)}%; longest task ${full.longestMs.toFixed(0)} ms and ${empty.longestMs.toFixed(0)} ms`);
  await mara.leave();
});

async function fill(person: Person, count: number): Promise<void> {
  const each = Math.ceil(count / WRITERS);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => person.flood(Array.from({ length: each }, (_, index) => `Message ${index} of writer ${writer}: ${"the tide comes in and goes out again. ".repeat(1 + (index % 4))}`))));
}

/** Reads the whole channel by scrolling up, as a patient person would. */
async function readBack(page: Page, person: Person): Promise<void> {
  await person.place("full").click();
  await page.waitForSelector("article.msg");
  await page.evaluate(async () => {
    const log = document.querySelector<HTMLElement>("#log");
    if (log === null) return;
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    while (document.querySelector(".begin") === null) {
      log.scrollTop = 0;
      await frame();
    }
  });
}

/** Turns the wheel up and down, and reads the trace. */
async function frames(browser: Browser, page: Page): Promise<{ perSecond: number; busy: number; longestMs: number }> {
  const box = await page.locator("#log").boundingBox();
  if (box === null) throw new Error("there is no log");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline.frame", "toplevel"] });
  const began = Date.now();
  for (let turn = 0; Date.now() - began < SCROLL_MS; turn += 1) await page.mouse.wheel(0, Math.floor(turn / 60) % 2 === 0 ? -240 : 240);
  const seconds = (Date.now() - began) / 1_000;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: { name: string; ph: string; dur?: number; pid: number; tid: number; args?: { name?: string } }[] };
  const mains = new Set(trace.traceEvents.filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain").map((event) => `${event.pid} ${event.tid}`));
  const tasks = trace.traceEvents.filter((event) => event.name === "RunTask" && mains.has(`${event.pid} ${event.tid}`)).map((event) => (event.dur ?? 0) / 1_000);
  return {
    perSecond: trace.traceEvents.filter((event) => event.name === "DrawFrame").length / seconds,
    busy: tasks.reduce((sum, ms) => sum + ms, 0) / 1_000 / seconds,
    longestMs: Math.max(0, ...tasks),
  };
}

/** Measured in the page: from the key to the first frame after the words are in the document. */
async function ownWords(page: Page, person: Person): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = `own words ${round}`;
    await person.composer("full").fill(text);
    const time = page.evaluate(
      (wanted) =>
        new Promise<number>((resolve) => {
          const log = document.querySelector("#log");
          let began = 0;
          addEventListener("keydown", () => (began = performance.now()), { capture: true, once: true });
          const look = new MutationObserver(() => {
            if (began === 0 || ![...document.querySelectorAll("#log .tx")].some((words) => words.textContent?.trim() === wanted)) return;
            look.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - began));
          });
          if (log !== null) look.observe(log, { childList: true, subtree: true, characterData: true });
        }),
      text,
    );
    await page.evaluate(() => undefined);
    await person.composer("full").press("Enter");
    times.push(await time);
  }
  return times;
}

async function switches(page: Page): Promise<number[]> {
  return page.evaluate(async (rounds) => {
    const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".side .rooms .row")];
    const row = (name: string): HTMLElement | undefined => rows().find((held) => held.textContent?.trim().startsWith(name));
    const pause = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 60));
    const to = (name: string, shown: () => boolean): Promise<number> =>
      new Promise((resolve) => {
        const began = performance.now();
        row(name)?.click();
        const look = (): void => void (shown() ? resolve(performance.now() - began) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      });
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await to("empty", () => document.querySelector(".pane h1")?.textContent?.includes("empty") === true);
      await pause();
      times.push(await to("full", () => document.querySelector(".pane h1")?.textContent?.includes("full") === true && document.querySelectorAll("#log article").length > 5));
      await pause();
    }
    return times;
  }, ROUNDS);
}

function report(what: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms of ${times.length}`);
}
