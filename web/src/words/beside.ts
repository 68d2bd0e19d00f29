/** Texts about what stands beside messages and people: pins, what one says of oneself, groups, previews. */

import { inLanguage } from "./language";

export const english = {
  pin: "Pin to the channel",
  unpin: "Take the pin off",
  pins: "Pinned messages",
  noPins: "Nothing is pinned here.",
  pinnedBy: (name: string) => `Pinned by ${name}`,
  pinNotice: "pinned a message.",
  showPinned: "Show it",
  status: {
    label: "What you are up to",
    emoji: "Emoji",
    text: "In a few words",
    until: "Until",
    save: "Say so",
    clear: "Say nothing",
    said: "Said",
    often: "Often said",
    presets: { meeting: "In a meeting", focus: "Focusing", home: "Working from home", ill: "Out sick", holiday: "On holiday" },
    times: { always: "I change it", hour: "in an hour", four: "in 4 hours", today: "end of today", week: "in a week" },
    line: (emoji: string, text: string) => `${emoji} ${text}`.trim(),
    untilWhen: (when: string) => `until ${when}`,
  },
  groups: {
    title: "Groups",
    hint: "A group is called by one name: @handle reaches its people who are in the channel.",
    none: "No groups yet.",
    handle: "Handle",
    name: "Name",
    make: "Make a group",
    members: (count: number) => `${count} ${count === 1 ? "person" : "people"}`,
    add: "Add people",
    remove: (name: string) => `Remove ${name}`,
    removeGroup: (handle: string) => `Delete the group @${handle}`,
    removeShort: "Delete",
  },
  links: {
    remove: (site: string) => `Remove the preview of ${site}`,
    orgSwitch: "Show previews of links",
    orgHint: "The server reads the pages that messages link to.",
  },
} as const;

export const besideWords = await inLanguage(english, async () => (await import("./german-beside")).germanBeside);
