/** How smoothly something scrolls: frames counted in the page and in the browser's own trace. */

import type { Browser, Page } from "@playwright/test";

export interface Smoothness {
  perSecond: number;
  /** Time between two frames: most are within the first, none over the second. */
  p95Ms: number;
  longestMs: number;
  /** Frames that the browser's compositor gave up, of all that it began. */
  droppedShare: number;
  /** Frames in which the middle of the list showed nothing. */
  blankShare: number;
  /** Of the main thread's time. */
  busyShare: number;
}

/** One way of it, in pixels and pixels per second: a fast turn of the wheel. */
const STROKE_PX = 6_000;
const SPEED_PX = 4_000;
const STROKES = 4;

interface TraceEvent {
  name: string;
  ph: string;
  dur?: number;
  pid: number;
  tid: number;
  args?: { name?: string };
}

/** Scrolls what `selector` names up and down with the wheel, from where it stands. */
export async function smoothness(browser: Browser, page: Page, selector: string): Promise<Smoothness> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`there is no ${selector}`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const cdp = await page.context().newCDPSession(page);
  await page.mouse.move(x, y);
  await browser.startTracing(page, { categories: ["devtools.timeline", "disabled-by-default-devtools.timeline.frame", "toplevel"] });
  const frames = page.evaluate(record, { selector, x, y });
  for (let stroke = 0; stroke < STROKES; stroke += 1) {
    await cdp.send("Input.synthesizeScrollGesture", { x, y, yDistance: stroke % 2 === 0 ? STROKE_PX : -STROKE_PX, speed: SPEED_PX, gestureSourceType: "mouse", preventFling: true });
  }
  await page.evaluate(() => dispatchEvent(new Event("scrolled-enough")));
  const { times, blank } = await frames;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  await cdp.detach();
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  const count = (name: string): number => trace.traceEvents.filter((event) => event.name === name).length;
  return {
    perSecond: gaps.length / seconds,
    p95Ms: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    longestMs: gaps.at(-1) ?? 0,
    droppedShare: count("DroppedFrame") / Math.max(1, count("DroppedFrame") + count("DrawFrame")),
    blankShare: blank / Math.max(1, times.length),
    busyShare: busyMs(trace.traceEvents) / 1_000 / seconds,
  };
}

/** In the page: when each frame began, and whether it had nothing to show. */
function record({ selector, x, y }: { selector: string; x: number; y: number }): Promise<{ times: number[]; blank: number }> {
  return new Promise((resolve) => {
    const times: number[] = [];
    let blank = 0;
    let over = false;
    addEventListener("scrolled-enough", () => (over = true), { once: true });
    const frame = (time: number): void => {
      times.push(time);
      const shown = document.elementFromPoint(x, y);
      if (shown === null || shown.matches(`${selector}, .sizer`)) blank += 1;
      if (over) resolve({ times, blank });
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

function busyMs(events: readonly TraceEvent[]): number {
  const mains = new Set(events.filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain").map((event) => `${event.pid} ${event.tid}`));
  return events.filter((event) => event.name === "RunTask" && mains.has(`${event.pid} ${event.tid}`)).reduce((sum, event) => sum + (event.dur ?? 0) / 1_000, 0);
}
