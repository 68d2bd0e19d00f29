/** Channels as the page lists them: one's own, direct conversations, and what may be joined. */

import { computed, signal } from "@preact/signals";
import type { Channel, Id, Message } from "../wire/types";

export class Channels {
  private readonly byId = signal<ReadonlyMap<Id, Channel>>(new Map());
  /** Up to here the server has counted what is unread. */
  private readonly counted = new Map<Id, number>();

  readonly mine = computed(() => [...this.byId.value.values()].filter((channel) => channel.membership));
  readonly rooms = computed(() =>
    this.mine.value
      .filter((channel) => channel.kind === "public" || channel.kind === "private")
      .sort((a, b) => (a.name ?? "").localeCompare(b.name ?? "")),
  );
  readonly conversations = computed(() =>
    this.mine.value
      .filter((channel) => channel.kind === "direct" || channel.kind === "group")
      .sort((a, b) => b.last_seq - a.last_seq),
  );
  readonly joinable = computed(() =>
    [...this.byId.value.values()]
      .filter((channel) => channel.kind === "public" && !channel.membership)
      .sort((a, b) => (a.name ?? "").localeCompare(b.name ?? "")),
  );
  readonly attention = computed(() =>
    this.mine.value.reduce((sum, channel) => sum + badgeOf(channel), 0),
  );

  get(id: Id | null): Channel | undefined {
    return id === null ? undefined : this.byId.value.get(id);
  }

  all(): Channel[] {
    return [...this.byId.value.values()];
  }

  replaceAll(channels: readonly Channel[]): void {
    this.byId.value = new Map(channels.map((channel) => [channel.id, channel]));
    for (const channel of channels) this.counted.set(channel.id, channel.last_seq);
  }

  /**
   * What the server says after a time away: its counts, unless one has read further here, which it was not
   * told; then `true`, for it has to hear of that.
   */
  believe(fresh: Channel): boolean {
    const held = this.byId.value.get(fresh.id);
    const read = held?.membership?.last_read_seq ?? 0;
    const membership = fresh.membership ?? null;
    const ahead = membership !== null && read > membership.last_read_seq;
    this.counted.set(fresh.id, fresh.last_seq);
    this.put({
      ...fresh,
      last_seq: Math.max(held?.last_seq ?? 0, fresh.last_seq),
      gen: held?.gen ?? fresh.gen,
      ...(ahead ? { membership: { ...membership, last_read_seq: read }, unread_count: held?.unread_count ?? 0, mention_count: held?.mention_count ?? 0 } : {}),
    });
    return ahead;
  }

  drop(id: Id): void {
    const left = new Map(this.byId.value);
    left.delete(id);
    this.byId.value = left;
    this.counted.delete(id);
  }

  put(channel: Channel): void {
    this.byId.value = new Map(this.byId.value).set(channel.id, channel);
  }

  /** A frame carries the public part only; membership and counts stay as they are known here. */
  putPublicPart(channel: Channel): void {
    const held = this.byId.value.get(channel.id);
    this.put({
      ...channel,
      last_seq: Math.max(held?.last_seq ?? 0, channel.last_seq ?? 0),
      gen: held?.gen ?? channel.gen,
      membership: held?.membership ?? null,
      unread_count: held?.unread_count ?? 0,
      mention_count: held?.mention_count ?? 0,
    });
  }

  change(id: Id, change: Partial<Channel>): void {
    const held = this.byId.value.get(id);
    if (held !== undefined) this.put({ ...held, ...change });
  }

  /** One more message by someone else that has not been read. */
  countUnread(message: Message, me: Id): void {
    const held = this.byId.value.get(message.channel_id);
    if (held === undefined || message.seq <= Math.max(held.membership?.last_read_seq ?? 0, this.counted.get(message.channel_id) ?? 0)) return;
    const aboutMe = message.mentions.includes(me);
    this.put({
      ...held,
      unread_count: (held.unread_count ?? 0) + 1,
      mention_count: (held.mention_count ?? 0) + (aboutMe ? 1 : 0),
    });
  }

  /** `left` counts what is still unread above `seq`, as far as it is known here. */
  read(id: Id, seq: number, left: { unread: number; mentions: number }): void {
    const held = this.byId.value.get(id);
    if (held?.membership === undefined || held.membership === null) return;
    if (seq < held.membership.last_read_seq) return;
    this.put({
      ...held,
      unread_count: left.unread,
      mention_count: left.mentions,
      membership: { ...held.membership, last_read_seq: seq },
    });
  }
}

/** One has said that nothing in it matters: it shows no dot and no badge. */
export function isMuted(channel: Channel): boolean {
  return channel.membership?.notification_level === "none";
}

/** What the amber badge shows: everything in a direct conversation is about you. */
export function badgeOf(channel: Channel): number {
  if (isMuted(channel)) return 0;
  if (channel.kind === "direct" || channel.kind === "group") return channel.unread_count ?? 0;
  return channel.mention_count ?? 0;
}
