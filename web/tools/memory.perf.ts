/**
 * Whether a tab grows: one channel stays open while 20 messages a second arrive, and after a full collection
 * each minute the heap, the nodes and the listeners are printed. `MINUTES=30 npm run perf -- memory`.
 */

import { expect, test } from "@playwright/test";
import { Person } from "../e2e/person";
import { Server } from "../e2e/server";
import { arriving } from "./writer";

const MINUTES = Number(process.env["MINUTES"] ?? 5);
const PER_SECOND = 20;
const MINUTE_MS = 60_000;

test("memory of a tab", async ({ browser }) => {
  test.setTimeout((MINUTES + 4) * MINUTE_MS);
  const server = await Server.start([], { STARLING_LIMITS_MESSAGES_PER_SECOND: "0", STARLING_LIMITS_REST_PER_MINUTE: "0", STARLING_LIMITS_REST_PER_HOUR: "0" });
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const { page } = mara;
  await mara.signUp("Perf");
  await mara.createChannel("full");
  await expect(mara.composer("full")).toBeFocused();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const heap: number[] = [];
  const look = async (minute: number): Promise<void> => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.getMetrics");
    const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
    heap.push(of("JSHeapUsedSize") / 1_048_576);
    const loaded = await page.evaluate(() => document.querySelectorAll("*").length);
    console.log(`minute ${minute}: heap ${heap.at(-1)?.toFixed(1)} MiB, ${of("Nodes")} nodes (${loaded} in the document), ${of("JSEventListeners")} listeners`);
  };
  const writer = await arriving(page, mara, PER_SECOND);
  await look(0);
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    await page.waitForTimeout(MINUTE_MS);
    await look(minute);
  }
  const written = writer.stop();
  // The first two minutes fill what is bounded: the list, the caches.
  const [from = 0, to = 0] = [heap[Math.min(2, heap.length - 1)], heap.at(-1)];
  const minutes = Math.max(1, heap.length - 3);
  console.log(`${written} messages; from minute 2 to ${MINUTES} the heap went from ${from.toFixed(1)} to ${to.toFixed(1)} MiB, ${((to - from) / minutes).toFixed(2)} a minute`);
  await mara.leave();
  await server.remove();
});
