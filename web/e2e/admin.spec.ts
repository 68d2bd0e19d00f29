/** The pages of those who run the place: people and roles, the organization, the health of the server. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("an admin changes a role, switches a person off and on, and renames the organization", async ({ browser }) => {
  const boss = await Person.arrive(browser, server.url, "Bea Ortiz");
  await boss.signUp("Old name");
  const invited = await boss.page.request.post(`${server.url}/api/v1/invitations`, { headers: await boss.authorization(), data: { role: "analyst" } });
  const { invite_token } = (await invited.json()) as { invite_token: string };
  const other = await Person.arrive(browser, `${server.url}/?invite=${invite_token}`, "Otto Lang");
  await other.fillAccount();
  const { page } = boss;
  await page.getByRole("button", { name: "Admin", exact: true }).click();
  const role = page.getByLabel("Role of Otto Lang");
  await role.selectOption("Viewer");
  await expect(page.getByText("Saved for Otto Lang")).toBeVisible();
  await page.reload();
  await expect(role).toHaveValue("viewer");
  await expect(page.getByLabel("Role of Bea Ortiz")).toBeDisabled();

  await page.getByRole("button", { name: "Switch off Otto Lang" }).click();
  await expect(page.getByRole("button", { name: "Keep", exact: true })).toBeFocused();
  await page.getByRole("group").getByRole("button", { name: "Switch off", exact: true }).click();
  await expect(other.page.locator(".door")).toBeVisible();
  await page.getByRole("button", { name: "Switch on Otto Lang" }).click();
  await expect(page.getByRole("button", { name: "Switch off Otto Lang" })).toBeVisible();
  await other.page.goto(server.url);
  await other.signIn();

  const organization = page.getByRole("form", { name: "Organization" });
  await organization.getByLabel("Name").fill("New name");
  await organization.getByRole("button", { name: "Save" }).click();
  await expect(organization.getByText("Saved")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Workspace" })).toContainText("New name");
  await expect(other.page.getByRole("button", { name: "Admin", exact: true })).toHaveCount(0);
  await boss.leave();
  await other.leave();
});

test("the health page says whether anything is wrong, and shows the node's figures", async ({ browser }) => {
  const nils = await Person.arrive(browser, server.url, "Nils Aune");
  await nils.signUp("Health");
  await nils.page.getByRole("button", { name: "Admin", exact: true }).click();
  await nils.page.getByRole("button", { name: "Health" }).click();
  await expect(nils.page.getByRole("region", { name: "What is wrong, and what to do" })).toBeVisible();
  await expect(nils.page.getByRole("region", { name: "Now" })).toContainText("Connections");
  await expect(nils.page.getByRole("row", { name: /Questions/ })).toBeVisible();
  expect(nils.complaints).toEqual([]);
  await nils.leave();
});

test("a token for programs is shown once and can be deleted", async ({ browser }) => {
  const pia = await Person.arrive(browser, server.url, "Pia Holm");
  await pia.signUp("Tokens");
  const { page } = pia;
  await page.getByRole("button", { name: "Settings" }).click();
  const tokens = page.getByRole("form", { name: "Access tokens" });
  await tokens.getByLabel("What it is for").fill("nightly report");
  await tokens.getByRole("button", { name: "Make a token" }).click();
  const token = await tokens.getByRole("textbox", { name: "The token" }).inputValue();
  const answer = await page.request.get(`${server.url}/api/v1/users/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status()).toBe(200);
  await tokens.getByRole("button", { name: "Delete the token nightly report" }).click();
  await expect(tokens.getByText("Deleted")).toBeVisible();
  const after = await page.request.get(`${server.url}/api/v1/users/me`, { headers: { Authorization: `Bearer ${token}` } });
  expect(after.status()).toBe(401);
  await pia.leave();
});
