// @vitest-environment jsdom
/** Cards of answers as they are drawn, over a server that answers from a table. */

import { h, render, type ComponentChildren } from "preact";
import { afterEach, describe, expect, test } from "vitest";
import { AnswerBody } from "../src/components/answer/body";
import { QuestionRow } from "../src/components/answer/progress";
import { SpaceContext } from "../src/components/space";
import { Asking } from "../src/state/ask/asking";
import { advance, begin } from "../src/state/ask/progress";
import { People } from "../src/state/people";
import type { Workspace } from "../src/state/workspace";
import { DataApi } from "../src/wire/data/api";
import type { AckFrame } from "../src/wire/frames";
import { Rest } from "../src/wire/rest";
import type { Message, OrgRole } from "../src/wire/types";
import { answer } from "./answers";
import { ME, message } from "./messages";

const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const BEGAN = { job: "j1", channel: "c1", thread: null, question: "How many?", connection: null, mine: true };
const roots: HTMLElement[] = [];

afterEach(() => roots.splice(0).forEach((root) => render(null, root)));

interface World {
  space: Workspace;
  sent: Record<string, unknown>[];
  asked: string[];
}

function world(role: OrgRole, routes: Record<string, () => Response> = {}): World {
  const [sent, asked]: [Record<string, unknown>[], string[]] = [[], []];
  const rest = new Rest(storage, async (path, init) => {
    asked.push(`${init.method} ${path.replace("/api/v1", "")}`);
    return routes[asked.at(-1) ?? ""]?.() ?? Response.json({ code: "not_found", detail: "no such thing" }, { status: 404 });
  });
  rest.tokens.keep({ access_token: "a", refresh_token: "r", expires_in: 1_800 });
  const request = async (frame: Record<string, unknown>): Promise<AckFrame> => {
    sent.push(frame);
    return { type: "ack", job_id: "j2" };
  };
  const asking = new Asking(new DataApi(rest), { me: () => ME, role: () => role, request });
  return { space: { asking, me: ME, people: new People(), api: {} } as unknown as Workspace, sent, asked };
}

function drawn(space: Workspace, what: ComponentChildren): HTMLElement {
  const root = document.createElement("div");
  document.body.append(root);
  roots.push(root);
  render(h(SpaceContext.Provider, { value: space, children: what }), root);
  return root;
}

const reply = (change: Partial<Message>): Message =>
  message(1, { message_type: "llm_response", client_message_id: "j1", mentions: [ME], content: "Strings led with 1,840.50.", ...change });
const plain = answer({ chart_config: null, follow_ups: ["And by country?"] });
const buttons = (root: HTMLElement): string[] => [...root.querySelectorAll("button")].map((button) => button.textContent?.trim() ?? "");
const press = (root: HTMLElement, name: string): void => {
  const button = [...root.querySelectorAll("button")].find((held) => held.textContent?.includes(name));
  if (button === undefined) throw new Error(`there is no button "${name}" among ${buttons(root).join(", ")}`);
  button.click();
};

