/** Texts about how long messages are kept. */

import { inLanguage } from "./language";

export const english = {
  title: "Messages are kept",
  titleAll: "Messages of all channels are kept",
  forEver: "For ever",
  days: (count: number) => (count === 1 ? "1 day" : `${count} days`),
  years: (count: number) => (count === 1 ? "1 year" : `${count} years`),
  likeAll: (what: string) => `Like all channels (${what})`,
  shorterSure: (what: string) => `Keep messages for ${what}? Older ones and their files are deleted for good.`,
  yes: "Delete older ones",
  no: "Cancel",
  saved: "Saved",
} as const;

export const keepingWords = await inLanguage(english, async () => (await import("./german-keeping")).germanKeeping);
