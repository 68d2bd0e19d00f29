/**
 * The data of answers. A message brings it along, or a note that it is restricted, or nothing: a
 * replayed frame and one whose readers are listed come without. What is missing is asked for once,
 * when its card is on screen.
 */

import { signal } from "@preact/signals";
import type { DataApi } from "../../wire/data/api";
import type { Answer, Restricted } from "../../wire/data/types";
import { Problem } from "../../wire/problem";
import type { Id, Message } from "../../wire/types";

export type Held =
  | { kind: "answer"; answer: Answer; job: Id | null }
  | { kind: "restricted"; job: Id }
  /** Asked for, and this reader may not see it. */
  | { kind: "refused"; job: Id }
  | { kind: "loading"; job: Id }
  | { kind: "failed"; job: Id; error: unknown };

const FORBIDDEN = 403;
/** Answers kept beside their messages: some megabytes at most. One that is dropped is asked for again. */
const FETCHED_MAX = 200;

export class Answers {
  private readonly fetched = signal<ReadonlyMap<Id, Held>>(new Map());

  constructor(private readonly api: DataApi | null) {}

  /** What can be shown of an answer now; null for a message without any. */
  of(message: Message): Held | null {
    const context = message.llm_context;
    const job = jobOf(message);
    const asked = job === null ? undefined : this.fetched.value.get(job);
    if (asked !== undefined && asked.kind !== "loading") return asked;
    if (context !== null && isRestricted(context)) return asked ?? { kind: "restricted", job: context.job_id };
    if (context !== null && isWhole(context)) return { kind: "answer", answer: context, job };
    return job === null || this.api === null ? null : (asked ?? { kind: "loading", job });
  }

  /** Asks for what a message came without; what is known or on its way is not asked for again. */
  need(message: Message): void {
    const held = this.of(message);
    if (held?.kind === "loading" && !this.fetched.value.has(held.job)) void this.read(held.job);
  }

  async read(job: Id): Promise<void> {
    if (this.api === null) return;
    if (!this.fetched.value.has(job)) this.put(job, { kind: "loading", job });
    try {
      this.put(job, { kind: "answer", answer: await this.api.answer(job), job });
    } catch (error) {
      const refused = error instanceof Problem && error.status === FORBIDDEN;
      this.put(job, refused ? { kind: "refused", job } : { kind: "failed", job, error });
    }
  }

  async verify(job: Id, verified: boolean): Promise<void> {
    const answer = await this.api?.verify(job, verified);
    if (answer !== undefined) this.put(job, { kind: "answer", answer, job });
  }

  /** Its message was changed: what was asked for may be old. */
  forget(job: Id | null): void {
    if (job === null || !this.fetched.value.has(job)) return;
    const next = new Map(this.fetched.value);
    next.delete(job);
    this.fetched.value = next;
  }

  private put(job: Id, held: Held): void {
    const next = new Map(this.fetched.value).set(job, held);
    const [oldest] = next.keys();
    if (next.size > FETCHED_MAX && oldest !== undefined) next.delete(oldest);
    this.fetched.value = next;
  }
}

/** The job that a message answers: it is posted under the job's id, so that it is posted once. */
export function jobOf(message: Message): Id | null {
  if (message.message_type !== "llm_response") return null;
  const named = message.llm_context?.job_id;
  return named ?? message.client_message_id;
}

function isRestricted(context: Answer | Restricted): context is Restricted {
  return "restricted" in context && context.restricted === true;
}

/** An answer without rows is whole too, as long as it says what it is. */
function isWhole(context: Answer | Restricted): context is Answer {
  return "content" in context && "query_result_preview" in context;
}
