/**
 * How fast the page is, on this machine: ready to type, own words on screen, switching channels, and
 * scrolling through 10,000 messages while 20 a second arrive, beside an empty list of the same size.
 *
 * `MESSAGES=2000 npm run perf -- page` takes fewer.
 */

import { expect, test, type Page } from "@playwright/test";
import { Person } from "../e2e/person";
import { Server } from "../e2e/server";
import { smoothness, type Smoothness } from "./frames";
import { arriving, fill } from "./writer";

const MESSAGES = Number(process.env["MESSAGES"] ?? 10_000);
const ARRIVING_PER_SECOND = 20;
const ROUNDS = 40;

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
  const height = await page.evaluate(() => {
    const log = document.querySelector<HTMLElement>("#log");
    if (log === null) return 0;
    log.scrollTop = log.scrollHeight / 2;
    return log.scrollHeight;
  });
  const writer = await arriving(page, mara, ARRIVING_PER_SECOND);
  const full = await smoothness(page, "#log");
  writer.stop();
  await mara.place("empty").click();
  await expect(mara.composer("empty")).toBeVisible();
  await layPlainList(page, height);
  const plain = await smoothness(page, "#plain");
  console.log(`a list of ${MESSAGES} messages, ${height.toLocaleString("en")} px high, ${ARRIVING_PER_SECOND}/s arriving: ${told(full)}`);
  console.log(`an empty list of the same size: ${told(plain)}`);
  console.log(`frames per second, ratio: ${(full.perSecond / plain.perSecond).toFixed(2)}`);
  await mara.leave();
});

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

function told(of: Smoothness): string {
  const percent = (share: number): string => `${(share * 100).toFixed(0)}%`;
  return `${of.perSecond.toFixed(1)} frames/s, between two p95 ${of.p95Ms.toFixed(0)} ms, longest ${of.longestMs.toFixed(0)} ms; blank ${percent(of.blankShare)}`;
}

/** Over the log: as large, as long, and with nothing in it. */
async function layPlainList(page: Page, height: number): Promise<void> {
  await page.evaluate((wanted) => {
    const box = document.querySelector("#log")?.getBoundingClientRect();
    if (box === undefined) return;
    const [list, inner] = [document.createElement("div"), document.createElement("div")];
    list.id = "plain";
    Object.assign(list.style, { position: "fixed", left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px`, overflowY: "auto", zIndex: "9" });
    inner.style.height = `${wanted}px`;
    list.append(inner);
    document.body.append(list);
    list.scrollTop = wanted / 2;
  }, height);
}

function report(what: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  console.log(`${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms of ${times.length}`);
}
