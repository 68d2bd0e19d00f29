/** The rows of a log: messages with day dividers, the New line and what is still on its way. */

import type { Id, Message } from "../wire/types";
import type { Progress } from "./ask/progress";
import type { OutboxEntry } from "./outbox";
import type { Timeline } from "./timeline";

/** The same author within this time continues the row above, without a second name. */
const JOIN_MS = 5 * 60_000;

export type Row =
  | { kind: "start"; key: string }
  | { kind: "older"; key: string }
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; joined: boolean }
  | { kind: "question"; key: string; progress: Progress }
  | { kind: "pending"; key: string; entry: OutboxEntry; joined: boolean };

export interface RowsOf {
  messages: Timeline;
  pending: readonly OutboxEntry[];
  /** Questions that have no answer yet. */
  questions?: readonly Progress[];
  newAfter: number | null;
  me: Id;
  hasOlder: boolean;
}

interface Above {
  author: Id;
  at: number;
}

export function rowsOf({ messages, pending, questions = [], newAfter, me, hasOlder }: RowsOf): Row[] {
  const rows: Row[] = [hasOlder ? { kind: "older", key: "older" } : { kind: "start", key: "start" }];
  let above: Above | null = null;
  let day = "";
  let newShown = newAfter === null;
  const step = (author: Id, at: string, alone = false): boolean => {
    const time = Date.parse(at);
    const today = new Date(time).toDateString();
    if (today !== day) {
      day = today;
      above = null;
      rows.push({ kind: "day", key: `day ${today}`, at });
    }
    const joined: boolean = !alone && above !== null && above.author === author && time - above.at < JOIN_MS;
    above = { author, at: joined && above !== null ? above.at : time };
    return joined;
  };
  for (const [index, message] of messages.entries()) {
    // Above the oldest loaded message more unread ones may follow: the line waits for its place.
    const placeKnown = index > 0 || !hasOlder;
    if (!newShown && !placeKnown && newAfter !== null && message.seq > newAfter) newShown = message.author_id !== me;
    if (!newShown && newAfter !== null && message.seq > newAfter && message.author_id !== me) {
      newShown = true;
      const sameDay = new Date(message.created_at).toDateString() === day;
      if (!sameDay) step(message.author_id, message.created_at);
      rows.push({ kind: "new", key: "new" });
      above = null;
    }
    // Every answer says by itself whose it is.
    const joined = step(message.author_id, message.created_at, message.message_type === "llm_response");
    rows.push({ kind: "message", key: message.client_message_id ?? message.id, message, joined });
  }
  const answered = new Set(messages.map((message) => message.client_message_id));
  for (const progress of questions) {
    // Under the key of its answer: one takes the other's place.
    if (answered.has(progress.job)) continue;
    rows.push({ kind: "question", key: progress.job, progress });
    above = null;
  }
  for (const entry of pending) {
    const joined = step(me, entry.created_at);
    rows.push({ kind: "pending", key: entry.client_message_id, entry, joined });
  }
  return rows;
}
