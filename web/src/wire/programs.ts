/** Webhooks and bots: what other programs write, and what they are told. */

import type { Rest } from "./rest";
import type { Id, User } from "./types";

export interface IncomingHook {
  id: Id;
  name: string;
  channel_id: Id;
  is_active: boolean;
  last_used_at: string | null;
  /** With the secret; only in the answer that makes one. */
  url?: string;
}

export interface OutgoingHook {
  id: Id;
  name: string;
  url: string;
  channel_id: Id | null;
  events: string[];
  trigger_words: string[];
  is_active: boolean;
  disabled_reason: string | null;
  failing_since: string | null;
  /** Only in the answer that makes one. */
  secret?: string;
}

export interface Delivery {
  id: string;
  event: string;
  state: "pending" | "delivered" | "failed";
  attempts: number;
  response_status: number | null;
  error: string | null;
  created_at: string;
}

export interface Bot {
  user: User;
  tokens: { id: Id; name: string }[];
}

interface Listed<T> {
  data: T[];
}

export class ProgramsApi {
  constructor(private readonly rest: Rest) {}

  async incoming(): Promise<IncomingHook[]> {
    return (await this.rest.call<Listed<IncomingHook>>("GET", "/webhooks/incoming")).data;
  }

  makeIncoming(channel: Id, name: string): Promise<IncomingHook> {
    return this.rest.call("POST", "/webhooks/incoming", { channel_id: channel, name });
  }

  removeIncoming(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/webhooks/incoming/${id}`);
  }

  async outgoing(): Promise<OutgoingHook[]> {
    return (await this.rest.call<Listed<OutgoingHook>>("GET", "/webhooks/outgoing")).data;
  }

  makeOutgoing(hook: { name: string; url: string; channel_id?: Id; trigger_words?: string[] }): Promise<OutgoingHook> {
    return this.rest.call("POST", "/webhooks/outgoing", hook);
  }

  switchOutgoing(id: Id, active: boolean): Promise<OutgoingHook> {
    return this.rest.call("PATCH", `/webhooks/outgoing/${id}`, { is_active: active });
  }

  removeOutgoing(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/webhooks/outgoing/${id}`);
  }

  async deliveries(id: Id): Promise<Delivery[]> {
    return (await this.rest.call<Listed<Delivery>>("GET", `/webhooks/outgoing/${id}/deliveries?limit=20`)).data;
  }

  ping(id: Id): Promise<Delivery> {
    return this.rest.call("POST", `/webhooks/outgoing/${id}/ping`);
  }

  async bots(): Promise<Bot[]> {
    return (await this.rest.call<Listed<Bot>>("GET", "/bot-users")).data;
  }

  makeBot(username: string, fullName: string): Promise<{ user: User; token: { token: string } }> {
    return this.rest.call("POST", "/bot-users", { username, full_name: fullName });
  }

  removeBot(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/bot-users/${id}`);
  }
}
