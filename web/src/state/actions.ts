/** What a person does, as functions over the workspace. Each says what it changes before the server agrees. */

import { Refusal } from "../wire/link";
import type { ChannelChange } from "../wire/api";
import type { Attachment, Channel, CustomStatus, Id, Message, NotificationLevel, Thread, User } from "../wire/types";
import type { Place } from "./ask/questions";
import { forgetUnread } from "./kept-unread";
import { deleted, edited, reacted } from "./timeline";
import type { Workspace } from "./workspace";

/** While someone types, the others are told again before their 5 s run out. */
const TYPING_REPEAT_MS = 3_000;

export function openChannel(space: Workspace, channelId: Id): void {
  space.asking.section.value = null;
  const before = space.openChannel.value;
  if (before === channelId) return;
  if (before !== null) space.conversation(before).leave();
  const channel = space.channels.get(channelId);
  const conversation = space.conversation(channelId);
  const unread = (channel?.unread_count ?? 0) > 0;
  forgetUnread(space, channelId);
  conversation.newAfter.value = unread ? (channel?.membership?.last_read_seq ?? null) : null;
  space.openThreadRoot.value = null;
  space.openChannel.value = channelId;
  void conversation.open();
  void space.beside.readPins(channelId);
  if (channel !== undefined && channel.kind !== "public" && channel.kind !== "private") void readers(space, channelId);
}

/** How far the others of a conversation have read; from then on receipts tell. */
async function readers(space: Workspace, channelId: Id): Promise<void> {
  const members = (await space.api?.members(channelId).catch(() => [])) ?? [];
  space.people.meet(members.flatMap((member) => member.user ?? []));
  for (const member of members) space.people.hasRead(channelId, member.user_id, member.last_read_seq);
}

export function post(space: Workspace, channelId: Id, threadId: Id | null, content: string, attachments: readonly Attachment[] = []): void {
  space.outbox.add({
    channel_id: channelId,
    thread_id: threadId,
    content,
    mentions: mentionsIn(space, content),
    attachments,
    after_seq: space.positions.contiguous(channelId),
  });
  const conversation = space.conversation(channelId);
  conversation.newAfter.value = null;
  // One's own words are shown where they will stand.
  if (threadId === null) conversation.toNewest();
}

/** The first reply makes the thread; a failure leaves the words in the composer. */
export async function reply(space: Workspace, root: Message, content: string, attachments: readonly Attachment[] = []): Promise<void> {
  const thread = await threadOf(space, root);
  if (thread !== undefined) post(space, root.channel_id, thread.id, content, attachments);
}

/** A question in a thread; the first one makes it, as a reply does. */
export async function askInThread(space: Workspace, root: Message, question: string, connection: Id | null): Promise<void> {
  const thread = await threadOf(space, root);
  if (thread !== undefined) await space.asking.questions.ask({ channel: root.channel_id, thread: thread.id }, question, connection);
}

/** Calls off what one asked last in a place; false when nothing is going on there. */
export function cancelAsked(space: Workspace, place: Place): boolean {
  const { questions } = space.asking;
  const running = questions.running(place);
  if (running === undefined) return false;
  // A refusal is no news: its card goes on showing how far it is.
  questions.cancel(running.job).catch(() => undefined);
  return true;
}

/** Threads that are being made, by their first message: two quick replies make one. */
const making = new Map<Id, Promise<Thread | undefined>>();

async function threadOf(space: Workspace, root: Message): Promise<Thread | undefined> {
  const conversation = space.conversation(root.channel_id);
  const held = conversation.threadOf(root.id);
  if (held !== undefined) return held;
  const made = making.get(root.id) ?? makeThread(space, root).finally(() => making.delete(root.id));
  making.set(root.id, made);
  return made;
}

async function makeThread(space: Workspace, root: Message): Promise<Thread | undefined> {
  const made = await space.api?.createThread(root.channel_id, root.id);
  if (made !== undefined) space.conversation(root.channel_id).putThread(made);
  return made;
}

export async function edit(space: Workspace, message: Message, content: string): Promise<void> {
  const conversation = space.conversation(message.channel_id);
  conversation.update(message.id, (held) => edited(held, content, held.updated_at));
  const mentions = mentionsIn(space, content);
  await agree(space, { type: "edit_message", message_id: message.id, content, mentions }, () =>
    conversation.update(message.id, () => message),
  );
}

export async function remove(space: Workspace, message: Message): Promise<void> {
  const conversation = space.conversation(message.channel_id);
  conversation.update(message.id, deleted);
  await agree(space, { type: "delete_message", message_id: message.id }, () =>
    conversation.update(message.id, () => message),
  );
}

export async function react(space: Workspace, message: Message, emoji: string): Promise<void> {
  const conversation = space.conversation(message.channel_id);
  const mine = message.reactions[emoji]?.mine ?? false;
  const set = (added: boolean): void =>
    conversation.update(message.id, (held) => reacted(held, emoji, space.me, added, space.me));
  set(!mine);
  await agree(
    space,
    { type: "react", message_id: message.id, emoji, ...(mine ? { remove: true } : {}) },
    () => set(mine),
  );
}

