/**
 * What stands beside messages and people, as far as the page has asked.
 *
 * It is in no log: frames tell of changes, and after a break it is read again.
 */

import { signal } from "@preact/signals";
import type { BesideApi, Group, Pin } from "../wire/beside";
import type { Id, Message } from "../wire/types";

export class Beside {
  /** Pins by channel, the newest first, of the channels that were opened. */
  readonly pins = signal<ReadonlyMap<Id, readonly Pin[]>>(new Map());
  readonly groups = signal<readonly Group[]>([]);
  /** Counts readings of a channel's pins: one that was overtaken by a later one says nothing. */
  private readonly readings = new Map<Id, number>();
  /** Counts pins that were set and taken off in a channel. */
  private readonly pinNews = new Map<Id, number>();
  /** Counts groups that changed. */
  private groupNews = 0;

  constructor(
    private readonly api: Pick<BesideApi, "pins" | "pin" | "unpin" | "groups"> | null,
    private readonly me: () => Id,
  ) {}

  /** Where a message is pinned: by whom. */
  pinOf(message: Pick<Message, "id" | "channel_id">): Pin | undefined {
    return this.pins.value.get(message.channel_id)?.find((pin) => pin.message.id === message.id);
  }

  groupOf(handle: string): Group | undefined {
    const wanted = handle.toLowerCase();
    return this.groups.value.find((group) => group.handle.toLowerCase() === wanted);
  }

  async readPins(channel: Id): Promise<void> {
    const reading = count(this.readings, channel);
    const news = this.pinNews.get(channel);
    const found = await this.api?.pins(channel).catch(() => undefined);
    if (found === undefined || reading !== this.readings.get(channel)) return;
    // What was pinned or taken off while they were read may be there as it was.
    if (news !== this.pinNews.get(channel)) return this.readPins(channel);
    this.put(channel, found);
  }

  async readGroups(): Promise<void> {
    const news = this.groupNews;
    const found = await this.api?.groups().catch(() => undefined);
    if (found === undefined) return;
    // A group that changed while they were read may be there as it was.
    if (news !== this.groupNews) return this.readGroups();
    this.groups.value = found;
  }

  /** The frame `group_changed`. */
  grouped(id: Id, group: Group | null): void {
    this.groupNews += 1;
    const others = this.groups.value.filter((other) => other.id !== id);
    const all = group === null ? others : [...others, group];
    this.groups.value = all.sort((a, b) => a.handle.toLowerCase().localeCompare(b.handle.toLowerCase()));
  }

  /** Pins, or takes off; shown before the server has agreed. */
  async togglePin(message: Message): Promise<void> {
    if (this.api === null) return;
    const before = this.pinOf(message);
    try {
      if (before === undefined) {
        this.add({ message, pinned_by: this.me(), pinned_at: new Date().toISOString() });
        this.add(await this.api.pin(message.id));
      } else {
        this.drop(message.channel_id, message.id);
        await this.api.unpin(message.id);
      }
    } catch (error) {
      this.drop(message.channel_id, message.id);
      if (before !== undefined) this.add(before);
      throw error;
    }
  }

  /** The frame `message_pinned`. What was pinned elsewhere is read with its message. */
  pinned(channel: Id, message: Id, pinned: boolean): void {
    if (!pinned) this.drop(channel, message);
    else if (this.pins.value.has(channel) && this.pinOf({ id: message, channel_id: channel }) === undefined) void this.readPins(channel);
  }

  /** A message that was deleted is pinned no longer; one that was edited is shown as it is now. */
  changed(channel: Id, id: Id, how: (message: Message) => Message | null): void {
    const held = this.pinOf({ id, channel_id: channel });
    if (held === undefined) return;
    const message = how(held.message);
    if (message === null) return this.drop(channel, id);
    const others = this.pins.value.get(channel) ?? [];
    this.put(channel, others.map((pin) => (pin.message.id === id ? { ...pin, message } : pin)));
  }

  private add(pin: Pin): void {
    const channel = pin.message.channel_id;
    count(this.pinNews, channel);
    const others = (this.pins.value.get(channel) ?? []).filter((other) => other.message.id !== pin.message.id);
    this.put(channel, [pin, ...others].sort((a, b) => b.pinned_at.localeCompare(a.pinned_at)));
  }

  private drop(channel: Id, message: Id): void {
    count(this.pinNews, channel);
    const others = this.pins.value.get(channel);
    if (others === undefined) return;
    this.put(channel, others.filter((pin) => pin.message.id !== message));
  }

  private put(channel: Id, pins: readonly Pin[]): void {
    this.pins.value = new Map(this.pins.value).set(channel, pins);
  }
}

function count(counts: Map<Id, number>, channel: Id): number {
  const next = (counts.get(channel) ?? 0) + 1;
  counts.set(channel, next);
  return next;
}

/** The message that a notice of a pin is about; null where the message is no such notice. */
export function pinnedBy(message: Message): Id | null {
  if (message.message_type !== "system" || message.client_message_id === null) return null;
  return /^pin\.([^.]+)\./.exec(message.client_message_id)?.[1] ?? null;
}

/** Whether what somebody says of themselves still stands. */
export function standing<T extends { expires_at: string | null }>(status: T | null | undefined, now: number): T | null {
  if (status === null || status === undefined) return null;
  return status.expires_at === null || Date.parse(status.expires_at) > now ? status : null;
}
