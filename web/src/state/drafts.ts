/**
 * Drafts on all devices: what is written in one composer is soon in the same one elsewhere.
 *
 * The server keeps one text for each place and the last writer wins. What one types here is sent after a
 * short rest; what comes from elsewhere is handed to the composer, unless words typed here wait to be sent.
 *
 * **Invariant:** words typed on this device are never replaced before the server has them.
 */

import { signal } from "@preact/signals";
import type { ServerDraft } from "../wire/plans";
import type { Id } from "../wire/types";

/** A rest in writing: long enough that a sentence is one request. */
const REST_MS = 800;

export interface DraftPlace {
  channel: Id;
  thread: Id | null;
}

export interface DraftPorts {
  put(place: DraftPlace, content: string): Promise<unknown>;
  later(ms: number, what: () => void): () => void;
}

export const placeName = (place: DraftPlace): string => (place.thread === null ? place.channel : `${place.channel}.${place.thread}`);

export class Drafts {
  /** What the server has, by place; it changes when another device writes. */
  readonly known = signal<ReadonlyMap<string, string>>(new Map());
  private readonly waiting = new Map<string, () => void>();

  constructor(private readonly ports: DraftPorts) {}

  /** All drafts of the server, after a start or a time away. */
  replaceAll(drafts: readonly ServerDraft[]): void {
    const known = new Map<string, string>();
    for (const draft of drafts) known.set(nameOf(draft), draft.content);
    for (const name of this.waiting.keys()) {
      const own = this.known.value.get(name);
      if (own !== undefined) known.set(name, own);
    }
    this.known.value = known;
  }

  /** The frame `draft_changed`; the echo of one's own words too. */
  changed(draft: ServerDraft): void {
    const name = nameOf(draft);
    if (!this.waiting.has(name)) this.keep(name, draft.content);
  }

  /** What stands in the composer of a place now. */
  wrote(place: DraftPlace, content: string): void {
    const name = placeName(place);
    if ((this.known.value.get(name) ?? "") === content) return;
    this.keep(name, content);
    this.waiting.get(name)?.();
    const send = (): void => {
      this.waiting.delete(name);
      // Kept in the tab as well: the next words try again.
      this.ports.put(place, content).catch(() => undefined);
    };
    // What was sent is gone at once, so that it does not appear on another device after it was said.
    if (content === "") send();
    else this.waiting.set(name, this.ports.later(REST_MS, send));
  }

  private keep(name: string, content: string): void {
    const known = new Map(this.known.value);
    if (content === "") known.delete(name);
    else known.set(name, content);
    this.known.value = known;
  }
}

function nameOf(draft: ServerDraft): string {
  return placeName({ channel: draft.channel_id, thread: draft.thread_id ?? null });
}
