/**
 * Words that were written to break the page, in every place where it shows a text: it stays legible, in its column, in
 * its direction, runs nothing and calls nobody.
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, type Page } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { HEIGHT, palette, press, WIDTHS } from "./hands";
import { Person } from "./person";
import { Server } from "./server";

/** Longer than any line, of the length that a message may have. */
const WORD = "W".repeat(5_000);
const EMOJI = "👩‍👩‍👧‍👦🏴‍☠️".repeat(60);
/** Turns what follows around, and never says that it is over. */
const TURNED = "\u202etxet\u2067denrut\u2066";
const PILED = `Z${"\u0334\u0310\u035f\u0489".repeat(40)}`;
const SCRIPT = "<img src=x onerror=alert(1)><svg onload=alert(1)><script>alert(1)</script>";
const LINKS = "[one](javascript:alert(1)) [two](data:text/html,<script>alert(1)</script>) [three](vbscript:x) <javascript:alert(1)> ![four](https://cats.example/c.png)";
const WIDE_TABLE = `|${" a |".repeat(40)}\n|${"-|".repeat(40)}\n|${` ${"cell".repeat(8)} |`.repeat(40)}`;
const MESSAGES = [WORD, EMOJI, `${TURNED} ${PILED.repeat(20)}`, SCRIPT, LINKS, WIDE_TABLE, `${"> ".repeat(60)}deep`, `${"- ".repeat(30)}deep`, `\`\`\`\n${"code ".repeat(400)}\n\`\`\``, `https://long.example/${"a".repeat(1_500)}`, "@".repeat(900), "שלום **עולם** `code` 123"];

let server: Server;
let pages: { url: string; close(): void };

test.beforeAll(async () => {
  pages = await hostilePages();
  server = await Server.start([], { STARLING_EGRESS_PREVIEWS: "127.0.0.0/8" });
});

test.afterAll(async () => {
  await server.remove();
  pages.close();
});

test("whatever is written stays in its place, runs nothing and calls nobody", async ({ browser }) => {
  test.setTimeout(180_000);
  const eve = await Person.arrive(browser, server.url, "Eve Lund");
  await eve.signUp("Hostile");
  const { page } = eve;
  const asked: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) asked.push(request.url());
  });
  page.on("dialog", (dialog) => {
    asked.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await eve.createChannel("shore");
  await fillEverything(eve);
  await eve.flood([...MESSAGES, `See ${pages.url}/page`]);
  await page.reload();
  await expect(page.locator("article.msg").last()).toBeVisible();
  await expect(page.locator(".preview")).toBeVisible();
  const { rows, found } = await inEveryRow(page, ":is(script, iframe, svg:not(.i), object, embed), a[href]:not([href^='http'], [href^='mailto:'])");
  expect(found).toEqual([]);
  expect(rows).toBeGreaterThan(MESSAGES.length);

  await inEveryWidth(page, "the channel");
  await page.locator("article.msg").last().focus();
  await page.keyboard.press("p");
  await expect(page.getByText(/^Pinned by/).first()).toBeVisible();
  await palette(page, "Pinned messages");
  await expect(page.getByRole("dialog").getByRole("region", { name: "Pinned messages" }).getByRole("listitem")).toHaveCount(1);
  await inEveryWidth(page, "the channel's details");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("searchbox").fill("deep");
  await expect(page.getByRole("list", { name: "Messages found" })).toBeVisible();
  await page.getByRole("searchbox").fill(`${WORD.slice(0, 60)}*`);
  await inEveryWidth(page, "a search");
  await page.keyboard.press("Escape");
  await palette(page, "Settings");
  await expect(page.getByRole("form", { name: "Outgoing webhooks" }).getByRole("listitem")).toHaveCount(1);
  await inEveryWidth(page, "the settings");
  await page.keyboard.press("Escape");
  await palette(page, "People and roles");
  await expect(page.getByRole("region", { name: "Groups" }).getByRole("listitem")).toHaveCount(1);
  await inEveryWidth(page, "the people");
  // The preview goes without a mouse, and only it.
  await page.evaluate(() => history.back());
  await expect(page.locator(".preview")).toBeVisible();
  await page.locator("article.msg").last().focus();
  await page.keyboard.press("ArrowUp");
  await press(page.locator(".preview").getByRole("button"));
  await expect(page.locator(".preview")).toHaveCount(0);
  expect(asked).toEqual([]);
  expect(eve.complaints).toEqual([]);
  await eve.leave();
});

