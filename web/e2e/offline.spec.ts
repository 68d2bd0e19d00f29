/** Without a server: the page opens, shows what was there, takes words, and sends them once when it is back. */

import { expect, test } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { Server } from "./server";

const CHANNEL = "harbour";

/** The page is kept, and what it shows is: both happen a moment after it is there. */
async function kept(person: Person, text: string): Promise<void> {
  await person.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => person.page.evaluate(async () => (await (await caches.open("starling document")).match("/")) !== undefined)).toBe(true);
  await expect.poll(() => person.page.evaluate(() => new Promise<string>((resolve) => {
    const opening = indexedDB.open("starling", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
    opening.onsuccess = () => {
      const asked = opening.result.transaction("kept").objectStore("kept").get("last");
      asked.onsuccess = () => {
        opening.result.close();
        resolve(JSON.stringify(asked.result ?? null));
      };
    };
  }))).toContain(text);
}

test("the server is killed, the page reloaded, words written: they are there once and in order", async ({ browser }) => {
  const server = await Server.start();
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Harbour");
  await mara.createChannel(CHANNEL);
  await mara.say(CHANNEL, "Before");
  await expect(mara.row(CHANNEL, "Before")).toBeVisible();
  await expect(mara.page.getByText("Sending")).toHaveCount(0);
  await kept(mara, "Before");

  await server.kill();
  await mara.page.reload();
  await expect(mara.row(CHANNEL, "Before")).toBeVisible();
  await expect(mara.page.getByText("This is as of")).toBeVisible();
  await mara.say(CHANNEL, "During one");
  await mara.say(CHANNEL, "During two");
  await expect(mara.page.getByText("Sending").first()).toBeVisible();
  await expectNoFaults(mara.page, "without a server");
  await mara.page.reload();
  await expect(mara.row(CHANNEL, "During two")).toBeVisible();
  await expect(mara.page.getByText("Sending").first()).toBeVisible();
  await mara.row(CHANNEL, "During two").focus();

  await server.run();
  await expect(mara.page.getByText("Sending")).toHaveCount(0, { timeout: 30_000 });
  await expect(await mara.sent(CHANNEL, "During two")).toBeFocused();
  await expect.poll(() => mara.texts(CHANNEL)).toEqual(["Before", "During one", "During two"]);
  await expect(mara.page.getByText("This is as of")).toHaveCount(0);
  await mara.say(CHANNEL, "After");
  await mara.page.reload();
  await expect.poll(() => mara.texts(CHANNEL)).toEqual(["Before", "During one", "During two", "After"]);
  expect(mara.complaints.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  await mara.leave();
  await server.remove();
});

test("what others wrote meanwhile comes in its place, and counts as unread where it is", async ({ browser }) => {
  const server = await Server.start();
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  await ines.createChannel(CHANNEL);
  await hugo.joinChannel(CHANNEL);
  await ines.say(CHANNEL, "Before");
  await expect(ines.page.getByText("Sending")).toHaveCount(0);
  await ines.place("default").click();
  await kept(ines, "Before");
  await server.kill();
  await ines.page.reload();
  await expect(ines.composer("default")).toBeVisible();
  await ines.page.close();
  await server.run();
  await hugo.say(CHANNEL, "While you were away");
  await expect(hugo.page.getByText("Sending")).toHaveCount(0, { timeout: 30_000 });
  const back = await ines.anotherTab();
  await expect(back.place(CHANNEL)).toContainText("unread");
  await back.place(CHANNEL).click();
  await expect.poll(() => back.texts(CHANNEL)).toEqual(["Before", "While you were away"]);
  await ines.leave();
  await hugo.leave();
  await server.remove();
});

test("words of a tab that was closed without a server are sent by the next one", async ({ browser }) => {
  const server = await Server.start();
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await wren.signUp("Closed");
  await wren.say("default", "Before");
  await expect(wren.row("default", "Before")).toBeVisible();
  await expect(wren.page.getByText("Sending")).toHaveCount(0);
  await kept(wren, "Before");
  await server.kill();
  await wren.say("default", "Written and closed");
  await expect(wren.row("default", "Written and closed")).toBeVisible();
  await wren.page.close();
  const next = await wren.anotherTab();
  await expect(next.row("default", "Written and closed")).toBeVisible();
  await server.run();
  await expect(next.page.getByText("Sending")).toHaveCount(0, { timeout: 30_000 });
  await next.page.reload();
  await expect.poll(() => next.texts("default")).toEqual(["Before", "Written and closed"]);
  await wren.leave();
  await server.remove();
});

test("after a sign-out nothing is shown without the server", async ({ browser }) => {
  const server = await Server.start();
  const nils = await Person.arrive(browser, server.url, "Nils Aune");
  await nils.signUp();
  await nils.say("default", "Nobody else may read this");
  await kept(nils, "Nobody else may read this");
  await nils.page.keyboard.press("Control+k");
  await nils.page.keyboard.type("sign out");
  await nils.page.keyboard.press("Enter");
  await expect(nils.page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await server.kill();
  await nils.page.reload();
  await expect(nils.page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(nils.page.getByText("Nobody else may read this")).toHaveCount(0);
  await nils.leave();
  await server.remove();
});

test("a server that came back as another version is noticed, and its page is one press away", async ({ browser }) => {
  const server = await Server.start();
  const sara = await Person.arrive(browser, server.url, "Sara Lind");
  await sara.signUp();
  const { page } = sara;
  // A page that was never connected has just come from this server: it looks for no newer one.
  await sara.say("default", "Here");
  await sara.sent("default", "Here");
  await page.evaluate(() => {
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => (input === "/" ? new Response(`<script src="/assets/next-1.js"></script>`, { headers: { "Content-Type": "text/html" } }) : real(input, init));
  });
  await server.kill();
  await server.run();
  await sara.composer("default").fill("half a thou");
  await expect(page.getByText("Starling has a new version.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Load it" }).click();
  await expect(page.getByText("Starling has a new version.")).toHaveCount(0);
  await expect(sara.composer("default")).toHaveValue("half a thou");
  await sara.leave();
  await server.remove();
});
