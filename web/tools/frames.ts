/** How smoothly something scrolls: frames as the page itself sees them begin. */

import type { Page } from "@playwright/test";

export interface Smoothness {
  perSecond: number;
  frames: number;
  /** Time between two frames: most are within the first, none over the second. */
  p95Ms: number;
  longestMs: number;
  /** Frames in which the middle of the list showed nothing. */
  blankShare: number;
}

/** One way of it, in pixels and pixels per second: a fast turn of the wheel. */
const STROKE_PX = 6_000;
const SPEED_PX = 4_000;
const STROKES = 4;

/** Scrolls what `selector` names up and down with the wheel, from where it stands. */
export async function smoothness(page: Page, selector: string): Promise<Smoothness> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`there is no ${selector}`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const cdp = await page.context().newCDPSession(page);
  await page.mouse.move(x, y);
  const frames = page.evaluate(record, { selector, x, y });
  for (let stroke = 0; stroke < STROKES; stroke += 1) {
    await cdp.send("Input.synthesizeScrollGesture", { x, y, yDistance: stroke % 2 === 0 ? STROKE_PX : -STROKE_PX, speed: SPEED_PX, gestureSourceType: "mouse", preventFling: true });
  }
  await page.evaluate(() => dispatchEvent(new Event("scrolled-enough")));
  const { times, blank } = await frames;
  await cdp.detach();
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time)).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  return {
    perSecond: gaps.length / seconds,
    frames: gaps.length,
    p95Ms: gaps[Math.floor(gaps.length * 0.95)] ?? 0,
    longestMs: gaps.at(-1) ?? 0,
    blankShare: blank / Math.max(1, times.length),
  };
}

/** In the page: when each frame began, and whether it had nothing to show. */
function record({ selector, x, y }: { selector: string; x: number; y: number }): Promise<{ times: number[]; blank: number }> {
  return new Promise((resolve) => {
    const times: number[] = [];
    let blank = 0;
    let over = false;
    addEventListener("scrolled-enough", () => (over = true), { once: true });
    // After the frame is drawn: to ask in its middle would make the page lay out twice.
    const drawn = new MessageChannel();
    drawn.port1.onmessage = () => {
      const shown = document.elementFromPoint(x, y);
      if (shown === null || shown.matches(`${selector}, .sizer`)) blank += 1;
    };
    const frame = (time: number): void => {
      times.push(time);
      drawn.port2.postMessage(null);
      if (over) resolve({ times, blank });
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
