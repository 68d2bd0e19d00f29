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
  erase: {
    button: "Erase…",
    of: (name: string) => `Erase ${name}`,
    sure: (name: string) => `Erase ${name}? Their account, e-mail, names, drafts and everything only they could read are gone for good. What they wrote to others stays, by a deleted person. There is no way back.`,
    all: "Delete their messages and files, too",
    type: (username: string) => `Type ${username} to confirm`,
    yes: "Erase for good",
    done: (name: string) => `${name} is erased. What they wrote follows within moments.`,
    erased: "Erased",
  },
  own: {
    title: "Your data",
    why: "All that is kept of you, as an archive: your profile, what you wrote and attached, where you signed in.",
    ask: "Ask for an archive",
    save: "Save",
    until: (at: string) => `until ${at}`,
    states: { pending: "Being gathered" },
    failed: (why: string) => `Could not be gathered${why === "" ? "" : ` (${why})`}. Ask for another one; if that fails too, tell an admin.`,
    gone: "That archive is not there any more. Ask for another one.",
  },
} as const;

export const keepingWords = await inLanguage(english, async () => (await import("./german-keeping")).germanKeeping);
