/** Help while writing, links to messages, and what is left unread on purpose; all without a mouse. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("a name and an emoji are completed by the keyboard", async ({ browser }) => {
  const rosa = await Person.arrive(browser, server.url, "Rosa Klein");
  await rosa.signUp();
  const sam = await Person.arrive(browser, server.url, "Sam Adler");
  await sam.signUp();
  await rosa.page.reload();
  const box = rosa.composer("default");
  await box.click();
  await rosa.page.keyboard.type("Hello @sam");
  await expect(rosa.page.getByRole("option", { name: /Sam Adler/ })).toHaveAttribute("aria-selected", "true");
  await rosa.page.keyboard.press("Enter");
  await expect(box).toHaveValue(/^Hello @sam\S* $/);
  await rosa.page.keyboard.type(":tad");
  await rosa.page.keyboard.press("Tab");
  await expect(box).toHaveValue(/🎉 $/);
  await rosa.page.keyboard.press("Enter");
  await expect(box).toHaveValue("");
  await expect(sam.row("default", "Hello")).toBeVisible();
  await rosa.leave();
  await sam.leave();
});

test("a message can be left unread, and stays so over a reload until its channel is opened", async ({ browser }) => {
  const ida = await Person.arrive(browser, server.url, "Ida Moll");
  await ida.signUp();
  const ole = await Person.arrive(browser, server.url, "Ole Berg");
  await ole.signUp();
  await ida.createChannel("elsewhere");
  await ida.place("default").click();
  await ole.say("default", "Please look at this");
  const row = ida.row("default", "Please look at this");
  await expect(row).toBeVisible();
  await row.focus();
  await ida.page.keyboard.press("u");
  await expect(ida.log("default").getByRole("separator").filter({ hasText: "New" })).toBeVisible();
  await ida.place("elsewhere").click();
  await expect(ida.place("default")).toContainText("unread");
  await ida.page.reload();
  await expect(ida.place("default")).toContainText("unread");
  await ida.place("default").click();
  await expect(ida.place("default")).not.toContainText("unread");
  await ida.page.keyboard.press("Escape");
  await ida.leave();
  await ole.leave();
});

test("a copied link leads to its message, in another tab too, and a dead one says so", async ({ browser }) => {
  const uma = await Person.arrive(browser, server.url, "Uma Reed", { permissions: ["clipboard-read", "clipboard-write"] });
  await uma.signUp("Links");
  await uma.createChannel("quay");
  await uma.say("quay", "The first of many");
  await uma.sent("quay", "The first of many");
  await uma.flood(Array.from({ length: 120 }, (_, index) => `Filler ${index}`));
  await uma.page.reload();
  await uma.log("quay").focus();
  const id = await uma.firstMessageId();
  await uma.page.goto(`${server.url}/#${new URL(uma.page.url()).hash.slice(1)}/${id}`);
  await uma.page.reload();
  await expect(uma.row("quay", "The first of many")).toBeFocused();
  await uma.page.keyboard.press("c");
  await expect(uma.row("quay", "The first of many").getByText("Link copied")).toBeVisible();
  expect(await uma.page.evaluate(() => navigator.clipboard.readText())).toContain(id);
  const channel = new URL(uma.page.url()).hash.slice(1);
  await uma.page.evaluate((hash) => (location.hash = hash), `${channel}/00000000-0000-7000-8000-000000000000`);
  await expect(uma.page.getByText("That message is not here any more")).toBeVisible();
  await uma.leave();
});
