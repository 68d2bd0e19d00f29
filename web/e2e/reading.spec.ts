/** What one reads or writes is left alone by what others write, by what scrolls past, and by what fails. */

import { expect, test, type Page } from "@playwright/test";
import { press } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
const server = served();

/** Writes as a program of this person's would: with the thread that it goes into. */
async function poster(person: Person): Promise<(path: string, data: Record<string, unknown>) => Promise<{ id: string }>> {
  const headers = await person.authorization();
  return async (path, data) => {
    const answer = await person.page.request.post(`${server.url}/api/v1${path}`, { headers, data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as { id: string };
  };
}

const scrolled = (page: Page, selector: string): Promise<{ top: number; below: number }> =>
  page.locator(selector).evaluate((log) => ({ top: log.scrollTop, below: log.scrollHeight - log.clientHeight - log.scrollTop }));

test("who reads up in a busy thread stays there, and goes to the end by words of their own", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Threads");
  await mara.createChannel(CHANNEL);
  const { page } = mara;
  const post = await poster(mara);
  const channel_id = new URL(page.url()).hash.slice(1);
  const root = await post("/messages/", { channel_id, content: "The root" });
  const thread = await post("/threads/", { channel_id, root_message_id: root.id });
  const answers = async (from: number, to: number): Promise<void> => {
    for (let count = from; count <= to; count += 1) await post("/messages/", { channel_id, thread_id: thread.id, content: `Answer ${count}: boats` });
  };
  await answers(1, 40);
  await page.getByRole("button", { name: /40 replies/ }).click();
  const panel = page.getByRole("complementary", { name: "Thread" });
  await expect(panel.getByText("Answer 40:")).toBeInViewport();
  await answers(41, 41);
  await expect(panel.getByText("Answer 41:")).toBeInViewport();
  await page.locator(".thread .log").evaluate((log) => log.scrollTo(0, 0));
  await expect(panel.getByText("The root")).toBeInViewport();
  await answers(42, 45);
  await expect(panel.getByText("Answer 45:")).toBeAttached();
  expect((await scrolled(page, ".thread .log")).top).toBe(0);
  await panel.getByRole("textbox", { name: "Reply" }).fill("My own words");
  await page.keyboard.press("Enter");
  await expect(panel.getByText("My own words")).toBeInViewport();
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("what is being written anew is still there when its row comes back, and takes no focus", async ({ browser }) => {
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await jonas.signUp("Edits");
  await jonas.createChannel(CHANNEL);
  await jonas.flood(Array.from({ length: 90 }, (_, index) => `Line ${index + 1}: the tide comes in, and it goes out again.`));
  const { page } = jonas;
  const composer = jonas.composer(CHANNEL);
  await expect(jonas.row(CHANNEL, "Line 90:")).toBeVisible();
  const box = page.getByRole("textbox", { name: "Edit the message" });
  const scroll = (to: "top" | "end"): Promise<void> => page.locator("#log").evaluate((log, end) => log.scrollTo(0, end ? log.scrollHeight : 0), to === "end");
  await composer.focus();
  await page.keyboard.press("ArrowUp");
  await expect(box).toBeFocused();
  await page.keyboard.type(" At last.");
  await scroll("top");
  await expect(box).toHaveCount(0);
  await composer.focus();
  await page.keyboard.type("Other words");
  await expect.poll(async () => {
    await scroll("end");
    return box.count();
  }).toBe(1);
  await expect(box).toHaveValue(/At last\.$/);
  await expect(composer).toBeFocused();
  await box.press("Escape");
  await expect(box).toHaveCount(0);

  // What one wrote last is brought into sight to be written anew.
  await scroll("top");
  await expect(jonas.row(CHANNEL, "Line 90:")).toHaveCount(0);
  await composer.fill("");
  await composer.focus();
  await page.keyboard.press("ArrowUp");
  await expect(box).toBeFocused();
  await expect(box).toBeInViewport();
  await expect(box).toHaveValue(/Line 90: .*again\.$/);
  await page.keyboard.type(" Done.");
  await page.keyboard.press("Enter");
  await expect(jonas.row(CHANNEL, "Line 90:")).toContainText("again. Done.");
  expect(jonas.complaints).toEqual([]);
  await jonas.leave();
});

test("words that did not go stand before those written since, and two quick replies make one thread", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp("Failures");
  await ines.createChannel(CHANNEL);
  await ines.say(CHANNEL, "The root");
  await ines.act(CHANNEL, "The root", "Reply in thread");
  const { page } = ines;
  const panel = page.getByRole("complementary", { name: "Thread" });
  const reply = panel.getByRole("textbox", { name: "Reply" });
  let fails = true;
  const asked: (() => void)[] = [];
  await page.route("**/api/v1/threads/", async (route) => {
    await new Promise<void>((resolve) => asked.push(resolve));
    return fails ? route.fulfill({ status: 503, contentType: "application/problem+json", json: { code: "unavailable", title: "Unavailable", status: 503, detail: "not now" } }) : route.continue();
  });
  await reply.fill("First words");
  await page.keyboard.press("Enter");
  await expect(reply).toHaveValue("");
  await page.keyboard.type("Second words");
  await expect.poll(() => asked.length).toBe(1);
  asked.shift()?.();
  await expect(reply).toHaveValue("First words\nSecond words");

  fails = false;
  await page.keyboard.press("Enter");
  await expect(reply).toHaveValue("");
  await page.keyboard.type("Third words");
  await page.keyboard.press("Enter");
  await expect.poll(() => asked.length).toBe(1);
  asked.shift()?.();
  await expect(panel.getByText("Third words")).toBeVisible();
  await expect(panel.getByText("Second words")).toBeVisible();
  expect(asked, "threads that were made besides").toHaveLength(0);
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});

test("who lets go by keys of what could not be sent goes on in the composer", async ({ browser }) => {
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  const { page } = hugo;
  await page.routeWebSocket(/\/ws/, (socket) => {
    const behind = socket.connectToServer();
    socket.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { type: string; id?: string };
      if (frame.type !== "send_message") return behind.send(text);
      socket.send(JSON.stringify({ type: "error", id: frame.id, code: "forbidden", message: "not here", retry: false }));
    });
  });
  await hugo.signUp("Refused");
  await hugo.createChannel(CHANNEL);
  await hugo.say(CHANNEL, "Never arrives");
  const row = hugo.row(CHANNEL, "Never arrives");
  await press(row.getByRole("button", { name: "Discard" }), "Enter", "Shift+Tab");
  await expect(row).toHaveCount(0);
  await expect(hugo.composer(CHANNEL)).toBeFocused();
  expect(hugo.complaints).toEqual([]);
  await hugo.leave();
});
