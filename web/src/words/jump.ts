/** Going to a day, to what is unread and back to the newest. */

import { inLanguage } from "./language";

export const english = {
  toDay: "Jump to a date",
  day: "Date",
  go: "Go there",
  choices: { yesterday: "Yesterday", week: "A week ago", month: "A month ago", start: "The beginning" },
  looking: "Looking for that day",
  failed: "The messages of that day could not be read. Check the connection, then try again.",
  toUnread: "Jump to the first unread",
  toNewest: "Jump to the newest",
  past: "You are reading older messages",
  newer: "Reading newer messages",
} as const;

export const jumpWords = await inLanguage(english, async () => (await import("./german-jump")).germanJump);
