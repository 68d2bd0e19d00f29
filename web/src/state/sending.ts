/** Between the outbox and the wire: the frame that sends an entry, and the message it became. */

import { wholeMessage, type AckFrame } from "../wire/frames";
import type { Message, User } from "../wire/types";
import type { OutboxEntry } from "./outbox";

export function frameOf(entry: OutboxEntry): Record<string, unknown> {
  const files = entry.attachments ?? [];
  return {
    type: "send_message",
    channel_id: entry.channel_id,
    content: entry.content,
    client_message_id: entry.client_message_id,
    after_seq: entry.after_seq,
    ...(entry.thread_id === null ? {} : { thread_id: entry.thread_id }),
    ...(entry.mentions.length === 0 ? {} : { mentions: entry.mentions }),
    ...(files.length === 0 ? {} : { attachments: files.map((file) => file.id) }),
    // Times in a command are by the clock on this wall.
    ...(entry.content.startsWith("/") ? { utc_offset: utcOffset(new Date(entry.created_at)) } : {}),
  };
}

/** `+02:00`: how far this machine's clock is from UTC at a moment. */
export function utcOffset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** What the acknowledgement says about an entry, as the message that everyone will see. */
export function messageOf(entry: OutboxEntry, ack: AckFrame, author: User): Message | null {
  if (ack.message_id === undefined || ack.seq === undefined) return null;
  return wholeMessage(
    {
      id: ack.message_id,
      channel_id: entry.channel_id,
      seq: ack.seq,
      author: { id: author.id, username: author.username, full_name: author.full_name ?? null },
      thread_id: entry.thread_id,
      content: entry.content,
      client_message_id: entry.client_message_id,
      mentions: entry.mentions,
      attachments: entry.attachments ?? [],
      message_type: (entry.attachments?.length ?? 0) > 0 ? "file" : "text",
      created_at: ack.created_at ?? entry.created_at,
    },
    author.id,
  );
}
