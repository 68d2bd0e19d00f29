/** Bringing people in, putting them out, and one's own sign-ins. */

import { expect, test } from "@playwright/test";
import { Person } from "./person";
import { served } from "./served";

const server = served();

test("an invitation brings someone into the organization, once", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  await mara.signUp("Low Tide Music");
  await mara.page.getByRole("button", { name: "Settings" }).click();
  await mara.page.getByRole("button", { name: "Make a link" }).click();
  const link = await mara.page.getByLabel("Link to send").inputValue();
  expect(link.startsWith(`${server.url}/?invite=`)).toBe(true);

  const jonas = await Person.arrive(browser, link, "Jonas Tveit");
  await expect(jonas.page.getByText("You have an invitation")).toBeVisible();
  await jonas.fillAccount();
  await expect(jonas.page.getByText("Low Tide Music")).toBeVisible();
  expect(jonas.page.url()).not.toContain("invite");

  const late = await Person.arrive(browser, link, "Late Comer");
  await late.page.getByLabel("Your name").fill(late.name);
  await late.page.getByLabel("E-mail").fill(late.email);
  await late.page.getByLabel("Password", { exact: true }).fill("a long walk by the sea 41");
  await late.page.getByRole("button", { name: "Create account" }).click();
  await expect(late.page.getByRole("alert")).toBeVisible();
  for (const person of [mara, jonas, late]) await person.leave();
});

test("a private channel gets members and loses them", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const hugo = await Person.arrive(browser, server.url, "Hugo Brandl");
  await ines.signUp();
  await hugo.signUp();
  await ines.page.getByRole("button", { name: "Create a channel" }).click();
  await ines.page.getByLabel("Name", { exact: true }).fill("buying");
  await ines.page.getByRole("button", { name: "Invited people" }).click();
  await ines.page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(ines.composer("buying")).toBeVisible();

  await ines.page.getByRole("button", { name: "Add people" }).click();
  const details = ines.page.getByRole("dialog");
  await details.getByRole("button", { name: "Add people" }).click();
  await details.getByLabel("Name or user name").fill("hugo");
  await details.getByRole("button", { name: /Hugo Brandl/ }).first().click();
  await expect(details.getByText("Hugo Brandl was added")).toBeVisible();
  await expect(hugo.place("buying")).toBeVisible();

  await details.getByRole("button", { name: "Edit" }).click();
  await details.getByLabel("Topic").fill("Spring list");
  await details.getByRole("button", { name: "Save" }).click();
  await hugo.place("buying").click();
  await expect(hugo.page.getByRole("main").getByText("Spring list").first()).toBeVisible();

  await hugo.page.getByRole("button", { name: "2 members" }).click();
  await hugo.page.getByRole("dialog").getByRole("button", { name: "Nothing" }).click();
  await expect(hugo.place("buying")).toHaveClass(/muted/);
  await hugo.page.keyboard.press("Escape");

  await details.getByRole("button", { name: "Remove Hugo Brandl" }).click();
  await expect(details.getByText("Hugo Brandl was removed")).toBeVisible();
  await expect(hugo.place("buying")).toHaveCount(0);
  await ines.leave();
  await hugo.leave();
});

test("leaving a channel is asked about first", async ({ browser }) => {
  const owner = await Person.arrive(browser, server.url, "Olive Ash");
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await owner.signUp();
  await wren.signUp();
  await owner.createChannel("ferry");
  await wren.joinChannel("ferry");
  await wren.page.getByRole("button", { name: "2 members" }).click();
  const details = wren.page.getByRole("dialog");
  await details.getByRole("button", { name: "Leave the channel" }).click();
  await details.getByRole("button", { name: "Stay" }).click();
  await details.getByRole("button", { name: "Leave the channel" }).click();
  await details.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(wren.place("ferry")).toHaveCount(0);
  await owner.leave();
  await wren.leave();
});

test("a sign-in elsewhere can be ended from here, and a name changed", async ({ browser }) => {
  const here = await Person.arrive(browser, server.url, "Finn Osei");
  await here.signUp();
  const there = await Person.arrive(browser, server.url, "Finn Osei");
  await there.signIn();
  await here.page.getByRole("button", { name: "Settings" }).click();
  const settings = here.page.getByRole("dialog");
  await settings.getByLabel("Your name").fill("Finn O.");
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(settings.getByText("Saved")).toBeVisible();
  await expect(settings.getByRole("heading", { name: "Finn O." })).toBeVisible();
  await settings.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(there.page.getByText("This session was ended")).toBeVisible();
  await expect(settings.getByText("This browser ·")).toBeVisible();
  await here.leave();
  await there.leave();
});
