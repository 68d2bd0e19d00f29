/** Who is here, who is typing, what is unread: over several browsers and tabs. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("presence follows what a person says of themselves", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await mara.signUp();
  await jonas.signUp();
  await mara.writeTo("Jonas Tveit");
  await expect(mara.place("Jonas Tveit")).toContainText("Online");

  for (const status of ["Do not disturb", "Away"]) {
    await jonas.page.getByRole("button", { name: "Settings" }).click();
    await jonas.page.getByRole("dialog").getByRole("button", { name: status }).click();
    await expect(mara.place("Jonas Tveit")).toContainText(status);
    await jonas.page.keyboard.press("Escape");
    await expect(jonas.page.getByRole("dialog")).toHaveCount(0);
    await expect(jonas.page.getByRole("button", { name: "Settings" })).toBeFocused();
  }
  await mara.leave();
  await jonas.leave();
});

test("typing ends when the words are taken back", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  await ines.createChannel("pier");
  await hugo.joinChannel("pier");
  await hugo.composer("pier").pressSequentially("Wait");
  await expect(ines.page.getByText("Hugo Brandl is typing")).toBeVisible();
  await hugo.composer("pier").fill("");
  // Sooner than the five seconds after which it would end by itself.
  await expect(ines.page.getByText("is typing")).toHaveCount(0, { timeout: 4_000 });
  await ines.leave();
  await hugo.leave();
});

test("what is read in one tab is read in the other, and the author sees it", async ({ browser }) => {
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  const finn = await Person.arrive(browser, server.url, "Finn Osei");
  await wren.signUp();
  await finn.signUp();
  await finn.createChannel("nets");
  await wren.joinChannel("nets");
  await wren.createChannel("quay");
  const second = await wren.anotherTab();
  await second.place("quay").click();

  await finn.say("nets", "@wren.alder are they dry?");
  await expect(wren.place("nets").locator(".badge")).toHaveText(/1/);
  await expect(second.place("nets").locator(".badge")).toHaveText(/1/);
  await expect(wren.page).toHaveTitle(/^\(1\) /);
  await second.place("nets").click();
  await expect(second.row("nets", "are they dry?")).toBeVisible();
  await expect(second.page.getByRole("separator").filter({ hasText: "New" })).toBeVisible();
  await expect(wren.place("nets").locator(".badge")).toHaveCount(0);

  await finn.writeTo("Wren Alder");
  await finn.page.keyboard.type("And the ropes?");
  await finn.page.keyboard.press("Enter");
  await expect(finn.page.getByText("And the ropes?")).toBeVisible();
  await expect(finn.page.getByText("Seen", { exact: true })).toHaveCount(0);
  await wren.place("Finn Osei").click();
  await expect(finn.page.getByText("Seen", { exact: true })).toBeVisible();
  await wren.leave();
  await finn.leave();
});
