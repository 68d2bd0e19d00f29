/**
 * The shapes of the wire, as the server's contract names them.
 *
 * REST shows every field of a message; a frame on the socket leaves out what is null or empty,
 * so `RawMessage` is what arrives and `Message` is what the rest of the page works with.
 */

import type { Answer, Restricted } from "./data/types";

export type Id = string;
export type PresenceStatus = "online" | "away" | "dnd" | "offline";
export type OrgRole = "admin" | "analyst" | "viewer";

/** What a person says of themselves. */
export interface CustomStatus {
  emoji: string;
  text: string;
  /** Null: until they say otherwise. */
  expires_at: string | null;
}

/** What is shown of a page that a message links to. */
export interface LinkPreview {
  url: string;
  title: string;
  description: string;
  site_name: string;
}

export interface User {
  id: Id;
  username: string;
  full_name?: string | null;
  avatar_url?: string | null;
  status?: PresenceStatus;
  custom_status?: CustomStatus | null;
  created_at?: string;
  email?: string;
  role?: OrgRole;
  is_superuser?: boolean;
  is_active?: boolean;
  /** Nothing is known of them any more. */
  is_erased?: boolean;
  /** A program: a bot or a webhook. */
  is_bot?: boolean;
}

export interface Organization {
  id: Id;
  name: string;
  slug: string;
}

export type ChannelKind = "public" | "private" | "direct" | "group";

export type ChannelRole = "owner" | "admin" | "member" | "guest";
export type NotificationLevel = "all" | "mentions" | "none";

export interface Membership {
  channel_id: Id;
  user_id: Id;
  role: ChannelRole;
  last_read_seq: number;
  notification_level?: NotificationLevel;
}

export interface Channel {
  id: Id;
  name?: string | null;
  description?: string | null;
  topic?: string | null;
  kind: ChannelKind;
  is_private?: boolean;
  is_direct_message?: boolean;
  owner_id?: Id | null;
  created_at?: string;
  member_count?: number;
  last_seq: number;
  gen: string | number;
  unread_count?: number;
  mention_count?: number;
  membership?: Membership | null;
}

/** How long a channel's messages are kept, in days; 0: for ever. */
export interface Retention {
  /** Null: what holds for all. */
  days: number | null;
  default_days: number;
  effective_days: number;
  may_change: boolean;
}

/** All that is kept of somebody, for who asked. */
export interface DataExport {
  id: Id;
  user_id: Id;
  state: "pending" | "done" | "failed";
  created_at: string;
  expires_at: string;
  bytes: number;
  /** Opens the archive for some minutes. */
  url: string | null;
  error: string | null;
}

export interface Reaction {
  count: number;
  /** The first twenty people; the count may be larger. */
  users: Id[];
  mine: boolean;
}

/** A file of a message. Its addresses need a token; the browser's own are asked for, see `FileLink`. */
export interface Attachment {
  id: Id;
  name: string;
  mime_type: string;
  size: number;
  url: string;
  /** Of a picture that could be read. */
  thumbnail_url: string | null;
  width: number | null;
  height: number | null;
}

/** Addresses of a file that the browser can load without a token, for some minutes. */
export interface FileLink {
  id: Id;
  url: string;
  thumbnail_url: string;
}

export interface FileLinkList {
  data: FileLink[];
  expires_at: string;
}

export type MessageType = "text" | "llm_response" | "system" | "file";

export interface Message {
  id: Id;
  channel_id: Id;
  seq: number;
  author_id: Id;
  author: { id: Id; username: string; full_name?: string | null; is_bot?: boolean } | null;
  thread_id: Id | null;
  content: string;
  message_type: MessageType;
  client_message_id: string | null;
  is_edited: boolean;
  is_deleted: boolean;
  attachments: readonly Attachment[];
  reactions: Record<string, Reaction>;
  mentions: Id[];
  /** What is shown of the pages that it links to. */
  link_previews: readonly LinkPreview[];
  /** Of an answer: its data, a note that not everyone may see it, or null where it must be asked for. */
  llm_context: Answer | Restricted | null;
  created_at: string;
  updated_at: string;
}

export type RawReaction = { count: number; users?: Id[]; mine?: boolean };
export type RawMessage = Partial<Omit<Message, "reactions">> &
  Pick<Message, "id" | "channel_id" | "seq"> & {
    reactions?: Record<string, RawReaction> | null;
    timestamp?: string;
  };

export interface Thread {
  id: Id;
  channel_id: Id;
  root_message_id: Id | null;
  title?: string | null;
  is_llm_enabled?: boolean;
  message_count: number;
  participant_count: number;
  /** Who wrote last, at most three, the last one first; an older server does not say. */
  recent_participants?: Id[];
  created_at: string;
  updated_at: string;
}

export interface Bootstrap {
  user: User;
  org: Organization | null;
  channels: Channel[];
  users: User[];
  settings?: { upload_bytes?: number };
}

/** A person as an admin sees them. */
export interface Person extends Omit<User, "role"> {
  role?: OrgRole | "guest";
  is_active?: boolean;
}

export interface PeoplePage {
  people: Person[];
  next: string | null;
}

export type RegistrationMode = "open" | "invite" | "closed";

/** The organization with its limits; null is no limit. */
export interface OrganizationDetails extends Organization {
  registration: RegistrationMode;
  users: number;
  connections: number;
  max_users: number | null;
  max_connections: number | null;
  settings?: Readonly<Record<string, unknown>>;
}

/** A token for programs. */
export interface PersonalToken {
  id: Id;
  name: string;
  created_at: string;
  expires_at: string | null;
  /** Only in the answer that makes it. */
  token?: string;
}

/** Sign-in at another server. */
export interface SignOn {
  label: string;
  login_url: string;
}

/** The ways in that the server has. */
export interface Methods {
  password: boolean;
  /** A new password by mail. */
  password_reset: boolean;
  guests: boolean;
  registration: "open" | "invite" | "closed";
  oidc: SignOn | null;
}

export interface TokenPair {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  user?: User;
}

/** One sign-in of one's own, on some device. */
export interface Login {
  id: Id;
  created_at: string;
  last_used_at: string;
  ip_address: string;
  user_agent: string;
  is_current: boolean;
}

export interface Invitation {
  id: Id;
  email: string | null;
  role: OrgRole;
  expires_at: string;
  /** Only in the answer that makes it. */
  invite_token?: string;
  /** Whether it is on its way to their e-mail. */
  is_mailed?: boolean;
}

/** An earlier text of a message, and since when it stood. */
export interface Version {
  content: string;
  user_id: Id;
  created_at: string;
}

export interface Limits {
  frame_bytes: number;
  content_chars: number;
  messages_per_second: number;
  cooldown_ms: number;
}

/** Where a reader stands in a channel: everything up to `after_seq` of generation `gen` was seen. */
export interface Position {
  channel_id: Id;
  after_seq: number;
  gen: string | number;
}
