/** The server is killed while people write, and comes back: nothing is missing, nothing is double. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { Server } from "./server";

const CHANNEL = "storm";
const EACH_SAYS = 24;
const KILLS = 3;
/** Each part of the words is written around a kill of its own. */
const PART = EACH_SAYS / KILLS;

test("a killed server loses, doubles and reorders nothing", async ({ browser }) => {
  const server = await Server.start();
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await mara.signUp();
  await jonas.signUp();
  await mara.createChannel(CHANNEL);
  await jonas.joinChannel(CHANNEL);

  let said = 0;
  let kills = 0;
  const writing = [mara, jonas].map(async (person) => {
    for (let count = 1; count <= EACH_SAYS; count += 1) {
      await expect.poll(() => kills, { timeout: 45_000 }).toBeGreaterThanOrEqual(Math.floor((count - 1) / PART));
      said = Math.max(said, count);
      await person.say(CHANNEL, `${person.name} says ${count}.`);
    }
  });
  const breaking = (async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      // Wait for words to flow, so that every kill falls between writes and not before them.
      await expect.poll(() => said, { timeout: 45_000, intervals: [20] }).toBeGreaterThan((kill - 1) * PART + 1);
      await server.kill();
      kills = kill;
      await server.run();
    }
  })();
  await Promise.all([...writing, breaking]);

  await expect(mara.page.getByText("Sending")).toHaveCount(0, { timeout: 45_000 });
  await expect(jonas.page.getByText("Sending")).toHaveCount(0, { timeout: 45_000 });
  // What one has sent the other has a moment later.
  let seen: string[][] = [];
  await expect.poll(async () => {
    seen = await Promise.all([whole(mara), whole(jonas)]);
    return seen.map((texts) => texts.filter((text) => text.includes(" says ")).length);
  }, { timeout: 45_000 }).toEqual([2 * EACH_SAYS, 2 * EACH_SAYS]);
  expect(seen[0]).toEqual(seen[1]);
  for (const person of [mara, jonas]) {
    const said = Array.from({ length: EACH_SAYS }, (_, index) => `${person.name} says ${index + 1}.`);
    expect(seen[0]?.filter((text) => text.startsWith(person.name))).toEqual(said);
  }
  await mara.page.reload();
  expect(await whole(mara)).toEqual(seen[0]);
  expect([...mara.complaints, ...jonas.complaints]).toEqual([]);
  await mara.leave();
  await jonas.leave();
  await server.remove();
});

/** Every text of the channel: the list is virtual, so it is read while scrolling from the top. */
async function whole(person: Person): Promise<string[]> {
  const log = person.log(CHANNEL);
  await expect(log).toBeVisible();
  await expect(person.row(CHANNEL, "says").first()).toBeVisible();
  await expect.poll(async () => {
    await log.evaluate((element) => element.scrollTo(0, 0));
    return log.getByText(`This is the start of #${CHANNEL}`).count();
  }).toBe(1);
  const bySeq = new Map<number, string>();
  for (;;) {
    const rows = await log.evaluate((element) =>
      [...element.querySelectorAll<HTMLElement>("article[data-seq]")].map((row) => [Number(row.dataset["seq"]), row.querySelector<HTMLElement>(".tx")?.innerText ?? ""] as const),
    );
    for (const [seq, text] of rows) bySeq.set(seq, text);
    const moved = await log.evaluate((element) => {
      const before = element.scrollTop;
      element.scrollBy(0, element.clientHeight / 2);
      return new Promise<boolean>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(element.scrollTop > before + 1))));
    });
    if (!moved) break;
  }
  return [...bySeq.entries()].sort(([a], [b]) => a - b).map(([, text]) => text);
}
