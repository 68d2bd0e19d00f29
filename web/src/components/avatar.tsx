/** A person's initials on a tint of their own, with a dot that says whether they are here. */

import type { JSX } from "preact";
import { displayName } from "../state/people";
import type { PresenceStatus, User } from "../wire/types";
import { words } from "../words";

const TINTS = 6;

interface AvatarProps {
  user: Pick<User, "id" | "username" | "full_name"> | undefined;
  size?: "" | "m" | "x";
  /** In place of initials: what a program calls itself by. */
  emoji?: string | null;
  status?: PresenceStatus | undefined;
}

export function Avatar({ user, size = "", emoji = null, status }: AvatarProps): JSX.Element {
  return (
    <span class={`av ${emoji === null ? `p${tint(user?.id ?? "")}` : "sign"} ${size}`} aria-hidden="true">
      {emoji ?? initials(displayName(user))}
      {status !== undefined && <i class={`pres ${status}`} title={words.dialog.statuses[status]} />}
    </span>
  );
}

/** A program may have an emoji before its name: that is its face. */
export function faceOf(name: string): { emoji: string | null; name: string } {
  const [, emoji, rest] = /^(\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic}\uFE0F?)*)\s+(\S.*)$/u.exec(name) ?? [];
  return emoji === undefined || rest === undefined ? { emoji: null, name } : { emoji, name: rest };
}

function initials(name: string): string {
  const parts = name.split(/[\s._-]+/).filter((part) => part !== "");
  const [first = "?", last] = [parts[0], parts.length > 1 ? parts.at(-1) : undefined];
  const letters = last === undefined ? [...first].slice(0, 2) : [[...first][0], [...last][0]];
  return letters.join("").toUpperCase();
}

/** FNV-1a with a last mix: ids made in the same moment differ in a few digits only. */
export function tint(id: string): number {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 0x2c1b3c6d) >>> 8) % TINTS) + 1;
}
