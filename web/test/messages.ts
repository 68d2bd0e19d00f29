/** Messages for tests: only what a test names differs from the plain one. */

import { wholeMessage } from "../src/wire/frames";
import type { Message } from "../src/wire/types";

export const CHANNEL = "c1";
export const ME = "me";

export function message(seq: number, change: Partial<Message> = {}): Message {
  const plain = wholeMessage(
    {
      id: `m${seq}`,
      channel_id: CHANNEL,
      seq,
      author_id: "other",
      content: `text ${seq}`,
      created_at: new Date(Date.UTC(2026, 4, 12, 12, 0, seq)).toISOString(),
    },
    ME,
  );
  return { ...plain, ...change };
}
