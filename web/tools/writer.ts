/** Messages that arrive at a steady rate, as many people would write them. */

import type { Page } from "@playwright/test";
import type { Person } from "../e2e/person";

/** A server that falls behind is not asked for more: then the rate is missed, and said to be. */
const WAITING_MAX = 40;
const TICK_MS = 10;
const TEXT = "the tide comes in and goes out again. ";

export interface Written {
  count: number;
  perSecond: number;
}

/** Into the open channel until `stop`, which says how many there were. */
export async function arriving(page: Page, person: Person, perSecond: number): Promise<{ stop(): Written }> {
  const headers = await person.authorization();
  const { origin, hash } = new URL(page.url());
  const channel_id = hash.slice(1);
  let written = 0;
  let begun = 0;
  let waiting = 0;
  const began = Date.now();
  const refused = new Map<string, number>();
  const refuse = (why: string): void => void refused.set(why, (refused.get(why) ?? 0) + 1);
  const write = async (index: number): Promise<void> => {
    const answer = await page.request.post(`${origin}/api/v1/messages/`, { headers, data: { channel_id, content: `arriving ${index}: ${TEXT.repeat(1 + (index % 3))}` } });
    if (answer.status() === 201) written += 1;
    else refuse(String(answer.status()));
    await answer.dispose();
  };
  // By the clock: a timer alone falls behind on a busy machine.
  const timer = setInterval(() => {
    for (; waiting < WAITING_MAX && begun < ((Date.now() - began) * perSecond) / 1_000; begun += 1) {
      waiting += 1;
      write(begun)
        .catch((error: Error) => refuse(error.message.split("\n")[0] ?? ""))
        .finally(() => (waiting -= 1));
    }
  }, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      for (const [why, count] of refused) console.log(`${count} messages were refused: ${why}`);
      return { count: written, perSecond: (written * 1_000) / (Date.now() - began) };
    },
  };
}
