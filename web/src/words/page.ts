/** What the page says about itself: jumping, keys, languages, and the settings that came after the first. */

import { inLanguage } from "./language";

export const english = {
  palette: {
    open: "Jump to or ask",
    title: "Jump to, do or ask",
    label: "Where to, or what to do",
    groups: { go: "Go to", people: "People", do: "Do", ask: "Ask" },
    none: "Nothing by that name",
    found: (count: number) => `${count} ${count === 1 ? "result" : "results"}`,
    join: "not joined yet",
    ask: (question: string) => `Ask your data: ${question}`,
    theme: (name: string) => `Appearance: ${name}`,
    status: (name: string) => `Status: ${name}`,
    markAllRead: "Mark everything as read",
    signOut: "Sign out",
    footer: { move: "move", open: "open", close: "close" },
  },
  side: { admin: "Admin", people: "People and roles", health: "Health of the server", audit: "Audit" },
  settings: {
    parts: "Parts of the settings",
    language: "Language",
    languageHint: "The page is loaded anew.",
    languages: { system: "As the browser", en: "English", de: "Deutsch" },
    tokens: "Access tokens",
    tokensHint: "For programs that act as you. A token is shown once.",
    tokenName: "What it is for",
    tokenDays: "Counts for, in days",
    tokenDaysHint: "Empty: until you delete it.",
    makeToken: "Make a token",
    token: "The token",
    tokenOnce: "Copy it now: it is not shown again.",
    made: (at: string) => `made ${at}`,
    until: (at: string) => `until ${at}`,
    forEver: "until you delete it",
    deleteToken: (name: string) => `Delete the token ${name}`,
    deleteShort: "Delete",
    deleted: "Deleted",
    password: "Password",
    currentPassword: "Current password",
    newPassword: "New password",
    passwordHint: "8 characters or more. Every other sign-in ends.",
    changePassword: "Change it",
    passwordChanged: "Changed",
  },
  log: { toUnread: "To the first unread" },
  tabs: { jump: "Jump", ask: "Ask" },
  message: {
    copyLink: "Copy link",
    linkCopied: "Link copied",
    linkNotCopied: "The link could not be copied",
    linkGone: "That message is not here any more, or you may not see it",
    keepUnread: "Mark unread from here",
  },
  composer: {
    emoji: "Choose an emoji",
    mention: "Mention someone",
    who: "People to mention",
  },
} as const;

export const pageWords = await inLanguage(english, async () => (await import("./german-page")).germanPage);
