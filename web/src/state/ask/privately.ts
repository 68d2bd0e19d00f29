/** Private conversations with the data: channels with one member, asked by requests of their own. */

import type { ChatSession } from "../../wire/data/types";
import type { Id } from "../../wire/types";
import { openChannel } from "../actions";
import type { Workspace } from "../workspace";
import { channelOf } from "./asking";

/** Asks in a conversation that is there. */
export async function ask(space: Workspace, channel: Id, question: string, connection: Id | null): Promise<void> {
  const { asking } = space;
  const session = asking.sessions.value.find((held) => channelOf(held) === channel);
  const accepted = await asking.data?.askAlone(question, connection, session?.id ?? channel);
  if (accepted === undefined) return;
  asking.questions.began({ job: accepted.job_id, channel, thread: accepted.thread_id ?? null, question, connection, mine: true });
  void asking.readSessions().catch(() => undefined);
}

/** The first question makes the conversation, which is then on screen. */
export async function begin(space: Workspace, question: string, connection: Id | null): Promise<void> {
  const { asking } = space;
  const accepted = await asking.data?.askAlone(question, connection, null);
  if (accepted?.session_id === undefined) return;
  await asking.readSessions().catch(() => undefined);
  const session = asking.sessions.value.find((held) => held.id === accepted.session_id);
  const channel = session === undefined ? accepted.session_id : channelOf(session);
  asking.questions.began({ job: accepted.job_id, channel, thread: accepted.thread_id ?? null, question, connection, mine: true });
  await space.adopt(channel);
  openChannel(space, channel);
}

export async function rename(space: Workspace, session: ChatSession, title: string): Promise<void> {
  await space.asking.data?.changeSession(session.id, { title });
  await space.asking.readSessions();
}

export async function pin(space: Workspace, session: ChatSession): Promise<void> {
  await space.asking.data?.changeSession(session.id, { is_pinned: !session.is_pinned });
  await space.asking.readSessions();
}

export async function remove(space: Workspace, session: ChatSession): Promise<void> {
  await space.asking.data?.deleteSession(session.id);
  if (space.openChannel.value === channelOf(session)) space.openChannel.value = null;
  space.channels.change(channelOf(session), { membership: null });
  await space.asking.readSessions();
}
