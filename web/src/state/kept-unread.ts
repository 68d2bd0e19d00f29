/**
 * What one left unread on purpose: the channel shows it as unread and stays so until it is opened again.
 *
 * The server knows how far one has read and never goes back; so this is a mark of this browser, kept
 * over a reload, and gone as soon as the channel is opened or read.
 */

import type { Id, Message } from "../wire/types";
import type { Workspace } from "./workspace";

const STORED_AS = "starling.unread";

/** Channel → the last position that still counts as read. */
type Kept = Record<Id, number>;

export function keepUnread(space: Workspace, message: Message): void {
  const { channel_id: channelId, seq } = message;
  const conversation = space.conversation(channelId);
  conversation.newAfter.value = seq - 1;
  conversation.keptUnread.value = true;
  show(space, channelId, seq - 1);
  save(space.me, { ...load(space.me), [channelId]: seq - 1 });
}

/** The channel was opened again, or said to be read. */
export function forgetUnread(space: Workspace, channelId: Id): void {
  space.conversation(channelId).keptUnread.value = false;
  const { [channelId]: gone, ...rest } = load(space.me);
  if (gone !== undefined) save(space.me, rest);
}

/** After a reload, over what the server says. */
export function restoreUnread(space: Workspace): void {
  for (const [channelId, after] of Object.entries(load(space.me))) show(space, channelId, after);
}

/** Messages that are not loaded cannot be counted; one unread message is enough for a dot. */
function show(space: Workspace, channelId: Id, after: number): void {
  const channel = space.channels.get(channelId);
  if (!channel?.membership) return;
  const above = space.conversation(channelId).messages.value.filter((held) => held.seq > after && held.author_id !== space.me);
  space.channels.change(channelId, {
    unread_count: Math.max(above.length, channel.unread_count ?? 0, 1),
    mention_count: Math.max(above.filter((held) => held.mentions.includes(space.me)).length, channel.mention_count ?? 0),
    membership: { ...channel.membership, last_read_seq: Math.min(after, channel.membership.last_read_seq) },
  });
}

function load(me: Id): Kept {
  try {
    return JSON.parse(localStorage.getItem(`${STORED_AS}.${me}`) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

function save(me: Id, kept: Kept): void {
  if (Object.keys(kept).length === 0) localStorage.removeItem(`${STORED_AS}.${me}`);
  else localStorage.setItem(`${STORED_AS}.${me}`, JSON.stringify(kept));
}