/** A name, a topic, a status, a group, webhooks, a file: each as long and as twisted as the server takes it. */
async function fillEverything(eve: Person): Promise<void> {
  const { page } = eve;
  const base = `${server.url}/api/v1`;
  const headers = await eve.authorization();
  const channel_id = new URL(page.url()).hash.slice(1);
  const send = async (method: string, path: string, data: unknown): Promise<Record<string, unknown>> => {
    const answer = await page.request.fetch(`${base}${path}`, { method, headers, data });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return (await answer.json()) as Record<string, unknown>;
  };
  await send("PATCH", "/users/me", { full_name: `Eve ${TURNED}${"M".repeat(60)}` });
  await send("PATCH", "/users/me", { custom_status: { emoji: "🌊", text: `${"N".repeat(60)} ${"🦀".repeat(15)}`, expires_at: null } });
  await send("PATCH", `/channels/${channel_id}`, { name: "n".repeat(80), topic: `${TURNED} ${SCRIPT} ${"t".repeat(120)}`, description: `${TURNED} ${"d".repeat(600)}` });
  await send("POST", "/groups", { handle: "g".repeat(60), name: `${TURNED}${"G".repeat(120)}`, description: "", member_ids: [] });
  const made = await send("POST", "/webhooks/incoming", { channel_id, name: `${TURNED}${"h".repeat(60)}` });
  await send("POST", "/webhooks/outgoing", { channel_id, name: "o".repeat(80), url: `https://hooks.example/${"u".repeat(900)}`, trigger_words: [] });
  const address = `${server.url}/hooks/${String(made["url"]).split("/").at(-1) ?? ""}`;
  const said = await page.request.post(address, { data: { text: SCRIPT, username: `${TURNED}${"R".repeat(70)}`, icon_emoji: "🚀" } });
  expect(said.ok()).toBe(true);
  const uploaded = await page.request.post(`${base}/files`, { headers, multipart: { file: { name: `${"f".repeat(150)}\u202egnp.exe.csv`, mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") } } });
  expect(uploaded.ok(), await uploaded.text()).toBe(true);
  const { id } = (await uploaded.json()) as { id: string };
  await send("POST", "/messages/", { channel_id, content: "", attachments: [id] });
}

/** What is in any row of the log: it draws those in sight only, so it is walked from the top to the end. */
async function inEveryRow(page: Page, selector: string): Promise<{ rows: number; found: string[] }> {
  return page.locator("#log").evaluate(async (log, wanted) => {
    const [rows, found] = [new Set<string>(), new Set<string>()];
    const drawn = async (): Promise<void> => {
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    };
    log.scrollTo(0, 0);
    for (let before = -1; before < log.scrollTop; ) {
      before = log.scrollTop;
      await drawn();
      for (const row of log.querySelectorAll<HTMLElement>("article[data-seq]")) {
        rows.add(row.dataset["seq"] ?? "");
        for (const element of row.querySelectorAll(wanted)) found.add(element.outerHTML.slice(0, 200));
      }
      log.scrollBy(0, log.clientHeight / 2);
      await drawn();
    }
    return { rows: rows.size, found: [...found] };
  }, selector);
}

/** Nothing is wider than the window, nothing lies over what stands beside it, and axe finds nothing. */
async function inEveryWidth(page: Page, what: string): Promise<void> {
  for (const [name, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: HEIGHT });
    await expect.poll(() => page.evaluate(outside), `${what}, ${name}`).toEqual([]);
    await expectNoFaults(page, `${what}, ${name}`);
  }
  await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
}

/** What stands out of the window without anything that would scroll or cut it; and names that changed places with what follows. */
function outside(): string[] {
  const found: string[] = [];
  const root = document.querySelector("dialog[open]") ?? document.body;
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth - innerWidth} px too wide`);
  const kept = (element: Element): boolean => {
    for (let above = element.parentElement; above !== null; above = above.parentElement) {
      if (above.tagName === "HTML" || above.tagName === "BODY") return false;
      const style = getComputedStyle(above);
      if (style.overflowX !== "visible" || style.clipPath !== "none") {
        const box = above.getBoundingClientRect();
        if (box.right <= innerWidth + 1 && box.left >= -1) return true;
      }
    }
    return false;
  };
  for (const element of root.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || (box.right <= innerWidth + 1 && box.left >= -1)) continue;
    if (!kept(element)) found.push(`${element.tagName}.${String(element.getAttribute("class"))}: ${Math.round(box.left)} to ${Math.round(box.right)}`);
  }
  // Columns that must not scroll sideways, whatever is in them.
  for (const column of document.querySelectorAll(".log, .side nav, .page, dialog[open] .body, .search-results")) {
    if (column.scrollWidth <= column.clientWidth + 1) continue;
    const cut = (element: Element): boolean => {
      for (let above = element.parentElement; above !== null && above !== column; above = above.parentElement) {
        if (getComputedStyle(above).overflowX !== "visible") return true;
      }
      return false;
    };
    const far = [...column.querySelectorAll("*")].filter((element) => !cut(element)).sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    found.push(`${String(column.getAttribute("class"))} scrolls sideways by ${column.scrollWidth - column.clientWidth}: ${far?.outerHTML.slice(0, 100) ?? ""}`);
  }
  for (const head of document.querySelectorAll(".msg .hd")) {
    const [name, time] = [head.querySelector("b"), head.querySelector("time")].map((element) => element?.getBoundingClientRect());
    if (name !== undefined && time !== undefined && name.width > 0 && time.left < name.right - 1) found.push(`a time stands in the name before it: ${head.textContent ?? ""}`);
  }
  return found.slice(0, 5);
}

/** A page whose words are as bad as its neighbours'. */
async function hostilePages(): Promise<{ url: string; close(): void }> {
  const words = `${TURNED} &lt;script&gt;alert(1)&lt;/script&gt; ${"T".repeat(300)}`;
  const listener = createServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<html><head><title>${words}</title><meta property="og:site_name" content="${"s".repeat(300)}"><meta name="description" content="${words} ${"D".repeat(900)}"></head><body>x</body></html>`);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void listener.close() };
}
