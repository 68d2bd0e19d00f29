/** What turns a message into a question, and how far a question has come. */

import { describe, expect, test } from "vitest";
import { advance, begin, elapsed, heard, stepsOf, told, type Began } from "../src/state/ask/progress";
import { beginsQuestion, questionIn } from "../src/state/ask/slash";
import type { Job } from "../src/wire/data/types";
import type { ProgressFrame } from "../src/wire/frames";

const BEGAN: Began = { job: "j1", channel: "c1", thread: null, question: "How many?", connection: null, mine: true };
const frame = (state: ProgressFrame["state"], detail?: string): ProgressFrame => ({
  type: "query_progress",
  job_id: "j1",
  channel_id: "c1",
  state,
  ...(detail === undefined ? {} : { detail }),
});

describe("a command", () => {
  test("is a word of its own at the start, in any case", () => {
    expect(questionIn("/ask how many orders?")).toBe("how many orders?");
    expect(questionIn("/AIBot hello")).toBe("hello");
    expect(questionIn("/ask")).toBe("");
    expect(questionIn("/asking is free")).toBeNull();
    expect(questionIn("what does /ask do")).toBeNull();
  });

  test("turns the composer over once it is complete", () => {
    expect(beginsQuestion("/ask ")).toBe(true);
    expect(beginsQuestion("/ask h")).toBe(false);
  });
});

describe("progress", () => {
  test("shows what is done, what is going on and what is left, with times", () => {
    const read = heard(begin(BEGAN, 0), frame("reading_schema"), 100);
    const writing = heard(read, frame("writing_sql", "4 of 14 tables fit"), 350);
    const steps = stepsOf(writing, 1_350);
    expect(steps.map((step) => step.status)).toEqual(["done", "done", "now", "todo", "todo", "todo"]);
    expect(steps.map((step) => step.ms)).toEqual([100, 250, 1_000, null, null, null]);
    expect(steps[2]?.detail).toBe("4 of 14 tables fit");
    expect(elapsed(writing, 1_350)).toBe(1_350);
  });

  test("of another's question begins with the first frame about it", () => {
    const seen = heard(undefined, frame("running"), 50);
    expect(seen).toMatchObject({ job: "j1", mine: false, question: null, state: "running" });
    expect(stepsOf(seen, 60).map((step) => step.status)).toEqual(["done", "done", "done", "done", "now", "todo"]);
  });

  test("a second attempt writes SQL again and adds to its time", () => {
    let progress = heard(begin(BEGAN, 0), frame("writing_sql"), 0);
    progress = heard(progress, frame("running"), 400);
    progress = heard(progress, frame("retrying", "no such column"), 500);
    expect(stepsOf(progress, 600)[2]).toMatchObject({ name: "writing_sql", status: "now" });
  });

  test("a late frame does not wake what has ended", () => {
    const cancelled = advance(heard(begin(BEGAN, 0), frame("running"), 10), "cancelled", null, 40);
    expect(heard(cancelled, frame("explaining"), 50)).toBe(cancelled);
    expect(stepsOf(cancelled, 900).map((step) => step.status)).toEqual(["done", "done", "done", "done", "stopped", "todo"]);
    expect(elapsed(cancelled, 900)).toBe(40);
  });

  test("the job itself says who asked what, and why it failed", () => {
    const job: Job = {
      id: "j1", state: "failed", thread_id: null, asked_by: "me", question: "How many?", sql: "SELECT 1",
      answer_message_id: null, error: "The database is away", created_at: "", finished_at: "", timings: { running: 30 },
    };
    const known = told(heard(undefined, frame("running"), 0), job, "me", 100);
    expect(known).toMatchObject({ mine: true, question: "How many?", sql: "SELECT 1", detail: "The database is away", state: "failed" });
    expect(known.spent.running).toBe(30);
  });

  test("what was said of its cost is not said of the turn that it waits for once it was agreed to", () => {
    const waiting = advance(begin(BEGAN, 0), "awaiting_approval", "It may read 1.2M rows", 10);
    const agreed: Job = {
      id: "j1", state: "queued", thread_id: null, asked_by: "me", question: "How many?", sql: null,
      answer_message_id: null, error: null, created_at: "", finished_at: null, timings: {},
    };
    expect(told(waiting, agreed, "me", 20)).toMatchObject({ state: "queued", detail: null });
    expect(told(waiting, { ...agreed, state: "awaiting_approval" }, "me", 20).detail).toBe("It may read 1.2M rows");
  });
});
