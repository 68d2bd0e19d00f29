/**
 * Everything behind the door: the link and its feed, channels, people, conversations, the outbox.
 *
 * Frames flow link → feed → here → signals; the views read signals and call the actions of
 * `actions.ts`. Nothing here touches the document.
 */

import { batch, signal } from "@preact/signals";
import type { Api } from "../wire/api";
import { Feed } from "../wire/feed";
import { wholeMessage, type AckFrame, type HelloFrame, type LogFrame, type LooseFrame } from "../wire/frames";
import { Link, type LinkState } from "../wire/link";
import type { Command } from "../wire/plans";
import { Positions } from "../wire/positions";
import type { Bootstrap, Channel, Id, Limits, Message, Organization, User } from "../wire/types";
import { Asking } from "./ask/asking";
import { Beside } from "./beside";
import { Channels } from "./channels";
import { Conversation } from "./conversation";
import { Drafts } from "./drafts";
import { FileLinks } from "./file-links";
import { restoreUnread } from "./kept-unread";
import { Outbox, type OutboxEntry } from "./outbox";
import { Peers } from "./peers";
import { People } from "./people";
import { fileLinkPorts, outboxPorts } from "./ports";
import { ReadReports } from "./reading";
import { Search } from "./search";
import { frameOf, messageOf } from "./sending";
import { Uploads } from "./uploads";

type EndReason = "revoked" | "refused" | "policy";

/** A page that could not be read while one looks at its channel is asked for again after this. */
const READ_AGAIN_MS = 5_000;

const DEFAULT_LIMITS: Limits = {
  frame_bytes: 65_536,
  content_chars: 5_000,
  messages_per_second: 3,
  cooldown_ms: 2_000,
};

export class Workspace {
  readonly user = signal<User>({ id: "", username: "" });
  readonly org = signal<Organization | null>(null);
  readonly linkState = signal<LinkState>("connecting");
  /** Since when nothing is known: the page began with what it had kept. Null once the server has answered. */
  readonly asOf = signal<string | null>(null);
  readonly limits = signal<Limits>(DEFAULT_LIMITS);
  readonly channels = new Channels();
  readonly people = new People();
  readonly peers = new Peers();
  /** The channel on screen, and the thread beside it, by its root message. */
  readonly openChannel = signal<Id | null>(null);
  readonly openThreadRoot = signal<Id | null>(null);
  /** The channel whose newest message is in sight right now: what arrives there is read at once. */
  watching: Id | null = null;
  readonly outbox: Outbox;
  readonly positions = new Positions();
  readonly asking: Asking;
  /** Files on their way into messages. */
  readonly uploads: Uploads;
  readonly fileLinks: FileLinks;
  readonly search: Search;
  readonly drafts: Drafts;
  /** Slash commands that the server knows; empty until one is begun. */
  readonly commands = signal<readonly Command[]>([]);
  /** What the last command came to. */
  readonly commandReply = signal<{ channel: Id; text: string } | null>(null);
  /** Counts up when what is sent later or a reminder changes. */
  readonly plansChanged = signal(0);
  /** Pins, groups. */
  readonly beside: Beside;
  readonly link: Link;
  private readonly feed: Feed;
  private readonly conversations = new Map<Id, Conversation>();
  private readonly reading: ReadReports;
  private greetings = 0;
  private readAgain: ReturnType<typeof setTimeout> | undefined;
  /** Counts jumps: one that was overtaken by a later one leads nowhere. */
  jumps = 0;

