/**
 * What would cost a lot waits for its asker. Only PostgreSQL and MySQL say what a query will cost,
 * and the demo shop is neither: the page talks to the real server, and the moments of the wait are
 * put between the two, frame by frame and answer by answer as the protocol has them.
 */

import { expect, test, type Page, type WebSocketRoute } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";

const JOB = "0199a000-0000-7000-8000-000000000001";
const COST = "The database expects a cost of 5312000, about 1200000 rows.";
const QUESTION = "How many orders are there?";
const server = served();

for (const theme of ["light", "dark"] as const) {
  test(`a costly question waits until its asker agrees, ${theme}`, async ({ browser }) => {
    const mara = await Person.arrive(browser, server.url, `Mara ${theme}`, { colorScheme: theme });
    const { page } = mara;
    const stage = await Stage.between(page);
    await mara.signUp(`Ebb ${theme}`);
    await mara.createChannel("costs");
    await mara.say("costs", `/ask ${QUESTION}`);
    const card = page.getByRole("group", { name: "Question in progress" });
    await expect(card).toContainText("This reads a lot of data");
    await expect(card).toContainText(`${COST} It waits until you agree.`);
    await expect(card.locator("[aria-current=step]")).toContainText("Waiting to run");
    await expect(card.getByRole("button", { name: /^Cancel/ })).toBeVisible();
    await expectNoFaults(page, "waiting");

    // The server has no such job: the refusal is said in the card, and the question still waits.
    await card.getByRole("button", { name: "Run it" }).click();
    await expect(card.locator(".trouble")).toBeVisible();
    await expect(card.getByRole("button", { name: "Run it" })).toBeVisible();

    await page.route(`**/api/v1/queries/${JOB}/approve`, (route) => route.fulfill({ json: stage.job("queued") }));
    await card.getByRole("button", { name: "Run it" }).click();
    await expect(card.locator(".trouble")).toHaveCount(0);
    await expect(card.getByRole("button", { name: "Run it" })).toHaveCount(0);
    await expect(card).not.toContainText(COST);
    stage.progress("running");
    await expect(card.locator("[aria-current=step]")).toContainText("Running");
    await expect(card).not.toContainText("This reads a lot of data");
    expect(mara.complaints).toEqual([]);
    await mara.leave();
  });
}

test("a costly question that nobody agrees to is over when the server says so", async ({ browser }) => {
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  const stage = await Stage.between(jonas.page);
  await jonas.signUp("Spring Tide");
  await jonas.createChannel("costs");
  await jonas.say("costs", `/ask ${QUESTION}`);
  const card = jonas.page.getByRole("group", { name: "Question in progress" });
  await expect(card.getByRole("button", { name: "Run it" })).toBeVisible();
  stage.progress("cancelled", "Nobody agreed to its cost within an hour.");
  await expect(card).toContainText("Nobody agreed");
  await expect(card.getByRole("button", { name: "Run it" })).toHaveCount(0);
  await expect(card.getByRole("button", { name: "Ask again" })).toBeVisible();
  await card.getByRole("button", { name: "Dismiss" }).click();
  await expect(card).toHaveCount(0);
  await jonas.leave();
});

test("costly SQL of one's own asks before it runs, and runs when told to", async ({ browser }) => {
  const ines = await Person.arrive(browser, server.url, "Ines Barroca");
  const { page } = ines;
  await ines.signUp("Neap Tide");
  await page.getByRole("button", { name: "Data", exact: true }).click();
  await page.getByRole("button", { name: "Try it with the demo shop" }).click();
  await page.getByRole("button", { name: "Open Demo shop" }).click();
  await page.route("**/api/v1/query/execute", (route) => {
    const { approve } = route.request().postDataJSON() as { approve?: boolean };
    const problem = { code: "approval_needed", title: "Conflict", status: 409, detail: "the database expects a cost of 5312000", estimate: 5_312_000 };
    return approve === true ? route.continue() : route.fulfill({ status: 409, contentType: "application/problem+json", json: problem });
  });
  const sql = page.getByRole("textbox", { name: "SQL" });
  await sql.fill("SELECT count(*) AS orders_count FROM orders");
  await sql.press("Control+Enter");
  const notice = page.getByRole("alert");
  await expect(notice).toContainText("This reads a lot of data");
  await expect(notice).toContainText("The database expects a cost of 5312000.");
  await expectNoFaults(page, "before it runs");
  await notice.getByRole("button", { name: "Run it anyway" }).click();
  // Who wrote the SQL sees its names.
  await expect(page.getByRole("columnheader", { name: "orders_count" })).toBeVisible();
  await expect(notice).toHaveCount(0);
  expect(ines.complaints).toEqual([]);
  await ines.leave();
});

/** Stands between the page and the socket: a question goes no further than here. */
class Stage {
  private socket: WebSocketRoute | null = null;
  private channel = "";
  private me = "";

  static async between(page: Page): Promise<Stage> {
    const stage = new Stage();
    await page.routeWebSocket(/\/ws/, (socket) => {
      const behind = socket.connectToServer();
      stage.socket = socket;
      behind.onMessage((text) => stage.told(String(text)));
      socket.onMessage((text) => stage.heard(String(text)) || behind.send(text));
    });
    return stage;
  }

  private told(text: string): void {
    const frame = JSON.parse(text) as { type: string; user?: { id: string } };
    if (frame.type === "hello") this.me = frame.user?.id ?? "";
    this.socket?.send(text);
  }

  private heard(text: string): boolean {
    const frame = JSON.parse(text) as { type: string; id?: string; channel_id?: string };
    if (frame.type !== "ask" || frame.channel_id === undefined) return false;
    this.channel = frame.channel_id;
    this.socket?.send(JSON.stringify({ type: "ack", id: frame.id, job_id: JOB, channel_id: this.channel }));
    for (const state of ["reading_schema", "writing_sql", "checking"]) this.progress(state);
    this.progress("awaiting_approval", COST);
    return true;
  }

  progress(state: string, detail?: string): void {
    this.socket?.send(JSON.stringify({ type: "query_progress", job_id: JOB, channel_id: this.channel, thread_id: null, state, detail }));
  }

  job(state: string): Record<string, unknown> {
    return {
      id: JOB, state, channel_id: this.channel, thread_id: null, asked_by: this.me, question: QUESTION, sql: null,
      answer_message_id: null, error: null, created_at: new Date().toISOString(), finished_at: null, timings: {},
    };
  }
}
