/**
 * To a message, wherever it is: its channel is opened, read to it, and its thread is shown. A search, a
 * link, a day and what is unread all lead there by `jumpTo`.
 */

import type { Channel, Message } from "../wire/types";
import * as actions from "./actions";
import type { Conversation } from "./conversation";
import { firstSince } from "./day";
import type { Workspace } from "./workspace";

/**
 * `false`: it cannot be shown in its place, for one is not in its channel or it cannot be read. Where one went
 * elsewhere while it was being read, it leads nowhere, and there is nothing to say about that.
 */
export async function jumpTo(space: Workspace, message: Message): Promise<boolean> {
  const channel = space.channels.get(message.channel_id);
  if (!channel?.membership) return false;
  const conversation = space.conversation(channel.id);
  const isAwaited = setOut(space);
  const root = message.thread_id === null ? null : await rootOf(space, message.thread_id);
  if (!isAwaited()) return true;
  const shown = root ?? message;
  actions.openChannel(space, channel.id);
  const isWanted = wantedIn(space, conversation);
  const isThere = await conversation.reach(shown.seq, isWanted);
  if (!isWanted()) return true;
  if (!isThere) return false;
  if (root !== null) {
    await conversation.openThread(message.thread_id ?? "");
    if (!isWanted()) return true;
    space.openThreadRoot.value = root.id;
  }
  conversation.spotlight.value = message;
  return true;
}

/** `channel/message`, as a link names it; a channel alone is opened. `false`: it leads nowhere. */
export async function jumpToAddress(space: Workspace, address: string): Promise<boolean> {
  const [channelId = "", messageId] = address.split("/");
  if (!space.channels.get(channelId)?.membership) return messageId === undefined;
  actions.openChannel(space, channelId);
  if (messageId === undefined) return true;
  const isAwaited = setOut(space);
  const message = await space.api?.message(messageId).catch(() => undefined);
  if (!isAwaited()) return true;
  return message !== undefined && (await jumpTo(space, message));
}

/** The first message of a day or after it; the newest where nothing was written since. */
export async function jumpToDay(space: Workspace, channel: Channel, day: Date): Promise<boolean> {
  if (space.api === null) return false;
  const isAwaited = setOut(space);
  const found = await firstSince(space.api, channel.id, channel.last_seq, day);
  if (!isAwaited()) return true;
  if (found !== null) return jumpTo(space, found);
  return newest(space, channel);
}

/** Where one left off reading. */
export async function jumpToUnread(space: Workspace, channel: Channel): Promise<boolean> {
  const conversation = space.conversation(channel.id);
  const after = conversation.newAfter.value;
  if (after === null) return false;
  const isWanted = wantedIn(space, conversation);
  const isThere = await conversation.reach(after + 1, isWanted);
  if (!isWanted()) return true;
  if (!isThere) return false;
  const first = conversation.shown.value.find((message) => message.seq > after && message.author_id !== space.me);
  if (first === undefined) return false;
  conversation.spotlight.value = first;
  return true;
}

async function newest(space: Workspace, channel: Channel): Promise<boolean> {
  const conversation = space.conversation(channel.id);
  const isAwaited = setOut(space);
  await conversation.open();
  if (!isAwaited()) return true;
  const last = conversation.messages.value.at(-1);
  return last !== undefined && jumpTo(space, last);
}

/** One waits for a jump; the answer says whether one still does, and neither jumped nor went elsewhere since. */
function setOut(space: Workspace): () => boolean {
  const jump = (space.jumps += 1);
  const [channel, section] = [space.openChannel.value, space.asking.section.value];
  return () => jump === space.jumps && channel === space.openChannel.value && section === space.asking.section.value;
}

/** The same, and in its channel one did not go back to the end either. */
function wantedIn(space: Workspace, conversation: Conversation): () => boolean {
  const [isAwaited, isTurn] = [setOut(space), conversation.turn()];
  return () => isAwaited() && isTurn();
}

/** The message that a thread hangs on; null for a thread without one. */
async function rootOf(space: Workspace, threadId: string): Promise<Message | null> {
  const thread = await space.api?.thread(threadId).catch(() => undefined);
  const id = thread?.root_message_id;
  if (thread === undefined || id === null || id === undefined) return null;
  space.conversation(thread.channel_id).putThread(thread);
  return (await space.api?.message(id).catch(() => null)) ?? null;
}
