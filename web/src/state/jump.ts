/** To a message, wherever it is: its channel is opened, read back to it, and its thread is shown. */

import type { Message } from "../wire/types";
import * as actions from "./actions";
import type { Workspace } from "./workspace";

/** `false`: it cannot be shown in its place. One is not in its channel, or it is too far back. */
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

/** The message that a thread hangs on; null for a thread without one. */
async function rootOf(space: Workspace, threadId: string): Promise<Message | null> {
  const thread = await space.api?.thread(threadId).catch(() => undefined);
  const id = thread?.root_message_id;
  if (thread === undefined || id === null || id === undefined) return null;
  space.conversation(thread.channel_id).putThread(thread);
  return (await space.api?.message(id).catch(() => null)) ?? null;
}
