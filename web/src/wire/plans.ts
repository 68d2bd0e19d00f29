/** What is not said yet: drafts, messages to be sent later, reminders; and which commands there are. */

import type { Rest } from "./rest";
import type { Id } from "./types";

export interface ServerDraft {
  channel_id: Id;
  thread_id?: Id | null;
  content: string;
  updated_at: string;
}

export interface Scheduled {
  id: Id;
  channel_id: Id;
  thread_id: Id | null;
  content: string;
  send_at: string;
  state: "pending" | "sending" | "failed";
  error: string | null;
}

export interface Reminder {
  id: Id;
  text: string;
  message_id: Id | null;
  channel_id: Id | null;
  remind_at: string;
  state: "pending" | "sending" | "failed";
  error: string | null;
}

/** A slash command that the server knows. */
export interface Command {
  name: string;
  usage: string;
  description: string;
}

interface Listed<T> {
  data: T[];
}

export class PlansApi {
  constructor(private readonly rest: Rest) {}

  async drafts(): Promise<ServerDraft[]> {
    return (await this.rest.call<Listed<ServerDraft>>("GET", "/drafts")).data;
  }

  putDraft(channel: Id, thread: Id | null, content: string): Promise<ServerDraft> {
    return this.rest.call("PUT", `/drafts/${channel}`, { content, ...(thread === null ? {} : { thread_id: thread }) });
  }

  async scheduled(): Promise<Scheduled[]> {
    return (await this.rest.call<Listed<Scheduled>>("GET", "/scheduled")).data;
  }

  schedule(channel: Id, thread: Id | null, content: string, at: Date): Promise<Scheduled> {
    return this.rest.call("POST", "/scheduled", {
      channel_id: channel,
      content,
      send_at: at.toISOString(),
      ...(thread === null ? {} : { thread_id: thread }),
    });
  }

  unschedule(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/scheduled/${id}`);
  }

  async reminders(): Promise<Reminder[]> {
    return (await this.rest.call<Listed<Reminder>>("GET", "/reminders")).data;
  }

  remind(message: Id, text: string, at: Date): Promise<Reminder> {
    return this.rest.call("POST", "/reminders", { message_id: message, text, remind_at: at.toISOString() });
  }

  forget(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/reminders/${id}`);
  }

  async commands(): Promise<Command[]> {
    return (await this.rest.call<Listed<Command>>("GET", "/commands")).data;
  }
}
