/** All that asking needs in one place: questions, answers, connections, private conversations. */

import { computed, signal } from "@preact/signals";
import type { DataApi } from "../../wire/data/api";
import type { ChatSession, Connection } from "../../wire/data/types";
import type { AckFrame, LogFrame, ProgressFrame } from "../../wire/frames";
import { wholeMessage } from "../../wire/frames";
import type { Id, OrgRole } from "../../wire/types";
import { newClientId } from "../ports";
import { Answers, jobOf } from "./answers";
import type { Began } from "./progress";
import { Questions } from "./questions";
import type { Section } from "./section";

export interface AskingPorts {
  me(): Id;
  role(): OrgRole | undefined;
  request(frame: Record<string, unknown>): Promise<AckFrame>;
}

/** SQL on its way into the editor. */
export interface SqlDraft {
  connection: Id;
  sql: string;
}

export class Asking {
  readonly questions: Questions;
  readonly answers: Answers;
  /** Null until they were read for the first time. */
  readonly connections = signal<readonly Connection[] | null>(null);
  readonly usable = computed(() => (this.connections.value ?? []).filter((connection) => connection.is_active));
  readonly sessions = signal<readonly ChatSession[]>([]);
  /** The channels that are private conversations with the data. */
  readonly sessionChannels = computed(() => new Set(this.sessions.value.map(channelOf)));
  /** What is on screen instead of a channel. */
  readonly section = signal<Section | null>(null);
  readonly draft = signal<SqlDraft | null>(null);
  private reading: Promise<void> | null = null;

  constructor(
    readonly data: DataApi | null,
    private readonly ports: AskingPorts,
  ) {
    this.answers = new Answers(data);
    this.questions = new Questions(data, {
      me: () => ports.me(),
      request: (frame) => ports.request(frame),
      now: () => Date.now(),
      newId: newClientId,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      load: () => load(storedAs(ports.me())),
      save: (own) => save(storedAs(ports.me()), own),
    });
  }

  get mayManage(): boolean {
    const role = this.ports.role();
    return role === "admin" || role === "analyst";
  }

  get isAdmin(): boolean {
    return this.ports.role() === "admin";
  }

  connection(id: Id | null | undefined): Connection | undefined {
    return this.connections.value?.find((connection) => connection.id === id);
  }

  /** Reads the connections once; again where something may have changed. */
  async readConnections(again = false): Promise<void> {
    if (this.data === null || (this.connections.value !== null && !again)) return;
    this.reading ??= this.data
      .connections()
      .then((found) => void (this.connections.value = found))
      .finally(() => (this.reading = null));
    await this.reading;
  }

  putConnection(connection: Connection): void {
    const others = (this.connections.value ?? []).filter((held) => held.id !== connection.id);
    this.connections.value = [...others, connection].sort((a, b) => a.name.localeCompare(b.name));
  }

  dropConnection(id: Id): void {
    this.connections.value = (this.connections.value ?? []).filter((held) => held.id !== id);
  }

  async readSessions(): Promise<void> {
    const found = await this.data?.sessions();
    if (found !== undefined) this.sessions.value = inOrder(found);
  }

  /** After every hello. */
  caughtUp(): void {
    void this.questions.refresh();
    void this.readSessions().catch(() => undefined);
  }

  progress(frame: ProgressFrame): void {
    this.questions.progress(frame);
  }

  /** An entry of some channel's log. */
  entry(frame: LogFrame): void {
    if (!("message" in frame) || frame.message === undefined) return;
    const job = jobOf(wholeMessage(frame.message, this.ports.me()));
    if (frame.type === "message_edited") this.answers.forget(job);
    else this.questions.answered(job);
  }
}

export function channelOf(session: ChatSession): Id {
  return session.channel_id ?? session.id;
}

/** Pinned first, then the newest. */
function inOrder(sessions: readonly ChatSession[]): ChatSession[] {
  return [...sessions].sort(
    (a, b) => Number(b.is_pinned) - Number(a.is_pinned) || (b.updated_at ?? "").localeCompare(a.updated_at ?? ""),
  );
}

function storedAs(me: Id): string {
  return `starling.questions.${me}`;
}

function load(key: string): Began[] {
  try {
    const held: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(held) ? (held as Began[]) : [];
  } catch {
    return [];
  }
}

function save(key: string, own: readonly Began[]): void {
  if (own.length === 0) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(own));
}
