/**
 * Files on their way into a message that is being written, by the composer that they belong to.
 *
 * **Invariant:** a file leaves only by being sent, by being removed, or with the page: whoever turns to
 * another channel finds it again.
 */

import { signal } from "@preact/signals";
import { Problem } from "../wire/problem";
import type { Attachment } from "../wire/types";

/** Files of one message, as the server allows. */
export const FILES_MAX = 10;

export interface Upload {
  key: number;
  name: string;
  size: number;
  /** How much of it is there, from 0 to 1. */
  share: number;
  state: "sending" | "done" | "failed";
  /** Why it failed. */
  error: unknown;
  file: Attachment | null;
}

export type SendFile = (file: File, progress: (share: number) => void, signal: AbortSignal) => Promise<Attachment>;

/** As the server would say it. */
function tooLarge(bytesMax: number): Problem {
  return new Problem(413, "too_large", `the file has more than ${Math.floor(bytesMax / 2 ** 20)} MiB`);
}

interface Sending {
  source: File;
  stop: AbortController;
}

export class Uploads {
  readonly places = signal<ReadonlyMap<string, readonly Upload[]>>(new Map());
  private readonly sending = new Map<number, Sending>();
  private lastKey = 0;

  constructor(
    private readonly send: SendFile | null,
    /** Bytes of one file that the server takes. */
    private readonly bytesMax = Number.POSITIVE_INFINITY,
  ) {}

  of(place: string): readonly Upload[] {
    return this.places.value.get(place) ?? [];
  }

  /** Begins to upload; gives how many found no place in the message. */
  add(place: string, files: readonly File[]): number {
    if (this.send === null) return files.length;
    const taken = files.slice(0, Math.max(0, FILES_MAX - this.of(place).length));
    for (const source of taken) {
      this.lastKey += 1;
      const upload: Upload = { key: this.lastKey, name: source.name, size: source.size, share: 0, state: "sending", error: null, file: null };
      this.put(place, [...this.of(place), upload]);
      this.sending.set(upload.key, { source, stop: new AbortController() });
      void this.attempt(place, upload.key);
    }
    return files.length - taken.length;
  }

  again(place: string, key: number): void {
    const held = this.sending.get(key);
    if (held === undefined) return;
    held.stop = new AbortController();
    this.change(place, key, { state: "sending", share: 0, error: null });
    void this.attempt(place, key);
  }

  /** Stops what is under way, too. What is at the server already goes there by itself. */
  remove(place: string, key: number): void {
    this.sending.get(key)?.stop.abort();
    this.sending.delete(key);
    this.put(place, this.of(place).filter((upload) => upload.key !== key));
  }

  /** All files that are at the server, out of the composer. What failed stays, to be seen. */
  take(place: string): Attachment[] {
    const done = this.of(place).filter((upload) => upload.state === "done");
    for (const upload of done) this.sending.delete(upload.key);
    this.put(place, this.of(place).filter((upload) => upload.state !== "done"));
    return done.flatMap((upload) => upload.file ?? []);
  }

  /** Files whose message could not be begun. */
  putBack(place: string, files: readonly Attachment[]): void {
    const uploads = files.map((file): Upload => {
      this.lastKey += 1;
      return { key: this.lastKey, name: file.name, size: file.size, share: 1, state: "done", error: null, file };
    });
    this.put(place, [...uploads, ...this.of(place)].slice(0, FILES_MAX));
  }

  private async attempt(place: string, key: number): Promise<void> {
    const held = this.sending.get(key);
    if (held === undefined || this.send === null) return;
    const { signal: stopped } = held.stop;
    try {
      // Sent all the same it would be cut off on its way, without a word why.
      if (held.source.size > this.bytesMax) throw tooLarge(this.bytesMax);
      const progress = (share: number): void => this.change(place, key, { share });
      const file = await this.send(held.source, progress, stopped);
      this.change(place, key, { state: "done", share: 1, file, name: file.name, size: file.size });
    } catch (error) {
      if (!stopped.aborted) this.change(place, key, { state: "failed", error });
    }
  }

  private change(place: string, key: number, what: Partial<Upload>): void {
    const held = this.of(place);
    if (!held.some((upload) => upload.key === key)) return;
    this.put(place, held.map((upload) => (upload.key === key ? { ...upload, ...what } : upload)));
  }

  private put(place: string, uploads: readonly Upload[]): void {
    const places = new Map(this.places.value);
    if (uploads.length === 0) places.delete(place);
    else places.set(place, uploads);
    this.places.value = places;
  }
}