describe("an answer's card", () => {
  test("says it, shows its rows, and asks what could follow", async () => {
    const { space, sent } = world("analyst");
    const root = drawn(space, h(AnswerBody, { message: reply({ llm_context: plain }) }));
    expect(root.querySelector(".finding")?.textContent).toBe("Strings led with 1,840.50.");
    expect([...root.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual(["Strings", "1,840.50", "Reissue LPs", "1,612.00", "Cables", "empty"]);
    press(root, "And by country?");
    await expect.poll(() => sent).toMatchObject([{ type: "ask", channel_id: "c1", query: "And by country?", connection_id: "db" }]);
  });

  test("has a way to verify for analysts, and none for viewers", () => {
    const held = reply({ llm_context: plain });
    expect(buttons(drawn(world("analyst").space, h(AnswerBody, { message: held })))).toContain("Verify");
    expect(buttons(drawn(world("viewer").space, h(AnswerBody, { message: held })))).not.toContain("Verify");
  });

  test("of a failure says why, and its asker can try again without writing it again", async () => {
    const failed = answer({ columns: [], query_result_preview: { columns: [], rows: [] }, error_message: "The database is away", chart_config: null });
    const { space, asked } = world("viewer");
    const root = drawn(space, h(AnswerBody, { message: reply({ content: failed.content, llm_context: failed }) }));
    expect(root.textContent).toContain("The database is away");
    press(root, "Ask again");
    await expect.poll(() => asked).toContain("POST /queries/j1/retry");
  });

  test("of what cannot be answered says so calmly, and offers what can be asked", async () => {
    const said = "I only read: I cannot change, add or remove data.";
    const cannot = answer({ sql: "", columns: [], query_result_preview: { columns: [], rows: [] }, content: said, error_message: said, error_code: "cannot_answer", chart_config: null, follow_ups: ["How many orders are there?"] });
    const { space, sent, asked } = world("viewer");
    const root = drawn(space, h(AnswerBody, { message: reply({ content: said, llm_context: cannot }) }));
    expect(root.textContent).toContain("I cannot answer this");
    expect(root.querySelector(".notice.bad")).toBeNull();
    expect(buttons(root)).toEqual(["How many orders are there?", "Ask again"]);
    press(root, "How many orders");
    await expect.poll(() => sent).toMatchObject([{ query: "How many orders are there?" }]);
    // It has not failed, so that there is nothing to retry: it is asked anew.
    press(root, "Ask again");
    await expect.poll(() => sent.length).toBe(2);
    expect(asked).toEqual([]);
  });

  test("without rows says it once", () => {
    const none = answer({ content: "Nothing in the data fits this question.", query_result_preview: { columns: ["name", "revenue"], rows: [] }, full_result_row_count: 0 });
    const root = drawn(world("viewer").space, h(AnswerBody, { message: reply({ content: none.content, llm_context: none }) }));
    expect(root.textContent?.match(/Nothing/g)).toHaveLength(1);
    expect(root.querySelector("table")).toBeNull();
    const wordless = drawn(world("viewer").space, h(AnswerBody, { message: reply({ llm_context: { ...none, content: "" } }) }));
    expect(wordless.textContent?.match(/Nothing/g)).toHaveLength(1);
  });

  test("names its columns for readers, and keeps SQL's names within reach", () => {
    const held = answer({ chart_config: null, columns: [{ name: "name", type: "text" }, { name: "orders_count", type: "integer" }] });
    const head = drawn(world("viewer").space, h(AnswerBody, { message: reply({ llm_context: held }) })).querySelectorAll("th button")[1];
    expect(head?.textContent).toBe("Orders count");
    expect(head?.getAttribute("title")).toContain("orders_count");
  });

  test("cells are letters, whatever they hold", () => {
    const hostile = "<img src=x onerror=alert(1)> https://evil.example";
    const held = answer({ chart_config: null, query_result_preview: { columns: ["name", "revenue"], rows: [[hostile, 1]] } });
    const root = drawn(world("viewer").space, h(AnswerBody, { message: reply({ llm_context: held }) }));
    expect(root.querySelector("td")?.textContent).toBe(hostile);
    expect(root.querySelectorAll("img, a")).toHaveLength(0);
  });
});

describe("an answer that not everyone may see", () => {
  const stub = reply({ content: "This answer uses data that not everyone here may see.", llm_context: { restricted: true, job_id: "j1" } });

  test("is a note until it is opened", async () => {
    const { space, asked } = world("viewer", { "GET /queries/j1/answer": () => Response.json(plain) });
    const root = drawn(space, h(AnswerBody, { message: stub }));
    expect(root.querySelector("table")).toBeNull();
    expect(asked).toEqual([]);
    press(root, "Open my private answer");
    await expect.poll(() => root.querySelector("table")).not.toBeNull();
    expect(root.textContent).toContain("Not everyone here may see this");
  });

  test("stays one for who may not, and says whom to ask", async () => {
    const refusal = (): Response => Response.json({ code: "restricted", detail: "not open to you" }, { status: 403 });
    const { space } = world("viewer", { "GET /queries/j1/answer": refusal });
    const root = drawn(space, h(AnswerBody, { message: { ...stub, mentions: ["other"] } }));
    press(root, "Open it if I may");
    await expect.poll(() => root.textContent).toContain("Ask an admin for access");
    expect(root.querySelectorAll("button")).toHaveLength(0);
  });
});

describe("a question's card", () => {
  test("has a cancel for its asker alone", async () => {
    const { space, sent } = world("viewer");
    const progress = advance(begin(BEGAN, Date.now()), "running", null, Date.now());
    const root = drawn(space, h(QuestionRow, { progress }));
    expect(root.querySelector("[aria-current=step]")?.textContent).toContain("Running");
    press(root, "Cancel");
    await expect.poll(() => sent).toEqual([{ type: "cancel_query", job_id: "j1" }]);
    expect(buttons(drawn(space, h(QuestionRow, { progress: { ...progress, mine: false } })))).toEqual([]);
  });

  test("waits for its asker to agree to the cost", async () => {
    const { space, asked } = world("viewer");
    const progress = advance(begin(BEGAN, Date.now()), "awaiting_approval", "It may read 1.2M rows", Date.now());
    const root = drawn(space, h(QuestionRow, { progress }));
    expect(root.textContent).toContain("It may read 1.2M rows");
    press(root, "Run it");
    await expect.poll(() => asked).toEqual(["POST /queries/j1/approve"]);
  });
});
