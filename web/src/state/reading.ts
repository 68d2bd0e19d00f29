/** How far one has read: shown at once, told to the server once in a while, not per message. */

import type { Id } from "../wire/types";
import type { Channels } from "./channels";
import type { Timeline } from "./timeline";

/** A reader's position is reported at most this often per channel. */
const REPORT_MS = 500;

export interface ReadingPorts {
  me(): Id;
  messages(channelId: Id): Timeline;
  report(channelId: Id, seq: number): void;
}

export class ReadReports {
  private readonly waiting = new Set<Id>();

  constructor(
    private readonly channels: Channels,
    private readonly ports: ReadingPorts,
  ) {}

  toHead(channelId: Id): void {
    const channel = this.channels.get(channelId);
    if (!channel?.membership || channel.membership.last_read_seq >= channel.last_seq) return;
    this.upTo(channelId, channel.last_seq);
    if (this.waiting.has(channelId)) return;
    this.waiting.add(channelId);
    setTimeout(() => {
      this.waiting.delete(channelId);
      const seq = this.channels.get(channelId)?.membership?.last_read_seq;
      if (seq !== undefined) this.ports.report(channelId, seq);
    }, REPORT_MS);
  }

  /** Read up to `seq`, here or on another device. */
  upTo(channelId: Id, seq: number): void {
    const me = this.ports.me();
    const above = this.ports
      .messages(channelId)
      .filter((message) => message.seq > seq && message.author_id !== me);
    this.channels.read(channelId, seq, {
      unread: above.length,
      mentions: above.filter((message) => message.mentions.includes(me)).length,
    });
  }
}
