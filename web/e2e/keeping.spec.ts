/** What is kept of people: their own archive, and how an admin erases somebody; by the keyboard alone. */

import { expect, test } from "@playwright/test";
import { HEIGHT, inEveryDress, palette, press, tabTo, WIDTHS, write } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const server = served();

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

test("an archive is asked for once, and says so when it failed or is gone", async ({ browser }) => {
  const ulf = await Person.arrive(browser, server.url, "Ulf Moen", wide);
  await ulf.signUp("Archives lost");
  const { page } = ulf;
  let posts = 0;
  let answer = (): void => undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/api/v1/exports", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    posts += 1;
    await held;
    return route.continue();
  });
  await page.getByRole("button", { name: "Settings" }).click();
  const own = page.getByRole("region", { name: "Your data" });
  await own.getByRole("button", { name: "Ask for an archive" }).dispatchEvent("click");
  await own.getByRole("button", { name: "Ask for an archive" }).dispatchEvent("click");
  await expect.poll(() => posts).toBe(1);
  answer();
  const save = own.getByRole("button", { name: "Save" });
  await expect(save).toHaveCount(1, { timeout: 15_000 });
  expect(posts).toBe(1);

  const lost = { id: "1", user_id: "1", state: "done", created_at: new Date().toISOString(), expires_at: new Date().toISOString(), bytes: 1, url: null, error: null };
  await page.route("**/api/v1/exports/*", (route) => route.fulfill({ json: lost }));
  await save.click();
  await expect(own.getByRole("alert")).toContainText("Ask for another one.");
  await page.unroute("**/api/v1/exports");
  await page.route("**/api/v1/exports", (route) => route.fulfill({ json: [{ ...lost, state: "failed", error: "the disk is full" }] }));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(own.getByRole("listitem")).toContainText("Could not be gathered (the disk is full). Ask for another one");
  expect(ulf.complaints).toEqual([]);
  await ulf.leave();
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
  // Whether or not it can be read what stands in their place, they are erased.
  await page.route("**/api/v1/users/*", (route) => (route.request().method() === "GET" ? route.abort() : route.continue()));
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
