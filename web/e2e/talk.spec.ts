/** Two browsers, one channel, the real server. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
const server = served();

test("two people talk and both see the same words in the same order", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await mara.signUp();
  await jonas.signUp();
  await mara.createChannel(CHANNEL);
  await jonas.joinChannel(CHANNEL);

  await mara.say(CHANNEL, "The tide is out");
  await expect(jonas.row(CHANNEL, "The tide is out")).toBeVisible();
  await jonas.composer(CHANNEL).pressSequentially("Then");
  await expect(mara.page.getByText("Jonas Tveit is typing")).toBeVisible();
  await jonas.say(CHANNEL, "Then we **walk** across");
  await mara.say(CHANNEL, "At noon");
  const words = ["The tide is out", "Then we walk across", "At noon"];
  await expect.poll(() => mara.texts(CHANNEL)).toEqual(words);
  await expect.poll(() => jonas.texts(CHANNEL)).toEqual(words);
  await expect(mara.page.getByText("is typing")).toHaveCount(0);

  await jonas.act(CHANNEL, "At noon", "React");
  await jonas.page.getByRole("button", { name: "🎉", exact: true }).click();
  const reaction = mara.row(CHANNEL, "At noon").getByRole("button", { name: "🎉, 1 person" });
  await expect(reaction).toBeVisible();
  await reaction.click();
  await expect(jonas.row(CHANNEL, "At noon").getByRole("button", { name: "🎉, 2 people, you too" })).toBeVisible();

  await mara.composer(CHANNEL).press("ArrowUp");
  await mara.page.getByRole("textbox", { name: "Edit the message" }).fill("At one");
  await mara.page.keyboard.press("Enter");
  await expect(jonas.row(CHANNEL, "At one")).toContainText("edited");

  await jonas.act(CHANNEL, "The tide is out", "Reply in thread");
  await jonas.page.getByRole("textbox", { name: "Reply" }).fill("Since seven");
  await jonas.page.keyboard.press("Enter");
  await mara.row(CHANNEL, "The tide is out").getByRole("button", { name: "1 reply" }).click();
  await expect(mara.page.getByRole("complementary", { name: "Thread" })).toContainText("Since seven");

  await mara.act(CHANNEL, "At one", "Delete");
  await expect(mara.page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await mara.page.keyboard.press("Escape");
  await expect(mara.row(CHANNEL, "At one")).not.toContainText("Delete this message");
  await mara.act(CHANNEL, "At one", "Delete");
  await mara.page.getByRole("button", { name: "Delete it" }).click();
  await expect(jonas.row(CHANNEL, "This message was deleted.")).toBeVisible();
  expect([...mara.complaints, ...jonas.complaints]).toEqual([]);
  await mara.leave();
  await jonas.leave();
});

test("hostile words are shown as words and do nothing", async ({ browser }) => {
  const eve = await Person.arrive(browser, server.url, "Eve Lund");
  await eve.signUp();
  await eve.createChannel("shore");
  const asked: string[] = [];
  eve.page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) asked.push(request.url());
  });

  await eve.say("shore", "<img src=x onerror=alert(1)> ![cat](https://cats.example/c.png) [go](javascript:alert(1)) [home](https://home.example)");
  const row = eve.row("shore", "onerror");
  await expect(row).toContainText("<img src=x onerror=alert(1)>");
  await expect(row.locator("img, script, iframe")).toHaveCount(0);
  await expect(row.locator("a[href^='javascript']")).toHaveCount(0);
  await expect(row.getByRole("link", { name: "home" })).toHaveAttribute("rel", /noopener/);
  expect(asked).toEqual([]);
  expect(eve.complaints).toEqual([]);
  await eve.leave();
});

test("a direct conversation appears by itself with a badge", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();

  await ines.page.getByRole("button", { name: "New direct message" }).click();
  await ines.page.getByLabel("Name or user name").fill("hugo");
  await ines.page.getByRole("button", { name: /^Hugo Brandl/ }).click();
  await ines.page.getByRole("textbox", { name: "Message Hugo Brandl" }).fill("Are you at the pier?");
  await ines.page.keyboard.press("Enter");

  const row = hugo.page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: /Ines Barroca/ });
  await expect(row.locator(".badge")).toHaveText(/1/);
  await row.click();
  await expect(hugo.page.getByText("Are you at the pier?")).toBeVisible();
  await expect(row.locator(".badge")).toHaveCount(0);
  await ines.leave();
  await hugo.leave();
});

test("a group is a conversation that its people find by themselves", async ({ browser }) => {
  const [wren, finn, olive] = await Promise.all(["Wren Alder", "Finn Osei", "Olive Ash"].map((name) => Person.arrive(browser, server.url, name)));
  if (wren === undefined || finn === undefined || olive === undefined) throw new Error("three people arrive");
  await Promise.all([wren, finn, olive].map((person) => person.signUp()));
  await wren.page.getByRole("button", { name: "New direct message" }).click();
  await wren.page.getByRole("button", { name: "Also with Finn Osei" }).click();
  await wren.page.getByRole("dialog").getByRole("button", { name: /^Olive Ash/ }).click();
  await wren.page.getByRole("button", { name: "Start a conversation of 3" }).click();
  await expect(wren.page.getByText("This is the start of your conversation with")).toBeVisible();
  await wren.page.keyboard.type("Who brings the boat?");
  await wren.page.keyboard.press("Enter");
  for (const person of [finn, olive]) {
    await expect(person.place("Wren Alder").locator(".badge")).toHaveText(/1/);
    await person.place("Wren Alder").click();
    await expect(person.page.getByText("Who brings the boat?")).toBeVisible();
  }
  await expect(wren.page.getByText(/^Seen by .*(Finn Osei, Olive Ash|Olive Ash, Finn Osei)$/)).toBeVisible();
  for (const person of [wren, finn, olive]) await person.leave();
});

test("a guest needs only a name, and finds the words again", async ({ browser }) => {
  const guest = await Person.arrive(browser, server.url, "Wanda");
  await guest.page.getByRole("button", { name: "join as a guest" }).click();
  await guest.page.getByLabel("User name").fill("Wanda");
  await guest.page.getByRole("button", { name: "Join" }).click();
  await expect(guest.composer("default")).toBeVisible();
  await guest.say("default", "Is this the place?");
  await expect.poll(() => guest.texts("default")).toEqual(["Is this the place?"]);
  await guest.page.reload();
  await expect(guest.row("default", "Is this the place?")).toBeVisible();
  await guest.leave();
});
