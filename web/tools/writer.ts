/** Messages that arrive at a steady rate, as many people would write them. */

import type { Page } from "@playwright/test";
import type { Person } from "../e2e/person";

/** Written beside each other by the API; the order does not matter to a measure. */
const WRITERS = 8;
const TEXT = "the tide comes in and goes out again. ";

/** Into the open channel. */
export async function fill(person: Person, count: number): Promise<void> {
  const each = Math.ceil(count / WRITERS);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => person.flood(Array.from({ length: each }, (_, index) => `Message ${index} of writer ${writer}: ${TEXT.repeat(1 + (index % 4))}`))));
}

/** Into the open channel until `stop`, which says how many there were. */
export async function arriving(page: Page, person: Person, perSecond: number): Promise<{ stop(): number }> {
  const headers = await person.authorization();
  const { origin, hash } = new URL(page.url());
  const channel_id = hash.slice(1);
  let written = 0;
  let refused = 0;
  const write = async (): Promise<void> => {
    const answer = await page.request.post(`${origin}/api/v1/messages/`, { headers, data: { channel_id, content: `arriving ${written}: ${TEXT.repeat(1 + (written % 3))}` } });
    if (answer.status() === 201) written += 1;
    else refused += 1;
    await answer.dispose();
  };
  const timer = setInterval(() => void write().catch(() => undefined), 1_000 / perSecond);
  return {
    stop: () => {
      clearInterval(timer);
      if (refused > 0) console.log(`${refused} messages were refused`);
      return written;
    },
  };
}
