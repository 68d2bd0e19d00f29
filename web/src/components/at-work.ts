/** Which message is being worked on: one at a time over the whole page, in the channel or a thread. */

import { signal } from "@preact/signals";
import type { DraftPlace } from "../state/drafts";
import type { Attachment, Message } from "../wire/types";

/** A row: the first message of a thread has two, in its channel and in the thread; only one of them is at work. */
export type RowName = string;

export function rowOf(message: Pick<Message, "id">, inThread: boolean): RowName {
  return inThread ? `thread ${message.id}` : message.id;
}

export const editing = signal<RowName | null>(null);
/** What is written in its place so far: its row is drawn anew when one looks elsewhere and comes back. */
export const rewriting = signal<{ row: RowName; text: string } | null>(null);
/** Waits for "are you sure". */
export const removing = signal<RowName | null>(null);
/** Its emoji are open to choose from. */
export const reacting = signal<RowName | null>(null);
/** Its earlier texts are on screen. */
export const versionsOf = signal<Message | null>(null);
/** A picture that is shown by itself. */
export const enlarged = signal<Attachment | null>(null);
/** Words of a composer for which one chooses a time. */
export const planning = signal<{ place: DraftPlace; text: string; planned(): void } | null>(null);
/** One chooses when to be reminded of it. */
export const reminding = signal<Message | null>(null);