  constructor(
    /** Null for a guest, who has a socket and nothing else. */
    readonly api: Api | null,
    readonly bootstrap: Bootstrap,
    readonly guestName: string | null,
    private readonly ended: (reason: EndReason) => void,
    private readonly arrived: () => void = () => undefined,
  ) {
    this.user.value = bootstrap.user;
    this.take(bootstrap);
    this.search = new Search(api);
    this.beside = new Beside(api?.beside ?? null, () => this.me);
    this.asking = new Asking(api?.data ?? null, {
      me: () => this.me,
      role: () => this.user.value.role,
      request: (frame) => this.link.request(frame),
    });
    const uploadBytes = bootstrap.settings?.upload_bytes;
    this.uploads = new Uploads(api === null ? null : (file, progress, stop) => api.uploadFile(file, progress, stop), uploadBytes);
    this.fileLinks = new FileLinks(api === null ? null : fileLinkPorts((ids) => api.fileLinks(ids)));
    this.drafts = new Drafts({
      put: (place, content) => api?.plans.putDraft(place.channel, place.thread, content) ?? Promise.resolve(),
      later: (ms, what) => {
        const timer = setTimeout(what, ms);
        return () => clearTimeout(timer);
      },
    });
    this.link = new Link({
      address: () => this.address(),
      hello: (frame) => this.hello(frame),
      frame: (frame) => this.feed.receive(frame),
      state: (state) => this.stateChanged(state),
      ended: (reason) => this.ended(reason),
    });
    this.feed = new Feed(this.positions, this.link, {
      entry: (frame) => this.entry(frame),
      news: (frame) => this.news(frame),
      reload: (channelId) => this.reload(channelId),
      caughtUp: () => this.outbox.start(),
    });
    this.reading = new ReadReports(this.channels, {
      me: () => this.me,
      messages: (channelId) => this.conversation(channelId).messages.value,
      report: (channelId, seq) => this.link.tell({ type: "mark_read", channel_id: channelId, seq }),
    });
    this.outbox = new Outbox(
      outboxPorts(
        api === null ? null : this.user.value.id,
        (entry) => this.send(entry),
        (entry, ack) => this.stored(entry, ack),
      ),
    );
  }

  static forGuest(
    username: string,
    ended: (reason: EndReason) => void,
    arrived: () => void,
  ): Workspace {
    const nobody = { user: { id: "", username }, org: null, channels: [], users: [] };
    return new Workspace(null, nobody, username, ended, arrived);
  }

  get me(): Id {
    return this.user.value.id;
  }

  connect(): void {
    this.link.open();
  }

  close(): void {
    clearTimeout(this.readAgain);
    this.outbox.close();
    this.feed.stop();
    this.link.close();
  }

  conversation(channelId: Id): Conversation {
    let held = this.conversations.get(channelId);
    if (held === undefined) {
      held = new Conversation(channelId, this.api, this.me);
      this.conversations.set(channelId, held);
    }
    return held;
  }

  /** The conversations that were opened, the last one first. */
  opened(): Conversation[] {
    const open = this.openChannel.value;
    return [...this.conversations.values()].reverse().sort((a, b) => Number(b.channelId === open) - Number(a.channelId === open));
  }

  /** A channel that one has just made, joined or been added to. */
  async adopt(channelId: Id, known?: Channel): Promise<void> {
    const channel = known ?? (await this.api?.channel(channelId).catch(() => undefined));
    if (channel === undefined) return;
    this.channels.put(channel);
    if (!channel.membership || this.positions.knows(channel.id)) return;
    this.positions.restart(channel.id, channel.last_seq, channel.gen);
    this.feed.follow({ channel_id: channel.id, after_seq: channel.last_seq, gen: channel.gen });
  }

  private async address(): Promise<string> {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query =
      this.api === null
        ? `username=${encodeURIComponent(this.guestName ?? "")}`
        : `ticket=${encodeURIComponent(await this.api.ticket())}`;
    return `${scheme}://${location.host}/ws?${query}`;
  }

  private take(bootstrap: Bootstrap): void {
    this.org.value = bootstrap.org;
    this.channels.replaceAll(bootstrap.channels);
    this.people.meet([...bootstrap.users, bootstrap.user]);
    for (const channel of bootstrap.channels) {
      if (channel.membership && !this.positions.knows(channel.id)) {
        this.positions.restart(channel.id, channel.last_seq, channel.gen);
      }
    }
  }

  private hello(frame: HelloFrame): void {
    this.limits.value = frame.limits;
    if (this.guestName !== null) this.user.value = frame.user;
    this.people.meet([frame.user]);
    this.greetings += 1;
    this.feed.resumeAll();
    this.arrived();
    this.asking.caughtUp();
    void this.readDrafts();
    void this.beside.readGroups();
    // What is in no log (new channels, presence) may have changed while the page was away.
    if (this.greetings > 1 || this.asOf.value !== null) void this.catchUpLooseState();
  }

