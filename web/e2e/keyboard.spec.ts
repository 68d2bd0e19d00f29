/**
 * Everything that came after the first words, without a mouse: files, drafts, later sends, reminders, programs,
 * settings, the people of the place. And each of these screens in every dress, as axe sees it.
 */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { expectWithin, inEveryDress, palette, press, tabTo, write } from "./hands";
import { served } from "./served";

const CHANNEL = "harbour";
/** A picture of 3 × 2 pixels. */
const BIRD = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHElEQVR4nGNgiDohF7XFJmoBg03UiaioLRVRCwBGoAe9jyLgTAAAAABJRU5ErkJggg==";
const server = served();

test("files are attached, sent, opened and saved", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Files");
  await mara.createChannel(CHANNEL);
  const { page } = mara;
  const choosing = page.waitForEvent("filechooser");
  await press(page.getByLabel("Attach files"));
  await (await choosing).setFiles([
    { name: "bird.png", mimeType: "image/png", buffer: Buffer.from(BIRD, "base64") },
    { name: "tide.csv", mimeType: "text/csv", buffer: Buffer.from("port,height\nWick,3.1\n") },
    { name: "by mistake.txt", mimeType: "text/plain", buffer: Buffer.from("not this one") },
  ]);
  const attached = page.getByRole("list", { name: "Attached files" });
  await expect(attached.getByRole("listitem")).toHaveCount(3);
  await expect(attached.getByRole("progressbar")).toHaveCount(0);
  await expect(mara.composer(CHANNEL)).toBeFocused();
  await press(attached.getByRole("button", { name: "Remove by mistake.txt" }), "Enter", "Shift+Tab");
  await expect(attached.getByRole("listitem")).toHaveCount(2);
  await expect(mara.composer(CHANNEL)).toBeFocused();
  await page.keyboard.type("Bird and tide");
  await page.keyboard.press("Enter");
  const row = await mara.sent(CHANNEL, "Bird and tide");
  await expect(row.getByRole("button", { name: "Open bird.png" })).toBeVisible();
  await page.keyboard.press("F6");
  await page.keyboard.press("F6");
  await page.keyboard.press("ArrowUp");
  await expect(row).toBeFocused();
  await press(row.getByRole("button", { name: "Open bird.png" }));
  await expect(page.getByRole("dialog", { name: "bird.png" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(row.getByRole("button", { name: "Open bird.png" })).toBeFocused();
  const saving = page.waitForEvent("download");
  await press(row.getByRole("button", { name: "Download tide.csv" }));
  expect(await (await saving).failure()).toBeNull();
  await press(row.getByRole("button", { name: "Open bird.png" }), "Enter", "Shift+Tab");
  await expect(page.getByRole("dialog", { name: "bird.png" })).toBeVisible();
  await inEveryDress(page, "a picture by itself");
  expect(mara.complaints).toEqual([]);
  await mara.leave();
});

test("a draft waits in its channel, over a reload too", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  await ines.signUp("Drafts");
  await ines.createChannel("alpha");
  await ines.createChannel("beta");
  const { page } = ines;
  await expect(ines.composer("beta")).toBeFocused();
  await page.keyboard.type("half a thou");
  await palette(page, "alpha");
  await expect(ines.composer("alpha")).toBeFocused();
  await expect(ines.composer("alpha")).toHaveValue("");
  await page.keyboard.press("Alt+ArrowDown");
  await expect(ines.composer("beta")).toHaveValue("half a thou");
  await page.reload();
  await expect(ines.composer("beta")).toBeFocused();
  await expect(ines.composer("beta")).toHaveValue("half a thou");
  await page.keyboard.press("End");
  await page.keyboard.type("ght");
  await page.keyboard.press("Enter");
  await expect(ines.row("beta", "half a thought")).toBeVisible();
  await ines.leave();
});

test("a message is sent later, another is reminded of, and both are taken back", async ({ browser }) => {
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await hugo.signUp("Later");
  await hugo.createChannel(CHANNEL);
  const { page } = hugo;
  await expect(hugo.composer(CHANNEL)).toBeFocused();
  await page.keyboard.type("Good morning");
  await press(page.getByRole("button", { name: "Send later" }));
  const later = page.getByRole("dialog", { name: "Send later" });
  await expect(later).toBeVisible();
  await inEveryDress(page, "sending later");
  await press(later.getByRole("button", { name: "Tomorrow at 9" }));
  await expect(later).toHaveCount(0);
  await expect(hugo.composer(CHANNEL)).toHaveValue("");
  await tabTo(hugo.composer(CHANNEL));
  await press(page.getByRole("button", { name: "Send later" }));
  await press(later.getByRole("button", { name: "Take back: Good morning" }));
  await expect(later.getByText("Nothing waits to be sent.")).toBeVisible();
  await page.keyboard.press("Escape");

  await tabTo(hugo.composer(CHANNEL));
  await page.keyboard.type("Water the plants");
  await page.keyboard.press("Enter");
  const row = await hugo.sent(CHANNEL, "Water the plants");
  await page.keyboard.press("F6");
  await page.keyboard.press("F6");
  await page.keyboard.press("ArrowUp");
  await press(row.getByRole("button", { name: "Remind me" }));
  const remind = page.getByRole("dialog", { name: "Remind me of this" });
  await press(remind.getByRole("button", { name: "In an hour" }));
  await expect(remind).toHaveCount(0);
  await press(row.getByRole("button", { name: "Remind me" }));
  await expect(remind.getByRole("listitem")).toHaveCount(1);
  await press(remind.getByRole("button", { name: /^Forget/ }));
  await expect(remind.getByText("No reminders to come.")).toBeVisible();
  await page.keyboard.press("Escape");
  // Back on the row, whose tools are one Tab away.
  await expectWithin(row);
  await press(row.getByRole("button", { name: "Remind me" }));
  await expect(remind).toBeVisible();
  await inEveryDress(page, "reminders");
  expect(hugo.complaints).toEqual([]);
  await hugo.leave();
});

test("settings: another name, a token, a webhook, a bot; each made and gone", async ({ browser }) => {
  test.setTimeout(150_000);
  const nils = await Person.arrive(browser, server.url, "Nils Aune");
  await nils.signUp("Settings");
  await nils.createChannel(CHANNEL);
  const { page } = nils;
  await palette(page, "Settings");
  const settings = page.getByRole("dialog", { name: "Nils Aune" });
  await write(settings.getByLabel("Your name"), "Nils A. Aune");
  await page.keyboard.press("Enter");
  const renamed = page.getByRole("dialog", { name: "Nils A. Aune" });
  await expect(renamed.getByText("Saved")).toBeVisible();

  const tokens = page.getByRole("form", { name: "Access tokens" });
  await write(tokens.getByLabel("What it is for"), "nightly report");
  await page.keyboard.press("Enter");
  await expect(tokens.getByRole("textbox", { name: "The token" })).toHaveValue(/\S+/);
  await press(tokens.getByRole("button", { name: "Delete the token nightly report" }));
  await expect(tokens.getByText("Deleted")).toBeVisible();

  const hooks = page.getByRole("form", { name: "Incoming webhooks" });
  await write(hooks.getByLabel("Name"), "Deploys");
  await page.keyboard.press("Enter");
  const address = hooks.getByRole("textbox", { name: "Its address" });
  await expect(address).toHaveValue(/\/hooks\//);
  await page.request.post(await address.inputValue(), { data: { text: "Version 7 is out", username: "Rocket", icon_emoji: "🚀" } });
  await press(hooks.getByRole("button", { name: "Remove Deploys" }));
  await expect(hooks.getByRole("listitem")).toHaveCount(0);

  const bots = page.getByRole("form", { name: "Bots" });
  await write(bots.getByLabel("User name"), "helper");
  await page.keyboard.press("Enter");
  await expect(bots.getByRole("textbox", { name: "Its token" })).toHaveValue(/\S+/);
  await inEveryDress(page, "the settings with programs");
  await press(bots.getByRole("button", { name: "Remove helper" }));
  await expect(bots.getByRole("listitem")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(renamed).toHaveCount(0);
  await palette(page, "default");
  const row = nils.row("default", "Version 7 is out");
  await expect(row.locator("b").first()).toHaveText("Rocket");
  await expect(row.locator(".av")).toHaveText("🚀");
  expect(nils.complaints).toEqual([]);
  await nils.leave();
});

test("the people of the place: another role, switched off and on", async ({ browser }) => {
  const bea = await Person.arrive(browser, server.url, "Bea Ortiz");
  await bea.signUp("People");
  const invited = await bea.page.request.post(`${server.url}/api/v1/invitations`, { headers: await bea.authorization(), data: { role: "analyst" } });
  const { invite_token } = (await invited.json()) as { invite_token: string };
  const otto = await Person.arrive(browser, `${server.url}/?invite=${invite_token}`, "Otto Lang");
  await otto.fillAccount();
  await otto.leave();
  const { page } = bea;
  await palette(page, "People and roles");
  const role = page.getByLabel("Role of Otto Lang");
  await tabTo(role);
  await page.keyboard.press("v");
  await expect(page.getByText("Saved for Otto Lang")).toBeVisible();
  await expect(role).toHaveValue("viewer");
  await press(page.getByRole("button", { name: "Switch off Otto Lang" }));
  await expect(page.getByRole("button", { name: "Keep", exact: true })).toBeFocused();
  await inEveryDress(page, "a question before a change");
  await press(page.getByRole("group").getByRole("button", { name: "Switch off", exact: true }), "Enter", "Shift+Tab");
  await press(page.getByRole("button", { name: "Switch on Otto Lang" }));
  await expect(page.getByRole("button", { name: "Switch off Otto Lang" })).toBeVisible();
  expect(bea.complaints).toEqual([]);
  await bea.leave();
});
