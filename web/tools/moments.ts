/** Moments in the page's own time: until one can type, until own words are seen, until another channel is. */

import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import type { Person } from "../e2e/person";

/** Between two measures, so that none begins in the work that another left. */
const REST_MS = 120;

/**
 * In the page, before all else: tells when the composer has the focus, and after which frame what was done is
 * on screen.
 */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const after = new MessageChannel();
    const waiting: (() => void)[] = [];
    after.port1.onmessage = () => waiting.splice(0).forEach((done) => done());
    const shown = (): Promise<number> =>
      new Promise((resolve) => {
        waiting.push(() => resolve(performance.now()));
        requestAnimationFrame(() => after.port2.postMessage(null));
      });
    const ready = new Promise<number>((resolve) => {
      const look = (): void => void (document.activeElement?.matches(".comp textarea") === true ? resolve(shown()) : requestAnimationFrame(look));
      requestAnimationFrame(look);
    });
    Object.assign(window, { shown, ready });
  });
}

interface Watched {
  shown(): Promise<number>;
  ready: Promise<number>;
}

/** From the navigation to the composer with the focus. */
export async function readyToType(page: Page, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.reload();
    times.push(await page.evaluate(() => (window as unknown as Watched).ready));
  }
  return times;
}

/** The same for somebody whose browser has nothing of the page. Also what of it is script, in bytes as gzip packs them. */
export async function readyFromNothing(page: Page, rounds: number): Promise<{ times: number[]; scriptBytes: number }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.setBypassServiceWorker", { bypass: true });
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  const times = await readyToType(page, rounds);
  const first = await page.content();
  let scriptBytes = 0;
  const imported = new Set([...first.matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? ""));
  for (const path of imported) {
    const answer = await page.request.get(new URL(path, page.url()).href);
    scriptBytes += gzipSync(await answer.body()).length;
    await answer.dispose();
  }
  await cdp.detach();
  return { times, scriptBytes };
}

/** From the key to the frame in which the words are in the list. */
export async function ownWords(person: Person, channel: string, rounds: number): Promise<number[]> {
  const { page } = person;
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const text = `own words ${round}`;
    await person.composer(channel).fill(text);
    await page.evaluate((wanted) => {
      const seen = new Promise<number>((resolve) => {
        addEventListener("keydown", ({ timeStamp: began }) => {
          const look = new MutationObserver(() => {
            if (![...document.querySelectorAll("#log .tx")].some((words) => words.textContent?.trim() === wanted)) return;
            look.disconnect();
            void (window as unknown as Watched).shown().then((at) => resolve(at - began));
          });
          const log = document.querySelector("#log");
          if (log !== null) look.observe(log, { childList: true, subtree: true, characterData: true });
        }, { capture: true, once: true });
      });
      Object.assign(window, { seen });
    }, text);
    await person.composer(channel).press("Enter");
    times.push(await page.evaluate(() => (window as unknown as { seen: Promise<number> }).seen));
    await page.waitForTimeout(REST_MS);
  }
  return times;
}

/** From the click on each of these channels, one after the other, to the frame in which its messages are on screen. */
export async function switches(page: Page, channels: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const channel of channels) {
    times.push(
      await page.evaluate(
        (name) =>
          new Promise<number>((resolve, reject) => {
            const row = [...document.querySelectorAll<HTMLElement>(".side .rooms .row")].find((held) => held.title === name);
            if (row === undefined) return reject(new Error(`there is no channel ${name}`));
            const began = performance.now();
            row.click();
            const look = (): void => {
              const here = document.querySelector(".pane h1")?.textContent === name && document.querySelectorAll("#log article").length > 5;
              if (here) void (window as unknown as Watched).shown().then((at) => resolve(at - began));
              else queueMicrotask(() => requestAnimationFrame(look));
            };
            queueMicrotask(look);
          }),
        channel,
      ),
    );
    await page.waitForTimeout(REST_MS);
  }
  return times;
}