/** Asks, and puts things back when the answer is no. */
async function agree(
  space: Workspace,
  frame: Record<string, unknown>,
  undo: () => void,
): Promise<void> {
  try {
    await space.link.request(frame);
  } catch (error) {
    undo();
    throw error instanceof Refusal ? error : Refusal.unknownOutcome();
  }
}

/** All of a channel counts as read, and its New line goes. */
export function markRead(space: Workspace, channelId: Id): void {
  forgetUnread(space, channelId);
  space.conversation(channelId).newAfter.value = null;
  space.readToHead(channelId);
}

export function markAllRead(space: Workspace): void {
  for (const channel of space.channels.mine.value) {
    if ((channel.unread_count ?? 0) > 0) markRead(space, channel.id);
  }
  if (space.openChannel.value !== null) markRead(space, space.openChannel.value);
}

let typingSaid: { channelId: Id; at: number } | null = null;

export function typing(space: Workspace, channelId: Id, isTyping: boolean): void {
  const now = Date.now();
  if (isTyping) {
    const fresh = typingSaid?.channelId === channelId && now - typingSaid.at < TYPING_REPEAT_MS;
    if (fresh) return;
    typingSaid = { channelId, at: now };
  } else {
    if (typingSaid?.channelId !== channelId) return;
    typingSaid = null;
  }
  space.link.tell({ type: "typing", channel_id: channelId, is_typing: isTyping });
}

export async function createChannel(
  space: Workspace,
  name: string,
  topic: string,
  isPrivate: boolean,
): Promise<void> {
  if (space.api === null) return;
  const channel = await space.api.createChannel({
    name,
    kind: isPrivate ? "private" : "public",
    ...(topic === "" ? {} : { topic }),
  });
  await enter(space, channel);
}

export async function joinChannel(space: Workspace, channel: Channel): Promise<void> {
  if (space.api === null) return;
  const membership = await space.api.joinChannel(channel.id);
  const fresh = await space.api.channel(channel.id).catch(() => ({ ...channel, membership }));
  await enter(space, fresh);
}

export async function leaveChannel(space: Workspace, channel: Channel): Promise<void> {
  await space.api?.leaveChannel(channel.id);
  space.channels.change(channel.id, { membership: null, unread_count: 0, mention_count: 0 });
  space.openChannel.value = null;
}

export async function changeChannel(space: Workspace, channel: Channel, change: ChannelChange): Promise<void> {
  const changed = await space.api?.changeChannel(channel.id, change);
  if (changed !== undefined) space.channels.putPublicPart(changed);
}

/** What of the channel makes a badge; one's own, on all devices. */
export async function notify(space: Workspace, channel: Channel, level: NotificationLevel): Promise<void> {
  const membership = await space.api?.changeMember(channel.id, space.me, { notification_level: level });
  if (membership !== undefined) space.channels.change(channel.id, { membership });
}

export async function setStatus(space: Workspace, status: "online" | "away" | "dnd"): Promise<void> {
  await space.link.request({ type: "presence", status });
  space.people.status(space.me, status);
}

/** What one says of oneself; null: nothing any more. */
export async function sayOfSelf(space: Workspace, status: CustomStatus | null): Promise<void> {
  const user = await space.api?.beside.say(status);
  if (user !== undefined) space.people.says(space.me, user.custom_status ?? null);
}

/** What is shown of a link goes for everyone, and does not come back. */
export async function removePreview(space: Workspace, message: Message, url: string): Promise<void> {
  await space.api?.beside.removePreview(message.id, url);
  space.conversation(message.channel_id).update(message.id, (held) => ({ ...held, link_previews: held.link_previews.filter((link) => link.url !== url) }));
}

export async function changeProfile(space: Workspace, fullName: string, username: string): Promise<void> {
  const user = await space.api?.changeMe({ full_name: fullName, username });
  if (user === undefined) return;
  space.user.value = user;
  space.people.meet([user]);
}

export async function startDirect(space: Workspace, user: User): Promise<void> {
  if (space.api === null) return;
  space.people.meet([user]);
  const channel = await space.api.createChannel({ kind: "direct", member_ids: [user.id] });
  space.peers.know(channel.id, [user.id, space.me]);
  await enter(space, channel);
}

/** A conversation without a name, of oneself and these. */
export async function startGroup(space: Workspace, users: readonly User[]): Promise<void> {
  if (space.api === null) return;
  space.people.meet(users);
  const member_ids = users.map((user) => user.id);
  const channel = await space.api.createChannel({ kind: "group", member_ids });
  space.peers.know(channel.id, [...member_ids, space.me]);
  await enter(space, channel);
}

async function enter(space: Workspace, channel: Channel): Promise<void> {
  await space.adopt(channel.id, channel);
  openChannel(space, channel.id);
}

/** `@name` of someone known here; the server checks the ids again. */
export function mentionsIn(space: Workspace, content: string): Id[] {
  const names = new Set([...content.matchAll(/(?:^|[^\w@])@([\w.-]+)/g)].map((match) => match[1]?.toLowerCase()));
  if (names.size === 0) return [];
  return [...space.people.byId.value.values()]
    .filter((user) => names.has(user.username.toLowerCase()))
    .map((user) => user.id);
}
