/** What the page says about searching. */

import { inLanguage } from "./language";

export const english = {
  title: "Search",
  open: "Search messages",
  field: "Search messages",
  hint: "Words, \"a phrase\", from:name …",
  close: "Close the search",
  back: "Back to the channel",
  filters: "Filters",
  chips: {
    me: "From me",
    here: "In this channel",
    link: "Links",
    file: "Files",
    answer: "Answers",
    thread: "In threads",
  },
  sort: "Order",
  sorts: { relevance: "Best first", newest: "Newest first" },
  looking: "Searching",
  count: (total: number, exact: boolean) => (exact ? `${total} ${total === 1 ? "message" : "messages"}` : `More than ${total} messages`),
  incomplete: "Some messages are still being read in. The list grows by itself.",
  none: "Nothing found",
  noneWhy: "All words have to be in the message. Try fewer, or the beginning of one with a star: deplo*",
  more: "More",
  results: "Messages found",
  inChannel: (name: string) => `in ${name}`,
  inThread: "in a thread",
  around: "What was said around it",
  farBack: "It could not be shown in its place. This is what was said around it.",
  notJoined: (name: string) => `You are not in ${name}.`,
  join: (name: string) => `Join ${name}`,
  teach: "Search what you may read",
  teachWhy: "Words are found whatever their case and accents. Narrow with:",
  operators: [
    ["\"late order\"", "exactly these words, in this order"],
    ["deplo*", "words that begin like this"],
    ["-draft", "without this word"],
    ["from:name", "who wrote it; from:me"],
    ["in:channel", "where; -in: leaves one out"],
    ["before:2026-05", "or after:, on:, with a day, a month, a year, today, yesterday"],
    ["has:link", "or file, reaction, answer, code"],
    ["is:thread", "replies in threads"],
  ],
  /** By the server's stable code. */
  notes: {
    unknown_operator: (text: string) => `${text}: there is no such operator, so it was searched for as words.`,
    unknown_value: (text: string) => `${text}: this means nothing here and was left out.`,
    unknown_person: (text: string) => `Nobody is called ${text}.`,
    unknown_channel: (text: string) => `You can read no channel called ${text}.`,
    no_words: (text: string) => `${text}: only letters and digits can be found.`,
    short_prefix: (text: string) => `${text}: two letters or more before the star. It was searched for as a word.`,
    only_exclusions: () => "Say what to look for, too.",
    too_many: (text: string) => `Too long: everything from ${text} on was left out.`,
  } as Readonly<Record<string, (text: string) => string>>,
} as const;

export const searchWords = await inLanguage(english, async () => (await import("./german-search")).germanSearch);
