/** People met so far, who is typing where, and how far others have read. */

import { signal } from "@preact/signals";
import type { CustomStatus, Id, PresenceStatus, User } from "../wire/types";
import { words } from "../words";
import { plain } from "./plain";

/** The server ends typing after 5 s by itself; a lost "stopped" must not leave it on here. */
const TYPING_LASTS_MS = 5_000;
/** What the server calls an account that was erased, in every language. */
const ERASED_NAME = "Deleted person";
const ERASED_USERNAME = /^deleted-[0-9a-f]{12}$/;

export interface Typist {
  user_id: Id;
  username: string;
}

export class People {
  readonly byId = signal<ReadonlyMap<Id, User>>(new Map());
  readonly typists = signal<ReadonlyMap<Id, readonly Typist[]>>(new Map());
  /** Channel → person → the last position that person has read. */
  readonly readBy = signal<ReadonlyMap<Id, ReadonlyMap<Id, number>>>(new Map());
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  get(id: Id | null | undefined): User | undefined {
    return id === null || id === undefined ? undefined : this.byId.value.get(id);
  }

  meet(users: readonly User[]): void {
    if (users.length === 0) return;
    const next = new Map(this.byId.value);
    for (const user of users) next.set(user.id, { ...next.get(user.id), ...user });
    this.byId.value = next;
  }

  /** Someone seen as an author: only what the message says, and only if unknown. */
  meetAuthor(author: { id: Id; username: string; full_name?: string | null } | null): void {
    if (author !== null && !this.byId.value.has(author.id)) this.meet([author]);
  }

  status(id: Id, status: PresenceStatus): void {
    const held = this.byId.value.get(id);
    if (held !== undefined) this.meet([{ ...held, status }]);
  }

  /** What somebody says of themselves; null: nothing any more. */
  says(id: Id, custom_status: CustomStatus | null): void {
    const held = this.byId.value.get(id);
    if (held !== undefined) this.meet([{ ...held, custom_status }]);
  }

  typing(channelId: Id, typist: Typist, isTyping: boolean): void {
    const key = `${channelId} ${typist.user_id}`;
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    const others = (this.typists.value.get(channelId) ?? []).filter(
      (other) => other.user_id !== typist.user_id,
    );
    const now = isTyping ? [...others, typist] : others;
    if (!isTyping && others.length === (this.typists.value.get(channelId) ?? []).length) return;
    this.typists.value = new Map(this.typists.value).set(channelId, now);
    if (isTyping) {
      this.timers.set(key, setTimeout(() => this.typing(channelId, typist, false), TYPING_LASTS_MS));
    }
  }

  hasRead(channelId: Id, userId: Id, seq: number): void {
    const channel = new Map(this.readBy.value.get(channelId) ?? []);
    if ((channel.get(userId) ?? 0) >= seq) return;
    channel.set(userId, seq);
    this.readBy.value = new Map(this.readBy.value).set(channelId, channel);
  }
}

export function displayName(user: { username: string; full_name?: string | null } | null | undefined): string {
  if (user?.full_name === ERASED_NAME && ERASED_USERNAME.test(user.username)) return words.people.erased;
  return plain(user?.full_name ?? "") || plain(user?.username ?? "") || words.people.someone;
}
