/**
 * What is being written when somebody asks for help with it: `@` and the beginning of a name, `:` and
 * the beginning of an emoji's. Values only; the composer shows and inserts.
 */

import { folded } from "./palette";
import { EMOJI_NAMES } from "./emoji";

export interface Token {
  sign: "@" | ":";
  /** Where the sign stands. */
  from: number;
  word: string;
}

/** `key` is unique among the choices; `text` takes the token's place, `name` is shown. */
export interface Choice {
  key: string;
  text: string;
  name: string;
  hint: string;
}

interface Named {
  id: string;
  username: string;
  full_name?: string | null;
}

const CHOICES_MAX = 6;
/** A colon alone is punctuation more often than an emoji. */
const EMOJI_CHARS_MIN = 2;

/** The token that ends at the caret, if one does: its sign begins a word, for `a@b` is an address and `10:30` a time. */
export function tokenAt(text: string, caret: number): Token | null {
  const match = /(^|[\s(])([@:])([\p{L}\p{N}._+-]*)$/u.exec(text.slice(0, caret));
  if (match === null) return null;
  const [, , sign, word = ""] = match;
  if (sign === ":" && word.length < EMOJI_CHARS_MIN) return null;
  return { sign: sign === ":" ? ":" : "@", from: caret - word.length - 1, word };
}

interface Called {
  id: string;
  handle: string;
  name: string;
}

/** Whoever is in the conversation comes first, groups last. */
export function peopleFor(word: string, people: readonly Named[], near: ReadonlySet<string>, groups: readonly Called[] = []): Choice[] {
  const wanted = folded(word);
  const called = groups
    .filter((group) => [group.handle, ...group.name.split(/\s+/), group.name].some((name) => folded(name).startsWith(wanted)))
    .map((group) => ({ key: group.id, text: `@${group.handle} `, name: group.name, hint: `@${group.handle}` }));
  const named = people
    .flatMap((person) => {
      const names = [person.username, ...(person.full_name ?? "").split(/\s+/), person.full_name ?? ""].map(folded);
      return names.some((name) => name !== "" && name.startsWith(wanted)) ? [person] : [];
    })
    .sort((a, b) => Number(near.has(b.id)) - Number(near.has(a.id)) || nameOf(a).localeCompare(nameOf(b)))
    .map((person) => ({ key: person.id, text: `@${person.username} `, name: nameOf(person), hint: `@${person.username}` }));
  // A group keeps a place however many people fit.
  return [...named.slice(0, Math.max(CHOICES_MAX - called.length, CHOICES_MAX - 2)), ...called].slice(0, CHOICES_MAX);
}

export function emojiFor(word: string): Choice[] {
  const wanted = folded(word);
  const begins = EMOJI_NAMES.filter(([, name]) => name.startsWith(wanted));
  const contains = EMOJI_NAMES.filter(([, name]) => !name.startsWith(wanted) && name.includes(wanted));
  return [...begins, ...contains].slice(0, CHOICES_MAX).map(([emoji, name]) => ({ key: name, text: `${emoji} `, name: emoji, hint: `:${name}:` }));
}

/** The text with the choice in the token's place, and where the caret then stands. */
export function completed(text: string, caret: number, token: Token, choice: Choice): { text: string; caret: number } {
  const rest = text.slice(caret);
  // One blank is enough where one follows already.
  const inserted = rest.startsWith(" ") ? choice.text.trimEnd() : choice.text;
  return { text: text.slice(0, token.from) + inserted + rest, caret: token.from + inserted.length + (rest.startsWith(" ") ? 1 : 0) };
}

function nameOf(person: Named): string {
  return person.full_name || person.username;
}
