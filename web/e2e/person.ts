/** A person at a browser: what they do and what they see, in the page's own words. */

import { expect, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";

const PASSWORD = "a long walk by the sea 41";

export class Person {
  private constructor(
    readonly name: string,
    readonly page: Page,
    private readonly context: BrowserContext,
    /** Whatever the page itself complained about: policy violations, uncaught errors. */
    readonly complaints: string[],
  ) {}

  static async arrive(browser: Browser, url: string, name: string): Promise<Person> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    await page.goto(url);
    return new Person(name, page, context, complaints);
  }

  async signUp(): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByLabel("Your name").fill(this.name);
    await page.getByLabel("E-mail").fill(`${this.name.toLowerCase().replace(" ", ".")}@example.org`);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("complementary", { name: "Workspace" })).toBeVisible();
  }

  async createChannel(name: string): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Create a channel" }).click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Create", exact: true }).click();
    await expect(this.composer(name)).toBeVisible();
  }

  async joinChannel(name: string): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Browse channels" }).first().click();
    const row = page.getByRole("listitem").filter({ hasText: name });
    await row.getByRole("button", { name: "Join" }).click();
    await expect(this.composer(name)).toBeVisible();
  }

  async say(channel: string, text: string): Promise<void> {
    await this.composer(channel).fill(text);
    await this.composer(channel).press("Enter");
  }

  composer(channel: string): Locator {
    return this.page.getByRole("textbox", { name: `Message #${channel}` });
  }

  log(channel: string): Locator {
    return this.page.getByRole("log", { name: `Messages in #${channel}` });
  }

  row(channel: string, text: string): Locator {
    return this.log(channel).getByRole("article").filter({ hasText: text });
  }

  async act(channel: string, text: string, action: string): Promise<void> {
    const row = this.row(channel, text);
    await row.hover();
    await row.getByRole("button", { name: action }).click();
  }

  /** The texts of the log as shown, top to bottom. */
  texts(channel: string): Promise<string[]> {
    return this.log(channel).locator("article .tx").allInnerTexts();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
