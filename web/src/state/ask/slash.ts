/** The words that turn a message into a question: `/ask` and, as in older chats, `/AIBot`. */

const COMMAND = /^\/(?:ask|aibot)(?:\s+|$)/i;

/** The question behind the command; null for a plain message. */
export function questionIn(text: string): string | null {
  const match = COMMAND.exec(text.trimStart());
  return match === null ? null : text.trimStart().slice(match[0].length).trim();
}

/** Whether the words so far are the command and a space: the composer can ask from here on. */
export function beginsQuestion(text: string): boolean {
  return /^\/(?:ask|aibot)\s$/i.test(text);
}
