/** The first message since a moment: positions grow with time, so the place is halved until it is found. */

import type { Id, Message } from "../wire/types";

export interface PagesAfter {
  after(channelId: Id, seq: number, limit: number): Promise<{ messages: Message[] }>;
}

/** Null where nothing was written since then. `head` is the channel's last position. */
export async function firstSince(api: PagesAfter, channelId: Id, head: number, at: Date): Promise<Message | null> {
  let low = 0;
  let high = head;
  let found: Message | null = null;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [message] = (await api.after(channelId, middle, 1)).messages;
    if (message === undefined || Date.parse(message.created_at) >= at.getTime()) {
      found = message ?? found;
      high = middle;
    } else {
      low = message.seq;
    }
  }
  return found;
}
