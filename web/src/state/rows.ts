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

/** What the next row needs to know of those above it. */
interface Place {
  above: Above | null;
  /** The day of the last row, from its midnight to the next, by this clock. */
  from: number;
  to: number;
  newShown: boolean;
}

interface Built {
  input: Pick<RowsOf, "messages" | "newAfter" | "me" | "hasOlder">;
  rows: readonly Row[];
  place: Place;
}

export function rowsOf(input: RowsOf): Row[] {
  return new RowBuilder().of(input);
}

/**
 * Makes the rows again whenever something changes. Where messages only came to the end, all rows above stay
 * as they are, and a row whose message did not change stays the same object: a list of ten thousand is not made
 * anew twenty times a second.
 */
export class RowBuilder {
  private built: Built | null = null;
  private readonly made = new WeakMap<Message, Row & { kind: "message" }>();

  of(input: RowsOf): Row[] {
    const { pending, questions = [], messages, me } = input;
    const held = this.messageRows(input);
    if (pending.length === 0 && questions.length === 0) return held.rows as Row[];
    const rows = [...held.rows];
    const place = { ...held.place };
    const answered = questions.length === 0 ? null : new Set(messages.map((message) => message.client_message_id));
    for (const progress of questions) {
      // Under the key of its answer: one takes the other's place.
      if (answered?.has(progress.job)) continue;
      rows.push({ kind: "question", key: progress.job, progress });
      place.above = null;
    }
    for (const entry of pending) {
      const joined = step(rows, place, me, entry.created_at);
      rows.push({ kind: "pending", key: entry.client_message_id, entry, joined });
    }
    return rows;
  }

  private messageRows(input: RowsOf): Built {
    const { messages, newAfter, me, hasOlder } = input;
    const before = this.built;
    const goesOn = before !== null && sameBut(before.input, input) && startsWith(messages, before.input.messages);
    if (goesOn && messages.length === before.input.messages.length) return before;
    const rows: Row[] = goesOn ? [...before.rows] : [hasOlder ? { kind: "older", key: "older" } : { kind: "start", key: "start" }];
    const place = goesOn ? { ...before.place } : { above: null, from: 0, to: 0, newShown: newAfter === null };
    for (let index = goesOn ? before.input.messages.length : 0; index < messages.length; index += 1) {
      const message = messages[index];
      if (message !== undefined) this.add(rows, place, input, message, index);
    }
    this.built = { input: { messages, newAfter, me, hasOlder }, rows, place };
    return this.built;
  }

  private add(rows: Row[], place: Place, { newAfter, me, hasOlder }: RowsOf, message: Message, index: number): void {
    // Above the oldest loaded message more unread ones may follow: the line waits for its place.
    const placeKnown = index > 0 || !hasOlder;
    if (!place.newShown && !placeKnown && newAfter !== null && message.seq > newAfter) place.newShown = message.author_id !== me;
    if (!place.newShown && newAfter !== null && message.seq > newAfter && message.author_id !== me) {
      place.newShown = true;
      if (!isOn(place, Date.parse(message.created_at))) step(rows, place, speakerOf(message), message.created_at);
      rows.push({ kind: "new", key: "new" });
      place.above = null;
    }
    // Every answer says by itself whose it is.
    const joined = step(rows, place, speakerOf(message), message.created_at, message.message_type === "llm_response");
    const held = this.made.get(message);
    const row = held?.joined === joined ? held : { kind: "message" as const, key: message.client_message_id ?? message.id, message, joined };
    this.made.set(message, row);
    rows.push(row);
  }
}

/** A webhook is one author, but may call itself otherwise with every message. */
function speakerOf({ author, author_id: id }: Message): string {
  return author?.is_bot === true ? `${id} ${author.full_name ?? author.username}` : id;
}

/** Whether it continues the row above; a new day is said before it. */
function step(rows: Row[], place: Place, author: Id, at: string, alone = false): boolean {
  const time = Date.parse(at);
  if (!isOn(place, time)) {
    const day = new Date(time);
    const [year, month, date] = [day.getFullYear(), day.getMonth(), day.getDate()];
    place.from = new Date(year, month, date).getTime();
    place.to = new Date(year, month, date + 1).getTime();
    place.above = null;
    rows.push({ kind: "day", key: `day ${day.toDateString()}`, at });
  }
  const { above } = place;
  const joined = !alone && above !== null && above.author === author && time - above.at < JOIN_MS;
  place.above = { author, at: joined ? above.at : time };
  return joined;
}

function isOn(place: Place, time: number): boolean {
  return time >= place.from && time < place.to;
}

function sameBut(a: Built["input"], b: Built["input"]): boolean {
  return a.newAfter === b.newAfter && a.me === b.me && a.hasOlder === b.hasOlder;
}

function startsWith(list: Timeline, begin: Timeline): boolean {
  return list.length >= begin.length && begin.every((message, index) => list[index] === message);
}
