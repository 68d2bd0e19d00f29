/** Questions on their way and the data of answers, over a server that answers from a table. */

import { describe, expect, test } from "vitest";
import { Answers, jobOf } from "../src/state/ask/answers";
import type { Began } from "../src/state/ask/progress";
import { Questions } from "../src/state/ask/questions";
import { merge } from "../src/state/timeline";
import { DataApi } from "../src/wire/data/api";
import type { AckFrame, ProgressFrame } from "../src/wire/frames";
import { Refusal } from "../src/wire/link";
import { Rest } from "../src/wire/rest";
import { answer } from "./answers";
import { message } from "./messages";

const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

function api(routes: Record<string, () => Response>): { api: DataApi; asked: string[] } {
  const asked: string[] = [];
  const rest = new Rest(storage, async (path, init) => {
    const key = `${init.method} ${path.replace("/api/v1", "")}`;
    asked.push(key);
    return routes[key]?.() ?? Response.json({ code: "not_found", detail: "no such thing" }, { status: 404 });
  });
  rest.tokens.keep({ access_token: "a", refresh_token: "r", expires_in: 1_800 });
  return { api: new DataApi(rest), asked };
}

interface World {
  questions: Questions;
  sent: Record<string, unknown>[];
  kept: Began[];
}

function world(routes: Record<string, () => Response> = {}, ack: Partial<AckFrame> = { job_id: "j1" }, kept: Began[] = []): World {
  const sent: Record<string, unknown>[] = [];
  let names = 0;
  const held: World = { sent, kept, questions: null as unknown as Questions };
  held.questions = new Questions(api(routes).api, {
    me: () => "me",
    now: () => 1_000,
    newId: () => `n${(names += 1)}`,
    pause: async () => undefined,
    load: () => held.kept,
    save: (own) => (held.kept = [...own]),
    request: async (frame) => {
      sent.push(frame);
      return { type: "ack", ...ack };
    },
  });
  return held;
}

const frame = (job: string, state: ProgressFrame["state"]): ProgressFrame => ({ type: "query_progress", job_id: job, channel_id: "c1", state });
const states = (questions: Questions): string[] => [...questions.open.value.values()].map((progress) => `${progress.job} ${progress.state}`);

