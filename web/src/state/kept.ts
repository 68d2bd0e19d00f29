/**
 * What the page keeps for when the server does not answer: who one is, one's channels, and the newest
 * messages of those that were open.
 *
 * A snapshot is written as a whole and names, per channel, the position up to which it is complete; a
 * page that began with it resumes from there and misses nothing. The data behind answers is not kept: who
 * may see it is decided by the server each time.
 *
 * **Invariant:** no entry at or below a kept position is missing in what is kept.
 */

import type { Bootstrap, Id, Message, Thread } from "../wire/types";
import type { Workspace } from "./workspace";

/** Another shape is not read. */
const SHAPE = 1;
/** Conversations that are kept: those that one saw last. */
const CONVERSATIONS_MAX = 20;
/** Messages of each: two screens of a tall window. */
const MESSAGES_MAX = 80;
/** People whose names are kept. */
const PEOPLE_MAX = 500;

interface KeptConversation {
  channel: Id;
  messages: Message[];
  threads: Thread[];
  hasOlder: boolean;
}

export interface Kept {
  shape: number;
  /** When it was so. */
  at: string;
  bootstrap: Bootstrap;
  conversations: KeptConversation[];
}

export function snapshotOf(space: Workspace, now: Date): Kept {
  const { settings } = space.bootstrap;
  const channels = space.channels.all().map((channel) => ({
    ...channel,
    last_seq: space.positions.knows(channel.id) ? space.positions.contiguous(channel.id) : channel.last_seq,
    gen: space.positions.of(channel.id)?.gen ?? channel.gen,
  }));
  const users = [...space.people.byId.value.values()].slice(0, PEOPLE_MAX).map((user) => ({ ...user, status: "offline" as const }));
  const opened = space.opened().filter((conversation) => conversation.loaded).slice(0, CONVERSATIONS_MAX);
  return {
    shape: SHAPE,
    at: now.toISOString(),
    bootstrap: { user: space.user.value, org: space.org.value, channels, users, ...(settings === undefined ? {} : { settings }) },
    conversations: opened.map((conversation) => {
      const all = conversation.messages.value;
      return {
        channel: conversation.channelId,
        messages: all.slice(-MESSAGES_MAX).map((message) => ({ ...message, llm_context: null })),
        threads: [...conversation.threads.value.values()],
        hasOlder: conversation.hasOlder.value || all.length > MESSAGES_MAX,
      };
    }),
  };
}

/** Puts what was kept into a workspace that was made from its bootstrap. */
export function recall(space: Workspace, kept: Kept): void {
  space.asOf.value = kept.at;
  for (const held of kept.conversations) {
    const conversation = space.conversation(held.channel);
    conversation.messages.value = held.messages;
    conversation.threads.value = new Map(held.threads.map((thread) => [thread.id, thread]));
    conversation.hasOlder.value = held.hasOlder;
    conversation.loaded = true;
  }
}

/** What was stored, if it is of this shape. */
export function keptFrom(stored: unknown): Kept | null {
  if (typeof stored !== "object" || stored === null) return null;
  const kept = stored as Partial<Kept>;
  return kept.shape === SHAPE && kept.bootstrap !== undefined && Array.isArray(kept.conversations) ? (kept as Kept) : null;
}