  private async catchUpLooseState(): Promise<void> {
    // A page of history that could not be read while the server was away.
    if (this.openChannel.value !== null) void this.readUntilRead(this.conversation(this.openChannel.value), (held) => held.open());
    if (this.openChannel.value !== null) void this.beside.readPins(this.openChannel.value);
    const fresh = await this.api?.bootstrap().catch(() => undefined);
    if (fresh === undefined) return;
    this.user.value = fresh.user;
    this.org.value = fresh.org;
    this.people.meet([...fresh.users, fresh.user]);
    const listed = new Set(fresh.channels.map((channel) => channel.id));
    for (const gone of this.channels.all().filter((channel) => !listed.has(channel.id))) {
      this.left(gone.id);
      this.channels.drop(gone.id);
    }
    for (const channel of fresh.channels) await this.believe(channel);
    restoreUnread(this);
    this.asOf.value = null;
  }

  private async believe(channel: Channel): Promise<void> {
    const known = this.channels.get(channel.id);
    if (!channel.membership && known?.membership) return this.left(channel.id);
    if (!known?.membership) return this.adopt(channel.id, channel);
    const ahead = this.channels.believe(channel);
    if (ahead) this.link.tell({ type: "mark_read", channel_id: channel.id, seq: known.membership.last_read_seq });
  }

  private stateChanged(state: LinkState): void {
    this.linkState.value = state;
    if (state === "ready") return;
    this.feed.stop();
    this.outbox.pause();
  }

  /** All that follows from an entry is one change: the lists are put in order once. */
  private entry(frame: LogFrame): void {
    batch(() => this.enter(frame));
  }

  private enter(frame: LogFrame): void {
    this.channels.change(frame.channel_id, { last_seq: frame.seq });
    const message = "message" in frame && frame.type !== "message_edited" ? frame.message : null;
    this.conversation(frame.channel_id).apply(frame);
    this.asking.entry(frame);
    if (frame.type === "message_deleted") this.beside.changed(frame.channel_id, frame.message_id, () => null);
    if (frame.type === "message_edited") this.beside.changed(frame.channel_id, frame.message_id, (held) => ({ ...held, content: frame.message?.content ?? held.content }));
    if (message !== null) this.count(wholeMessage(message, this.me));
    if (frame.type === "member_joined") this.joined(frame.channel_id, frame.user);
    if (frame.type === "member_left" && frame.user?.id === this.me) this.left(frame.channel_id);
  }

  private count(message: Message): void {
    this.people.meetAuthor(message.author);
    this.people.typing(
      message.channel_id,
      { user_id: message.author_id, username: message.author?.username ?? "" },
      false,
    );
    if (message.author_id === this.me) {
      this.outbox.arrived(message.client_message_id);
    } else {
      this.channels.countUnread(message, this.me);
      if (this.watching === message.channel_id) this.readToHead(message.channel_id);
    }
  }

  private news(frame: LooseFrame): void {
    switch (frame.type) {
      case "typing_indicator":
        if (frame.user_id !== this.me) this.people.typing(frame.channel_id, frame, frame.is_typing);
        return;
      case "user_status":
        this.people.status(frame.user_id, frame.status);
        return;
      case "read_receipt":
        return this.receipt(frame.channel_id, frame.user_id, frame.seq);
      case "channel_created":
      case "channel_updated":
        this.channels.putPublicPart(frame.channel);
        if (frame.type === "channel_created") void this.adopt(frame.channel.id);
        // It may be a private conversation with the data that was begun on another device.
        if (frame.type === "channel_created" && frame.channel.kind !== "public") void this.asking.readSessions().catch(() => undefined);
        return;
      case "query_progress":
        return this.asking.progress(frame);
      case "draft_changed":
        return this.drafts.changed(frame);
      case "plans_changed":
        this.plansChanged.value += 1;
        return;
      case "message_pinned":
        return this.beside.pinned(frame.channel_id, frame.message_id, frame.pinned);
      case "custom_status":
        return this.people.says(frame.user_id, frame.custom_status);
      case "group_changed":
        return this.beside.grouped(frame.group_id, frame.group);
      case "user_renamed": {
        const { user_id: id, username, full_name, avatar_url } = frame;
        this.people.meet([{ id, username, full_name, avatar_url, custom_status: null }]);
        return this.conversation(frame.channel_id).rename({ id, username, full_name });
      }
      case "link_previews":
        return this.conversation(frame.channel_id).update(frame.message_id, (held) => ({ ...held, link_previews: frame.link_previews }));
      case "history":
        return this.guestHistory(frame.channel_id, frame.messages.map((raw) => wholeMessage(raw, this.me)), frame.has_more);
      case "resumed":
      case "resync":
        return;
    }
  }

