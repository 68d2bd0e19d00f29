/**
 * Whether a tab grows: one channel stays open while 20 messages a second arrive, and after a full collection
 * each minute the heap, the nodes and the listeners are printed. `MINUTES=30 npm run perf -- memory`.
 */

import { expect, test } from "@playwright/test";
import { Person } from "../e2e/person";
import { Server } from "../e2e/server";
import { tell } from "./figures";
import { arriving } from "./writer";

const MINUTES = Number(process.env["MINUTES"] ?? 5);
const PER_SECOND = 20;
/** In less the heap's ups and downs, half a MiB, are more than what is looked for. */
const MINUTES_LEAST = 20;
const MINUTE_MS = 60_000;
/** Over a working day of 8 hours less than what one heavy page takes. */
const GROWTH_MIB_MAX = 0.05;

test("memory of a tab", async ({ browser }) => {
  // On a busy machine a full collection takes its time too.
  test.setTimeout((MINUTES * 1.5 + 5) * MINUTE_MS);
  const server = await Server.start([], { STARLING_LIMITS_MESSAGES_PER_SECOND: "0", STARLING_LIMITS_REST_PER_MINUTE: "0", STARLING_LIMITS_REST_PER_HOUR: "0", STARLING_TOKENS_ACCESS_SECONDS: "86400" });
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
  const settled = heap.slice(Math.min(2, heap.length - 1));
  const perMinute = slope(settled);
  const where = `a tab open for ${MINUTES} min`;
  tell({ what: `${where}: messages arriving`, goal: `≥ ${PER_SECOND * 0.95}/s`, seen: `${written.perSecond.toFixed(1)}/s`, samples: written.count, met: written.perSecond >= PER_SECOND * 0.95 });
  tell({ what: `${where}: heap after collection, growth from minute 2`, goal: `≤ ${GROWTH_MIB_MAX} MiB/min`, seen: `${perMinute.toFixed(3)} MiB/min (${Math.min(...settled).toFixed(1)} – ${Math.max(...settled).toFixed(1)} MiB)`, samples: settled.length, met: MINUTES < MINUTES_LEAST ? null : perMinute <= GROWTH_MIB_MAX });
  await mara.leave();
  await server.remove();
});

/** By least squares: one look that came in the middle of much does not decide. */
function slope(values: readonly number[]): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [middle, average] = [(values.length - 1) / 2, mean(values)];
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  return spread === 0 ? 0 : values.reduce((sum, value, at) => sum + (at - middle) * (value - average), 0) / spread;
}
