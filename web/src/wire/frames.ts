/** Frames from the server to the page, and the one place that fills in what a frame leaves out. */

import type { JobState } from "./data/types";
import type { Group } from "./beside";
import type { ServerDraft } from "./plans";
import type {
  Channel,
  CustomStatus,
  Id,
  Limits,
  LinkPreview,
  Message,
  PresenceStatus,
  RawMessage,
  RawReaction,
  Reaction,
  User,
} from "./types";

type Gen = string | number;
type RequestId = string | number;

export interface HelloFrame {
  type: "hello";
  session_id: string;
  user: User;
  heartbeat_ms: number;
  limits: Limits;
  server_time: string;
}

export interface AckFrame {
  type: "ack";
  id?: RequestId;
  channel_id?: Id;
  message_id?: Id;
  seq?: number;
  client_message_id?: string;
  created_at?: string;
  duplicate?: boolean;
  head_seq?: number;
  gen?: Gen;
  job_id?: Id;
  /** Of `cancel_query`: how many ended by it. */
  cancelled?: number;
  /** A slash command was carried out in place of a message, and what came of it. */
  command?: string;
  text?: string;
}

export interface ErrorFrame {
  type: "error";
  id?: RequestId;
  code: string;
  message: string;
  retry: boolean;
  retry_after_ms?: number;
}

/** Frames that have a place in a channel's log. */
export type LogFrame =
  | { type: "new_message" | "llm_response"; channel_id: Id; seq: number; gen: Gen; message: RawMessage }
  | { type: "message_edited"; channel_id: Id; seq: number; gen: Gen; message_id: Id; message?: RawMessage; user_id?: Id }
  | { type: "message_deleted"; channel_id: Id; seq: number; gen: Gen; message_id: Id; user_id?: Id }
  | { type: "reaction"; channel_id: Id; seq: number; gen: Gen; message_id: Id; emoji: string; user_id: Id; added: boolean }
  | { type: "member_joined" | "member_left"; channel_id: Id; seq: number; gen: Gen; user?: User };

/** How far a question has come. */
export interface ProgressFrame {
  type: "query_progress";
  job_id: Id;
  channel_id: Id;
  thread_id?: Id | null;
  state: JobState;
  detail?: string | null;
}

/** Frames that are news of the moment and are not in any log. */
export type LooseFrame =
  | ProgressFrame
  | ({ type: "draft_changed" } & ServerDraft)
  | { type: "message_pinned"; channel_id: Id; message_id: Id; user_id: Id; pinned: boolean }
  | { type: "link_previews"; channel_id: Id; message_id: Id; link_previews: LinkPreview[] }
  | { type: "custom_status"; user_id: Id; custom_status: CustomStatus | null }
  | { type: "user_renamed"; channel_id: Id; user_id: Id; username: string; full_name: string; avatar_url: string }
  | { type: "plans_changed"; kind: "scheduled" | "reminders" }
  | { type: "typing_indicator"; channel_id: Id; user_id: Id; username: string; is_typing: boolean }
  | { type: "group_changed"; group_id: Id; group: Group | null }
  | { type: "user_status"; user_id: Id; status: PresenceStatus }
  | { type: "read_receipt"; channel_id: Id; user_id: Id; seq: number }
  | { type: "channel_created" | "channel_updated"; channel_id: Id; channel: Channel }
  | { type: "resumed" | "resync"; channel_id: Id; head_seq: number; gen: Gen }
  | { type: "history"; channel_id: Id; messages: RawMessage[]; has_more: boolean };

export type EventFrame = LogFrame | LooseFrame;
export type ServerFrame = HelloFrame | AckFrame | ErrorFrame | EventFrame | { type: "pong"; id?: RequestId };

export function isLogFrame(frame: EventFrame): frame is LogFrame {
  return "seq" in frame && frame.type !== "read_receipt";
}

/** A whole message from one that may lack its empty fields. `me` decides which reactions are mine. */
export function wholeMessage(raw: RawMessage, me: Id | null): Message {
  const created = raw.created_at ?? raw.timestamp ?? new Date(0).toISOString();
  const reactions: Record<string, Reaction> = {};
  for (const [emoji, reaction] of Object.entries(raw.reactions ?? {})) {
    reactions[emoji] = wholeReaction(reaction, me);
  }
  return {
    id: raw.id,
    channel_id: raw.channel_id,
    seq: raw.seq,
    author_id: raw.author_id ?? raw.author?.id ?? "",
    author: raw.author ?? null,
    thread_id: raw.thread_id ?? null,
    content: raw.content ?? "",
    message_type: raw.message_type ?? "text",
    client_message_id: raw.client_message_id ?? null,
    is_edited: raw.is_edited ?? false,
    is_deleted: raw.is_deleted ?? false,
    attachments: raw.attachments ?? [],
    reactions,
    mentions: raw.mentions ?? [],
    link_previews: raw.link_previews ?? [],
    llm_context: raw.llm_context ?? null,
    created_at: created,
    updated_at: raw.updated_at ?? created,
  };
}

function wholeReaction(raw: RawReaction, me: Id | null): Reaction {
  const users = raw.users ?? [];
  return { count: raw.count, users, mine: raw.mine ?? (me !== null && users.includes(me)) };
}
