/** One's own settings and those of the place, without a mouse. */

import { expect, test } from "@playwright/test";
import { expectWithin, inEveryDress, palette, press, tabTo, write } from "./hands";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test.describe.configure({ timeout: 150_000 });

test("what one is up to, quiet hours, another password, an invitation, an outgoing webhook", async ({ browser }) => {
  const nora = await Person.arrive(browser, server.url, "Nora Vik");
  await nora.signUp("Own");
  const { page } = nora;
  await palette(page, "Settings");
  const settings = page.getByRole("dialog", { name: "Nora Vik" });
  await write(settings.getByLabel("Emoji"), "🌊");
  await write(settings.getByLabel("In a few words"), "On the water");
  await tabTo(settings.getByLabel("Until"));
  await page.keyboard.type("in an");
  await press(settings.getByRole("button", { name: "Say so" }));
  await expect(settings.getByText("Said", { exact: true })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Workspace" }).getByRole("img", { name: /🌊 On the water/, includeHidden: true }).first()).toBeAttached();

  const told = page.getByRole("region", { name: "Notifications" });
  await press(told.getByRole("group", { name: "Quiet hours" }).getByRole("button", { name: "On", exact: true }));
  await tabTo(told.getByLabel("From"));
  await press(told.getByRole("button", { name: "Sun" }), "Space");
  await expect(told.getByRole("button", { name: "Sun" })).toHaveAttribute("aria-pressed", "false");
  await press(told.getByRole("button", { name: "Save quiet hours" }));
  await expect(told.getByText("Saved")).toBeVisible();

  const password = page.getByRole("form", { name: "Password" });
  await write(password.getByLabel("Current password"), "not this one");
  await write(password.getByLabel("New password"), "another long walk 42");
  await page.keyboard.press("Enter");
  await expect(password.getByRole("alert")).toBeVisible();

  const invitations = page.getByRole("form", { name: "Invitations" });
  await press(invitations.getByRole("button", { name: "Viewer" }));
  await press(invitations.getByRole("button", { name: "Make a link" }));
  await expect(invitations.getByLabel("Link to send")).toHaveValue(/invite=/);
  await press(invitations.getByRole("button", { name: /^Withdraw the invitation/ }), "Enter", "Shift+Tab");
  await expect(invitations.getByRole("listitem")).toHaveCount(0);
  await expectWithin(invitations);

  const hooks = page.getByRole("form", { name: "Outgoing webhooks" });
  await press(settings.getByRole("navigation", { name: "Parts of the settings" }).getByRole("button", { name: "Outgoing webhooks" }), "Enter", "Shift+Tab");
  await expect(hooks.getByLabel("Name")).toBeFocused();
  await write(hooks.getByLabel("Name"), "Ledger");
  await write(hooks.getByLabel("Address"), "https://ledger.example/hook");
  await page.keyboard.press("Enter");
  await expect(hooks.getByRole("textbox", { name: /secret/ })).toHaveValue(/\S+/);
  await press(hooks.getByRole("button", { name: "Log", exact: true }));
  await expect(hooks.getByText("Nothing was sent yet.")).toBeVisible();
  await inEveryDress(page, "settings with everything open");
  await press(hooks.getByRole("button", { name: "Remove Ledger" }), "Enter", "Shift+Tab");
  await expect(hooks.getByRole("listitem")).toHaveCount(0);
  await expectWithin(hooks);
  await page.keyboard.press("Escape");
  await expect(settings).toHaveCount(0);
  await expect(nora.composer("default")).toBeFocused();
  await palette(page, "Sign out");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(nora.complaints).toEqual([]);
  await nora.leave();
});

test("another sign-in is ended where one is, and is over there at once", async ({ browser }) => {
  const nils = await Person.arrive(browser, server.url, "Nils Berg");
  await nils.signUp("Ways in");
  const [second, third] = [await Person.arrive(browser, server.url, "Nils Berg"), await Person.arrive(browser, server.url, "Nils Berg")];
  await second.signIn();
  await third.signIn();
  const { page } = nils;
  await palette(page, "Settings");
  const logins = page.getByRole("region", { name: "Where you are signed in" });
  const others = logins.getByRole("button", { name: /^Sign out / });
  await expect(others).toHaveCount(3);
  await press(others.first());
  await expect(logins.getByRole("listitem")).toHaveCount(2);
  await expectWithin(logins);
  await press(logins.getByRole("button", { name: "Sign out everywhere else" }));
  await expect(logins.getByRole("listitem")).toHaveCount(1);
  await expect(logins.getByText("Signed out there")).toBeVisible();
  for (const other of [second, third]) await expect(other.page.getByText("This session was ended.")).toBeVisible();
  await expect(nils.page.getByRole("dialog")).toBeVisible();
  expect(nils.complaints).toEqual([]);
  for (const one of [nils, second, third]) await one.leave();
});

test("the organization, its groups, its health and its audit", async ({ browser }) => {
  const bea = await Person.arrive(browser, server.url, "Bea Ortiz");
  await bea.signUp("Place");
  const { page } = bea;
  await palette(page, "People and roles");
  const place = page.getByRole("form", { name: "Organization" });
  await write(place.getByLabel("Name"), "Another place");
  await page.keyboard.press("Enter");
  await expect(place.getByText("Saved")).toBeVisible();
  await press(place.getByRole("button", { name: "Invited people" }));
  await expect(place.getByRole("button", { name: "Invited people" })).toHaveAttribute("aria-pressed", "true");
  await press(place.getByRole("checkbox", { name: /Show previews of links/ }), "Space");
  await expect(place.getByRole("checkbox")).not.toBeChecked();
  await tabTo(place.getByLabel("Messages of all channels are kept"));
  await page.keyboard.type("90");
  await expect(place.getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");

  const groups = page.getByRole("region", { name: "Groups" });
  await write(groups.getByLabel("Handle"), "crew");
  await write(groups.getByLabel("Name", { exact: true }), "All hands");
  await page.keyboard.press("Enter");
  await press(groups.getByRole("button", { name: /^@crew/ }), "Enter", "Shift+Tab");
  await inEveryDress(page, "people, the organization and its groups");
  await press(groups.getByRole("button", { name: "Delete the group @crew" }));
  await expect(groups.getByRole("button", { name: /^@crew/ })).toHaveCount(0);

  await palette(page, "Health of the server");
  await expect(page.getByRole("region", { name: "Now" })).toContainText("Connections");
  await tabTo(page.getByRole("region", { name: "Queues" }).last());
  await palette(page, "Audit");
  await write(page.getByLabel("Action"), "user.login");
  // Only what was asked for is listed by now.
  const actions = page.getByRole("main").locator("tbody td > code");
  await expect(actions.filter({ hasNotText: "user.login" })).toHaveCount(0);
  await inEveryDress(page, "the audit");
  expect(bea.complaints).toEqual([]);
  await bea.leave();
});