describe("asking", () => {
  test("names the channel, or the thread alone, and the connection where one was chosen", async () => {
    const { questions, sent } = world();
    await questions.ask({ channel: "c1", thread: null }, "How many?", null);
    await questions.ask({ channel: "c1", thread: "t1" }, "And by country?", "db");
    expect(sent).toEqual([
      { type: "ask", query: "How many?", client_message_id: "n1", channel_id: "c1" },
      { type: "ask", query: "And by country?", client_message_id: "n2", thread_id: "t1", connection_id: "db" },
    ]);
  });

  test("a frame that overtakes the acknowledgement is kept", async () => {
    const { questions } = world();
    questions.progress(frame("j1", "reading_schema"));
    await questions.ask({ channel: "c1", thread: null }, "How many?", null);
    expect(questions.open.value.get("j1")).toMatchObject({ state: "reading_schema", question: "How many?", mine: true });
  });

  test("the answer takes the card away, and what is heard of it later brings none back", async () => {
    const { questions } = world();
    await questions.ask({ channel: "c1", thread: null }, "How many?", null);
    questions.progress(frame("other", "running"));
    questions.answered("j1");
    questions.progress(frame("j1", "explaining"));
    questions.progress(frame("j1", "done"));
    questions.progress(frame("never seen", "cancelled"));
    expect(states(questions)).toEqual(["other running"]);
  });

  test("a done question stays in sight until its answer is there", async () => {
    const { questions } = world();
    await questions.ask({ channel: "c1", thread: null }, "How many?", null);
    questions.progress(frame("j1", "done"));
    expect(states(questions)).toEqual(["j1 done"]);
    questions.answered("j1");
    expect(states(questions)).toEqual([]);
  });

  test("a cancel is told to the server and shown", async () => {
    const { questions, sent } = world();
    await questions.ask({ channel: "c1", thread: null }, "How many?", null);
    await questions.cancel("j1");
    expect(sent.at(-1)).toEqual({ type: "cancel_query", job_id: "j1" });
    expect(states(questions)).toEqual(["j1 cancelled"]);
  });

  test("a question of unknown outcome is sent again under the same name, and given up in the end", async () => {
    const sent: unknown[] = [];
    const waited: number[] = [];
    let left = 4;
    const questions = new Questions(null, {
      me: () => "me", now: () => 0, load: () => [], save: () => undefined, newId: () => `n${sent.length}`,
      pause: async (ms) => void waited.push(ms),
      request: async (order) => {
        sent.push(order["client_message_id"]);
        if (left-- > 0) throw new Refusal("overloaded", "too many questions wait", true, 50);
        return { type: "ack", job_id: "j1" };
      },
    });
    const place = { channel: "c1", thread: null };
    await expect(questions.ask(place, "How many?", null)).rejects.toMatchObject({ code: "overloaded" });
    expect(states(questions)).toEqual([]);
    await questions.ask(place, "How many?", null);
    expect(sent).toEqual(["n0", "n0", "n0", "n0", "n0"]);
    expect(waited).toEqual([50, 50, 50]);
    expect(states(questions)).toEqual(["j1 queued"]);
  });

  test("after a reload one's own question is found again, and one that is over is forgotten", async () => {
    const kept: Began[] = ["j1", "gone"].map((job) => ({ job, channel: "c1", thread: null, question: "How many?", connection: null, mine: true }));
    const job = { id: "j1", state: "running", thread_id: null, asked_by: "me", question: "How many?", sql: null, answer_message_id: null, error: null, created_at: "", finished_at: null, timings: {} };
    const held = world({ "GET /queries/j1": () => Response.json(job) }, {}, kept);
    await held.questions.refresh();
    expect(states(held.questions)).toEqual(["j1 running"]);
    expect(held.kept.map((own) => own.job)).toEqual(["j1"]);
  });
});

describe("the data of an answer", () => {
  const reply = message(1, { message_type: "llm_response", client_message_id: "j1" });

  test("is taken from the message when it is there", () => {
    const { api: data, asked } = api({});
    const answers = new Answers(data);
    const whole = { ...reply, llm_context: answer() };
    answers.need(whole);
    expect(answers.of(whole)).toMatchObject({ kind: "answer" });
    expect(asked).toEqual([]);
    expect(jobOf(whole)).toBe("j1");
  });

  test("is asked for once when the message came without it", async () => {
    const { api: data, asked } = api({ "GET /queries/j1/answer": () => Response.json(answer()) });
    const answers = new Answers(data);
    expect(answers.of(reply)).toMatchObject({ kind: "loading" });
    answers.need(reply);
    answers.need(reply);
    await expect.poll(() => answers.of(reply)?.kind).toBe("answer");
    expect(asked).toEqual(["GET /queries/j1/answer"]);
  });

  test("stays a note until the reader asks for it, and then may be refused", async () => {
    const { api: data, asked } = api({ "GET /queries/j1/answer": () => Response.json({ code: "restricted", detail: "not for you" }, { status: 403 }) });
    const answers = new Answers(data);
    const stub = { ...reply, llm_context: { restricted: true as const, job_id: "j1" } };
    answers.need(stub);
    expect(asked).toEqual([]);
    expect(answers.of(stub)).toMatchObject({ kind: "restricted" });
    await answers.read("j1");
    expect(answers.of(stub)).toMatchObject({ kind: "refused" });
  });

  test("a replayed frame without data does not take it away", () => {
    const whole = { ...reply, llm_context: answer() };
    expect(merge([whole], [reply])[0]?.llm_context).toBe(whole.llm_context);
  });
});