  /** Reads the commands once. */
  async readCommands(): Promise<void> {
    if (this.api === null || this.commands.value.length > 0) return;
    const found = await this.api.plans.commands().catch(() => []);
    if (found.length > 0) this.commands.value = found;
  }

  private async readDrafts(): Promise<void> {
    const drafts = await this.api?.plans.drafts().catch(() => undefined);
    if (drafts !== undefined) this.drafts.replaceAll(drafts);
  }

  private receipt(channelId: Id, userId: Id, seq: number): void {
    this.people.hasRead(channelId, userId, seq);
    if (userId === this.me) this.reading.upTo(channelId, seq);
  }

  /** All that is here has been seen. */
  readToHead(channelId: Id): void {
    this.reading.toHead(channelId);
  }

  private joined(channelId: Id, user: User | undefined): void {
    if (user === undefined) return;
    this.people.meet([user]);
    if (user.id === this.me && !this.channels.get(channelId)?.membership) void this.adopt(channelId);
  }

  private left(channelId: Id): void {
    this.channels.change(channelId, { membership: null, unread_count: 0, mention_count: 0 });
    this.positions.drop(channelId);
    this.conversations.delete(channelId);
    if (this.openChannel.value === channelId) this.openChannel.value = null;
  }

  private guestHistory(channelId: Id, messages: Message[], hasMore: boolean): void {
    const head = messages.at(-1)?.seq ?? 0;
    if (this.channels.get(channelId) === undefined) {
      this.channels.put({
        id: channelId,
        name: "default",
        kind: "public",
        last_seq: head,
        gen: "",
        membership: { channel_id: channelId, user_id: this.me, role: "guest", last_read_seq: head },
      });
    }
    const conversation = this.conversation(channelId);
    conversation.put(messages);
    conversation.loaded = true;
    // A guest has no way to ask for more than the server chose to show.
    conversation.hasOlder.value = hasMore && this.api !== null;
    for (const message of messages) this.people.meetAuthor(message.author);
    this.openChannel.value ??= channelId;
    this.arrived();
  }

  private reload(channelId: Id): void {
    const conversation = this.conversations.get(channelId);
    if (conversation !== undefined) void this.readUntilRead(conversation, (held) => held.reload());
    void this.api?.channel(channelId).then(
      (channel) => this.channels.put(channel),
      () => undefined,
    );
  }

  /** Of a channel that is not on screen the page is read when it is opened; without a link, with the next hello. */
  private async readUntilRead(conversation: Conversation, read: (held: Conversation) => Promise<void>): Promise<void> {
    await read(conversation);
    const isHere = (): boolean => this.openChannel.value === conversation.channelId && this.linkState.value === "ready";
    if (conversation.loading.value !== "failed" || !isHere()) return;
    clearTimeout(this.readAgain);
    this.readAgain = setTimeout(() => {
      if (isHere()) void this.readUntilRead(conversation, (held) => held.open());
    }, READ_AGAIN_MS);
  }

  private send(entry: OutboxEntry): Promise<AckFrame> {
    return this.link.request(frameOf(entry));
  }

  /** Shown in its place as soon as it is known; the frame itself follows and says the same. */
  private stored(entry: OutboxEntry, ack: AckFrame): void {
    if (ack.command !== undefined && ack.text !== undefined) this.commandReply.value = { channel: entry.channel_id, text: ack.text };
    const message = messageOf(entry, ack, this.user.value);
    if (message !== null) this.conversation(entry.channel_id).receive(message);
  }
}
