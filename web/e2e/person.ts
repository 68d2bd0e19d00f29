/** A person at a browser: what they do and what they see, in the page's own words. */

import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from "@playwright/test";

const PASSWORD = "a long walk by the sea 41";

export class Person {
  private constructor(
    readonly name: string,
    readonly page: Page,
    private readonly context: BrowserContext,
    /** Whatever the page itself complained about: policy violations, uncaught errors. */
    readonly complaints: string[],
  ) {}

  static async arrive(browser: Browser, url: string, name: string, options: BrowserContextOptions = {}): Promise<Person> {
    return Person.open(await browser.newContext(options), url, name);
  }

  private static async open(context: BrowserContext, url: string, name: string): Promise<Person> {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) complaints.push(message.text());
    });
    await page.goto(url);
    return new Person(name, page, context, complaints);
  }

  /** The same person in one more tab of the same browser. */
  async anotherTab(): Promise<Person> {
    return Person.open(this.context, new URL(this.page.url()).origin, this.name);
  }

  get email(): string {
    return `${this.name.toLowerCase().replace(" ", ".")}@example.org`;
  }

  /** With an organization of their own they are its admin. */
  async signUp(organization = ""): Promise<void> {
    await this.page.getByRole("button", { name: "Create an account" }).click();
    if (organization !== "") await this.page.getByLabel("New organization").fill(organization);
    await this.fillAccount();
  }

  /** The form of a new account, as an invitation opens it. */
  async fillAccount(): Promise<void> {
    const { page } = this;
    await page.getByLabel("Your name").fill(this.name);
    await page.getByLabel("E-mail").fill(this.email);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await this.expectInside();
  }

  async signIn(): Promise<void> {
    const { page } = this;
    await page.getByLabel("E-mail or user name").fill(this.email);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await this.expectInside();
  }

  /** On a phone the sidebar is behind the channel, so any of the two will do. */
  private async expectInside(): Promise<void> {
    await expect(this.page.locator(".app")).toBeVisible();
  }

  async writeTo(name: string): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "New direct message" }).click();
    await page.getByLabel("Name or user name").fill(name);
    await page.getByRole("dialog").getByRole("button", { name: new RegExp(`^${name}`) }).click();
    await expect(page.getByRole("textbox", { name: `Message ${name}` })).toBeVisible();
  }

  /** The row of a channel or a person in the sidebar. */
  place(name: string): Locator {
    return this.page.getByRole("navigation", { name: "Main" }).getByRole("listitem").filter({ hasText: name }).getByRole("button");
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

  /** Many messages into the open channel by the API, as a program would write them. */
  async flood(texts: readonly string[]): Promise<void> {
    const { request } = this.context;
    const base = `${new URL(this.page.url()).origin}/api/v1`;
    const channel_id = new URL(this.page.url()).hash.slice(1);
    const headers = await this.authorization();
    for (const content of texts) {
      const answer = await request.post(`${base}/messages/`, { headers, data: { channel_id, content } });
      expect(answer.status()).toBe(201);
    }
  }

  /** What a program of this person's sends with its requests. */
  async authorization(): Promise<{ Authorization: string }> {
    const login = await this.context.request.post(`${new URL(this.page.url()).origin}/api/v1/auth/login`, { data: { email: this.email, password: PASSWORD } });
    const { access_token } = (await login.json()) as { access_token: string };
    return { Authorization: `Bearer ${access_token}` };
  }

  /** The oldest message of the open channel, as the API names it. */
  async firstMessageId(): Promise<string> {
    const channel = new URL(this.page.url()).hash.slice(1);
    const answer = await this.context.request.get(`${new URL(this.page.url()).origin}/api/v1/messages/channel/${channel}?limit=200`, { headers: await this.authorization() });
    const messages = (await answer.json()) as { id: string; seq: number }[];
    return messages.reduce((first, message) => (message.seq < first.seq ? message : first)).id;
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
    const row = await this.sent(channel, text);
    await row.hover();
    await row.getByRole("button", { name: action }).click();
  }

  /** The row, once the server has the message: one on its way can do nothing yet. */
  async sent(channel: string, text: string): Promise<Locator> {
    const row = this.row(channel, text);
    await expect(row).toHaveAttribute("data-seq", /^\d+$/);
    return row;
  }

  /** The texts of the log as shown, top to bottom. */
  texts(channel: string): Promise<string[]> {
    return this.log(channel).locator("article .tx").allInnerTexts();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
