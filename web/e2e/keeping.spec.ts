/** What is kept of people: their own archive, and how an admin erases somebody; by the keyboard alone. */

import { expect, test } from "@playwright/test";
import { HEIGHT, inEveryDress, palette, press, tabTo, WIDTHS, write } from "./hands";
import { Person } from "./person";
import { Server } from "./server";

let server: Server;

test.beforeAll(async () => {
  server = await Server.start();
});

test.afterAll(async () => {
  await server.remove();
});

const wide = { viewport: { width: WIDTHS.wide, height: HEIGHT } };

test("one asks for an archive of one's own data, and saves it", async ({ browser }) => {
  const runa = await Person.arrive(browser, server.url, "Runa Dahl", wide);
  await runa.signUp("Archives");
  const { page } = runa;
  await press(page.getByRole("button", { name: "Settings" }));
  const own = page.getByRole("region", { name: "Your data" });
  await press(own.getByRole("button", { name: "Ask for an archive" }));
  const save = own.getByRole("button", { name: "Save" });
  await expect(save).toBeVisible({ timeout: 15_000 });
  await tabTo(save, "Shift+Tab");
  const coming = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await coming).suggestedFilename()).toBe("export.zip");
  expect(runa.complaints).toEqual([]);
  await runa.leave();
});

test("an admin erases somebody only after typing the name", async ({ browser }) => {
  test.setTimeout(120_000);
  const boss = await Person.arrive(browser, server.url, "Bea Ortiz", wide);
  await boss.signUp("Forgetful");
  await boss.createChannel("harbour");
  const invited = await boss.page.request.post(`${server.url}/api/v1/invitations`, { headers: await boss.authorization(), data: { role: "analyst" } });
  const { invite_token } = (await invited.json()) as { invite_token: string };
  const otto = await Person.arrive(browser, `${server.url}/?invite=${invite_token}`, "Otto Lang", wide);
  await otto.fillAccount();
  await otto.joinChannel("harbour");
  await otto.say("harbour", "I was here");
  const { page } = boss;
  await expect(page.getByText("I was here")).toBeVisible();
  await press(page.getByRole("button", { name: "Admin", exact: true }));
  const open = page.getByRole("button", { name: "Erase Otto Lang" });
  await press(open);
  const form = page.getByRole("form", { name: "Erase Otto Lang" });
  const field = form.getByRole("textbox");
  await expect(field).toBeFocused();
  await inEveryDress(page, "erasing somebody");
  await page.keyboard.press("Escape");
  await expect(form).toHaveCount(0);
  await expect(open).toBeFocused();
  await page.keyboard.press("Enter");
  await write(field, "otto");
  await expect(form.getByRole("button", { name: "Erase for good" })).toBeDisabled();
  const label = (await form.locator(".field label").textContent()) ?? "";
  await write(field, label.replace(/^Type (\S+) to confirm$/, "$1"));
  await press(form.getByRole("button", { name: "Erase for good" }));
  await expect(page.getByText("Otto Lang is erased.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Deleted person" })).toContainText("Erased");
  await expect(otto.page.locator(".door")).toBeVisible();
  await expect(page.getByLabel("Find by name or user name")).toBeFocused();
  await palette(page, "harbour");
  await expect(page.getByText("I was here")).toBeVisible();
  await expect(page.locator(".pane").getByText("Deleted person").first()).toBeVisible();
  await expect(page.locator(".pane").getByText("Otto Lang")).toHaveCount(0);
  expect(boss.complaints).toEqual([]);
  await boss.leave();
  await otto.leave();
});
