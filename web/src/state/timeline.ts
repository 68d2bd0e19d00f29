/**
 * A channel's messages as a value: sorted by `seq`, each id once.
 *
 * Pages of history, live frames, replays and acknowledgements all go through `merge`, in any
 * order and any number of times, and end in the same list.
 */

import type { Id, Message, Reaction } from "../wire/types";

export type Timeline = readonly Message[];

/** The server lists at most this many people of a reaction; up to it the list is whole. */
const REACTION_USERS_MAX = 20;

export function merge(list: Timeline, incoming: Timeline): Timeline {
  if (incoming.length === 0) return list;
  const last = list.at(-1);
  const only = incoming[0];
  // The usual case: one new message at the end.
  if (incoming.length === 1 && only !== undefined && (last === undefined || last.seq < only.seq)) {
    return [...list, only];
  }
  const byId = new Map(list.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, newer(byId.get(message.id), message));
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Which of two reports of a message to believe. A replayed frame may be older than the page of
 * history that was read meanwhile, and frames leave out reactions that have their own entries.
 */
function newer(held: Message | undefined, came: Message): Message {
  if (held === undefined) return came;
  if (held.is_deleted && !came.is_deleted) return held;
  if (held.updated_at > came.updated_at) return held;
  const silent = Object.keys(came.reactions).length === 0;
  return {
    ...came,
    reactions: silent && !came.is_deleted ? held.reactions : came.reactions,
    // A replayed answer may come without its data.
    llm_context: came.llm_context ?? (came.is_deleted ? null : held.llm_context),
  };
}

/** Replaces what the server says is now true, reactions too: a page of history, a message asked for. */
export function refresh(list: Timeline, fresh: Timeline): Timeline {
  const byId = new Map(list.map((message) => [message.id, message]));
  for (const message of fresh) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

export function change(list: Timeline, id: Id, how: (message: Message) => Message): Timeline {
  const at = list.findIndex((message) => message.id === id);
  const held = list[at];
  if (held === undefined) return list;
  const changed = how(held);
  return changed === held ? list : list.with(at, changed);
}

/** What somebody wrote, under another name; the same list where nothing is theirs. */
export function renamed(list: Timeline, author: NonNullable<Message["author"]>): Timeline {
  if (!list.some((message) => message.author_id === author.id)) return list;
  return list.map((message) => (message.author_id === author.id ? { ...message, author } : message));
}

export function edited(message: Message, content: string, updatedAt: string, mentions?: Id[]): Message {
  if (message.is_deleted) return message;
  return {
    ...message,
    content,
    is_edited: true,
    updated_at: updatedAt,
    mentions: mentions ?? message.mentions,
  };
}

export function deleted(message: Message): Message {
  return { ...message, content: "", is_deleted: true, attachments: [], reactions: {}, link_previews: [], llm_context: null };
}

/** Idempotent while the list of people is whole: the same reaction reported twice counts once. */
export function reacted(
  message: Message,
  emoji: string,
  userId: Id,
  added: boolean,
  me: Id | null,
): Message {
  const before: Reaction = message.reactions[emoji] ?? { count: 0, users: [], mine: false };
  const listed = before.users.includes(userId);
  const known = listed || (userId === me && before.mine);
  const whole = before.count <= REACTION_USERS_MAX;
  if (added && known) return message;
  if (!added && !known && whole) return message;
  const count = before.count + (added ? 1 : -1);
  const reactions = { ...message.reactions };
  if (count <= 0) {
    delete reactions[emoji];
  } else {
    const users = added
      ? [...before.users, userId].slice(0, REACTION_USERS_MAX)
      : before.users.filter((id) => id !== userId);
    reactions[emoji] = { count, users, mine: userId === me ? added : before.mine };
  }
  return { ...message, reactions };
}
