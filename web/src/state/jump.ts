/**
 * To a message, wherever it is: its channel is opened, read to it, and its thread is shown. A search, a
 * link, a day and what is unread all lead there by `jumpTo`.
 */

import type { Channel, Message } from "../wire/types";
import * as actions from "./actions";
import { firstSince } from "./day";
import type { Workspace } from "./workspace";

/** `false`: it cannot be shown in its place, for one is not in its channel or it cannot be read. */
export async function jumpTo(space: Workspace, message: Message): Promise<boolean> {
  const channel = space.channels.get(message.channel_id);
  if (!channel?.membership) return false;
  const conversation = space.conversation(channel.id);
  const root = message.thread_id === null ? null : await rootOf(space, message.thread_id);
  const shown = root ?? message;
  actions.openChannel(space, channel.id);
  if (!(await conversation.reach(shown.seq))) return false;
  if (root !== null) {
    await conversation.openThread(message.thread_id ?? "");
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
  const message = await space.api?.message(messageId).catch(() => undefined);
  return message !== undefined && (await jumpTo(space, message));
}

/** The first message of a day or after it; the newest where nothing was written since. */
export async function jumpToDay(space: Workspace, channel: Channel, day: Date): Promise<boolean> {
  if (space.api === null) return false;
  const found = await firstSince(space.api, channel.id, channel.last_seq, day);
  if (found !== null) return jumpTo(space, found);
  return newest(space, channel);
}

/** Where one left off reading. */
export async function jumpToUnread(space: Workspace, channel: Channel): Promise<boolean> {
  const conversation = space.conversation(channel.id);
  const after = conversation.newAfter.value;
  if (after === null || !(await conversation.reach(after + 1))) return false;
  const first = conversation.shown.value.find((message) => message.seq > after && message.author_id !== space.me);
  if (first === undefined) return false;
  conversation.spotlight.value = first;
  return true;
}

async function newest(space: Workspace, channel: Channel): Promise<boolean> {
  const conversation = space.conversation(channel.id);
  await conversation.open();
  const last = conversation.messages.value.at(-1);
  return last !== undefined && jumpTo(space, last);
}

/** The message that a thread hangs on; null for a thread without one. */
async function rootOf(space: Workspace, threadId: string): Promise<Message | null> {
  const thread = await space.api?.thread(threadId).catch(() => undefined);
  const id = thread?.root_message_id;
  if (thread === undefined || id === null || id === undefined) return null;
  space.conversation(thread.channel_id).putThread(thread);
  return (await space.api?.message(id).catch(() => null)) ?? null;
}
