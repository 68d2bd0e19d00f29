/**
 * How far a question has come, as a value: frames, the job itself and the clock go in, the steps
 * that a card shows come out.
 *
 * **Invariant:** a question that has ended stays ended, whatever frame comes late.
 */

import type { Job, JobState } from "../../wire/data/types";
import type { ProgressFrame } from "../../wire/frames";
import type { Id } from "../../wire/types";

export interface Progress {
  job: Id;
  channel: Id;
  thread: Id | null;
  state: JobState;
  detail: string | null;
  /** The words, where they are known: to its asker at once, to others not at all. */
  question: string | null;
  connection: Id | null;
  mine: boolean;
  sql: string | null;
  startedAt: number;
  /** When it entered its state. */
  since: number;
  /** Milliseconds in the states that it left. */
  spent: Partial<Record<JobState, number>>;
  /** What was said about them. */
  notes: Partial<Record<JobState, string>>;
}

export type Began = Pick<Progress, "job" | "channel" | "thread" | "question" | "connection" | "mine">;

export function begin(began: Began, now: number): Progress {
  return { ...began, state: "queued", detail: null, sql: null, startedAt: now, since: now, spent: {}, notes: {} };
}

const FINAL: ReadonlySet<JobState> = new Set<JobState>(["done", "failed", "rejected", "cancelled"]);

export function hasEnded(state: JobState): boolean {
  return FINAL.has(state);
}

export function advance(held: Progress, state: JobState, detail: string | null, now: number): Progress {
  if (hasEnded(held.state)) return held;
  if (held.state === state) return { ...held, detail: detail ?? held.detail };
  const before = held.spent[held.state] ?? 0;
  const spent = { ...held.spent, [held.state]: before + Math.max(0, now - held.since) };
  const notes = held.detail === null ? held.notes : { ...held.notes, [held.state]: held.detail };
  return { ...held, state, detail, since: now, spent, notes };
}

/** A frame about a question, known here or not. */
export function heard(held: Progress | undefined, frame: ProgressFrame, now: number): Progress {
  const known =
    held ??
    begin(
      { job: frame.job_id, channel: frame.channel_id, thread: frame.thread_id ?? null, question: null, connection: null, mine: false },
      now,
    );
  return advance(known, frame.state, frame.detail ?? null, now);
}

/** The job itself, asked for after a break or at the start. */
export function told(held: Progress, job: Job, me: Id, now: number): Progress {
  // What was said about the state that it left says nothing about the one it is in.
  const kept = job.state === held.state ? held.detail : null;
  const moved = advance(held, job.state, job.error ?? kept, now);
  return {
    ...moved,
    question: job.question,
    connection: job.connection_id ?? moved.connection,
    mine: job.asked_by === me,
    sql: job.sql ?? moved.sql,
    spent: { ...moved.spent, ...job.timings },
  };
}

export type StepName = "queued" | "reading_schema" | "writing_sql" | "checking" | "running" | "explaining";

export interface Step {
  name: StepName;
  status: "done" | "now" | "todo" | "stopped";
  ms: number | null;
  detail: string | null;
}

const ORDER: readonly StepName[] = ["queued", "reading_schema", "writing_sql", "checking", "running", "explaining"];

/** The step that a state belongs to: a second attempt writes SQL again, an approval waits before running. */
const STEP_OF: Partial<Record<JobState, StepName>> = { retrying: "writing_sql", awaiting_approval: "running" };

export function stepsOf(progress: Progress, now: number): Step[] {
  const ended = hasEnded(progress.state);
  const current = ended ? lastStep(progress) : stepOf(progress.state);
  const at = ORDER.indexOf(current);
  return ORDER.map((name, index) => {
    const spent = progress.spent[name] ?? null;
    if (progress.state === "done") return { name, status: "done", ms: spent, detail: null };
    if (index === at) {
      const running = ended ? spent : (spent ?? 0) + Math.max(0, now - progress.since);
      // A question for its asker has a place of its own, and so has the reason of an end.
      const detail = ended || progress.state === "awaiting_approval" ? null : progress.detail;
      return { name, status: ended ? "stopped" : "now", ms: running, detail };
    }
    return { name, status: index < at ? "done" : "todo", ms: index < at ? spent : null, detail: progress.notes[name] ?? null };
  });
}

/** Milliseconds since the question was asked, or until it ended. */
export function elapsed(progress: Progress, now: number): number {
  return Math.max(0, (hasEnded(progress.state) ? progress.since : now) - progress.startedAt);
}

function stepOf(state: JobState): StepName {
  return STEP_OF[state] ?? ORDER.find((name) => name === state) ?? "queued";
}

/** Where it stood when it ended: the furthest step that took any time. */
function lastStep(progress: Progress): StepName {
  const left = (Object.keys(progress.spent) as JobState[]).filter((state) => !hasEnded(state)).map(stepOf);
  return ORDER.findLast((name) => left.includes(name)) ?? "queued";
}
