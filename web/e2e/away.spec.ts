/** The server goes away and comes back; history is longer than the screen; what the door refuses. */

import { expect, test, type Locator } from "@playwright/test";
import { Person } from "./person";
import { Server } from "./server";

/** More than three pages of history. */
const MANY = 170;

test("words written while the server is away are kept, and sent in order", async ({ browser }) => {
  const server = await Server.start();
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp();
  await mara.createChannel("storm");
  await mara.say("storm", "Before");
  await expect(mara.row("storm", "Before")).toBeVisible();
  await server.kill();
  await mara.say("storm", "During one");
  await mara.say("storm", "During two");
  await expect(mara.page.getByText("Reconnecting.")).toBeVisible();
  await expect(mara.row("storm", "During two")).toBeInViewport({ ratio: 1 });
  await expect(mara.page.getByText("Sending").first()).toBeVisible();
  await server.run();
  // On a busy machine the page may be back by itself before anyone can press it.
  await mara.page.getByRole("button", { name: "Try now" }).click({ timeout: 2_000 }).catch(() => undefined);
  await expect(mara.page.getByText("Reconnecting.")).toHaveCount(0);
  await expect(mara.page.getByText("Sending")).toHaveCount(0);
  await expect.poll(() => mara.texts("storm")).toEqual(["Before", "During one", "During two"]);
  await mara.page.reload();
  await expect.poll(() => mara.texts("storm")).toEqual(["Before", "During one", "During two"]);
  expect(mara.complaints).toEqual([]);
  await mara.leave();
  await server.remove();
});

test("older messages come while scrolling, and the row in sight stays in its place", async ({ browser }) => {
  const server = await Server.start();
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp();
  await ines.createChannel("tides");
  await ines.flood(Array.from({ length: MANY }, (_, index) => `Line ${index + 1}.`));
  await ines.page.reload();
  await expect(ines.row("tides", `Line ${MANY}.`)).toBeVisible();

  const log = ines.log("tides");
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await ines.page.route(/before=/, async (route) => {
    await held;
    await route.continue();
  });
  const asked = ines.page.waitForRequest(/before=/);
  await log.evaluate((element) => element.scrollTo(0, 300));
  await asked;
  const edge = await log.evaluate((element) => element.getBoundingClientRect().top);
  const before = await tops(log);
  const [inSight, place] = Object.entries(before).find(([, top]) => top > edge + 40) ?? ["", 0];
  const height = await log.evaluate((element) => element.scrollHeight);
  release();
  await expect.poll(() => log.evaluate((element) => element.scrollHeight)).toBeGreaterThan(height + 500);
  expect(Math.abs(((await tops(log))[inSight] ?? 0) - place)).toBeLessThanOrEqual(2);
  await expect.poll(async () => {
    await log.evaluate((element) => element.scrollTo(0, 0));
    return log.getByText("This is the start of #tides").count();
  }).toBe(1);
  await expect(ines.row("tides", "Line 1.").first()).toBeVisible();
  await ines.page.getByRole("button", { name: "Newest" }).click();
  await expect(ines.row("tides", `Line ${MANY}.`)).toBeVisible();
  await ines.leave();
  await server.remove();
});

test("the door says what was wrong and what to do", async ({ browser }) => {
  const server = await Server.start();
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await hugo.signUp();
  const other = await Person.arrive(browser, server.url, "Hugo Brandl");
  const { page } = other;
  await page.getByLabel("E-mail or user name").fill(other.email);
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Check them, then try again");
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Your name").fill("Somebody");
  await page.getByLabel("E-mail").fill(other.email);
  await page.getByLabel("Password", { exact: true }).fill("a long walk by the sea 42");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("Sign in with it instead");
  await server.kill();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await hugo.leave();
  await other.leave();
  await server.remove();
});

/** Where each row stands, by its position in the log, once two looks in a row agree: rows are measured as they appear. */
function tops(log: Locator): Promise<Record<string, number>> {
  return log.evaluate((element) => new Promise((resolve) => {
    const look = (): Record<string, number> => Object.fromEntries([...element.querySelectorAll<HTMLElement>("article[data-seq]")].map((row) => [row.dataset["seq"] ?? "", row.getBoundingClientRect().top]));
    const compare = (last: string): void => {
      const now = look();
      if (JSON.stringify(now) === last) resolve(now);
      else requestAnimationFrame(() => requestAnimationFrame(() => compare(JSON.stringify(now))));
    };
    compare("");
  }));
}
