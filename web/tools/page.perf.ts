/**
 * How fast the page is, on this machine: ready to type, own words on screen, switching channels, and
 * scrolling in a channel of 10,000 messages while 20 a second arrive, beside an empty list of the same size.
 *
 * `MESSAGES=2000 REPEATS=1 npm run perf -- page` takes fewer.
 */

import { expect, test, type Page } from "@playwright/test";
import { Person } from "../e2e/person";
import { Server } from "../e2e/server";
import { importChannels } from "../e2e/export";
import { median, tell, tellTimes } from "./figures";
import { smoothness, type Smoothness } from "./frames";
import { ownWords, readyFromNothing, readyToType, switches, watch } from "./moments";
import { Trace, type Work } from "./trace";
import { arriving } from "./writer";

const MESSAGES = Number(process.env["MESSAGES"] ?? 10_000);
const REPEATS = Number(process.env["REPEATS"] ?? 5);
const ARRIVING_PER_SECOND = 20;
const LOADS = 10;
const WORDS = 40;
/** Opened for the first time: each has to be read from the server. */
const OTHERS = Array.from({ length: 20 }, (_, index) => `berth-${index + 1}`);
const OTHERS_MESSAGES = 120;
const BACK_AND_FORTH = 20;
const SCRIPT_BYTES_MAX = 150 * 1024;

let server: Server;

test.beforeAll(async () => {
  server = await Server.start([], { STARLING_LIMITS_MESSAGES_PER_SECOND: "0", STARLING_LIMITS_REST_PER_MINUTE: "0", STARLING_LIMITS_REST_PER_HOUR: "0" });
});

test.afterAll(async () => {
  await server.remove();
});

test("figures of the page", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const { page } = mara;
  await mara.signUp("Perf");
  await mara.createChannel("empty");
  await importChannels(server, "perf", { full: MESSAGES, ...Object.fromEntries(OTHERS.map((name) => [name, OTHERS_MESSAGES])) });
  await watch(page);
  await page.reload();
  await mara.place("full").click();
  await page.waitForSelector("article.msg");

  const nothing = await readyFromNothing(page, LOADS);
  tell({ what: "script of the first load, gzip", goal: "≤ 150 KiB", seen: `${(nothing.scriptBytes / 1024).toFixed(1)} KiB`, samples: 1, met: nothing.scriptBytes <= SCRIPT_BYTES_MAX });
  tellTimes("ready to type, from an empty cache", nothing.times, 1_000);
  tellTimes("ready to type, the page opened before", await readyToType(page, LOADS), 1_000);
  tellTimes("Enter until the own words are on screen", await ownWords(mara, "full", WORDS), 50);
  tellTimes("click until a channel's messages are on screen, its first time", await switches(page, OTHERS), 100);
  tellTimes("the same, open before", await switches(page, Array.from({ length: BACK_AND_FORTH }, () => ["full", OTHERS[0] ?? ""]).flat()), 100);
  await scrolling(mara);
  await mara.leave();
});

/** The list and an empty one in turns, so that whatever else the machine does befalls both. */
async function scrolling(mara: Person): Promise<void> {
  const { page } = mara;
  await mara.place("full").click();
  await page.waitForSelector("article.msg");
  await readBack(page);
  const height = await page.evaluate(() => {
    const log = document.querySelector<HTMLElement>("#log");
    if (log === null) return 0;
    log.scrollTop = log.scrollHeight / 2;
    return log.scrollHeight;
  });
  const writer = await arriving(page, mara, ARRIVING_PER_SECOND);
  const seen: { full: Smoothness; plain: Smoothness; work: Work }[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const traced = async (selector: string): Promise<{ smooth: Smoothness; work: Work }> => {
      const trace = await Trace.begin(page);
      const smooth = await smoothness(page, selector);
      return { smooth, work: await trace.end() };
    };
    const full = await traced("#log");
    await layPlainList(page, height);
    const plain = await traced("#plain");
    await page.evaluate(() => document.querySelector("#plain")?.remove());
    seen.push({ full: full.smooth, plain: plain.smooth, work: full.work });
    console.log(`${told(full.smooth)} | empty: ${told(plain.smooth)}`);
  }
  const written = writer.stop();
  const of = (value: (one: (typeof seen)[number]) => number): number => median(seen.map(value));
  const ratio = of(({ full, plain }) => full.perSecond / plain.perSecond);
  const where = `scrolling ${MESSAGES.toLocaleString("en")} messages`;
  tell({ what: `messages arriving meanwhile`, goal: `≥ ${ARRIVING_PER_SECOND * 0.95}/s`, seen: `${written.perSecond.toFixed(1)}/s`, samples: written.count, met: written.perSecond >= ARRIVING_PER_SECOND * 0.95 });
  tell({ what: `${where}: frames/s ÷ an empty list's`, goal: "≥ 0.95", seen: `${ratio.toFixed(2)} (${of(({ full }) => full.perSecond).toFixed(1)} ÷ ${of(({ plain }) => plain.perSecond).toFixed(1)})`, samples: REPEATS, met: ratio >= 0.95 });
  tell({ what: `${where}: nothing to see`, goal: "≤ 1 % of frames", seen: `${(of(({ full }) => full.blankShare) * 100).toFixed(1)} %`, samples: REPEATS, met: of(({ full }) => full.blankShare) <= 0.01 });
  tell({ what: `${where}: tasks over 50 ms of processor`, goal: "0", seen: of(({ work }) => work.longTasks).toFixed(0), samples: REPEATS, met: of(({ work }) => work.longTasks) === 0 });
  const perFrame = (value: (work: Work) => number): string => of(({ work, full }) => value(work) / full.frames).toFixed(2);
  const parts = (["scriptMs", "styleMs", "layoutMs", "paintMs"] as const).map((part) => `${part.slice(0, -2)} ${perFrame((work) => work[part])}`).join(", ");
  tell({ what: `${where}: processor for a frame, main thread`, goal: "≤ 16.7 ms", seen: `${perFrame((work) => work.busyMs)} ms (${parts}); ${perFrame((work) => work.layouts)} layouts, ${perFrame((work) => work.forcedLayouts)} forced, ${perFrame((work) => work.styledElements)} elements styled`, samples: REPEATS, met: of(({ work, full }) => work.busyMs / full.frames) <= 1_000 / 60 });
}

/** Reads to the channel's beginning by scrolling up, as a patient person would. */
async function readBack(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const log = document.querySelector<HTMLElement>("#log");
    if (log === null) return;
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    while (document.querySelector(".begin") === null) {
      log.scrollTop = 0;
      await frame();
    }
  });
  await expect(page.locator("#log .begin")).toBeVisible();
}

function told({ perSecond, p95Ms, longestMs, blankShare }: Smoothness): string {
  return `${perSecond.toFixed(1)} frames/s, between two p95 ${p95Ms.toFixed(0)} ms, longest ${longestMs.toFixed(0)} ms, blank ${(blankShare * 100).toFixed(0)} %`;
}

/** Over the log: as large, as long, and with nothing in it. */
async function layPlainList(page: Page, height: number): Promise<void> {
  await page.evaluate((wanted) => {
    const box = document.querySelector("#log")?.getBoundingClientRect();
    if (box === undefined) return;
    const [list, inner] = [document.createElement("div"), document.createElement("div")];
    list.id = "plain";
    Object.assign(list.style, { position: "fixed", left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px`, overflowY: "auto", zIndex: "9", background: "Canvas" });
    inner.style.height = `${wanted}px`;
    list.append(inner);
    document.body.append(list);
    list.scrollTop = wanted / 2;
  }, height);
}
