/**
 * The outbox of one page in the browser's lasting storage, and how another page takes over what it left.
 *
 * Each page writes under a name of its own and holds a lock of that name while it lives. Every other page of
 * the same person waits for that lock: who gets it knows that the page is gone, closed or reloaded, and takes
 * its unsent words over. So words outlive the tab that they were written in, and two tabs never send the same.
 *
 * **Invariant:** what is under a name is changed only by the page that holds its lock.
 */

import type { OutboxEntry } from "./outbox";

type Keys = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
type Locks = Pick<LockManager, "request">;

export interface TabOutboxPorts {
  storage: Keys;
  locks: Locks;
  newId(): string;
  /** Tells of names that other pages write under later. */
  onChange(what: (key: string | null) => void): () => void;
}

export class TabOutbox {
  private readonly own: string;
  private readonly waitingFor = new Set<string>();
  private readonly over = new AbortController();
  private release: () => void = () => undefined;
  private deaf: () => void = () => undefined;

  constructor(
    private readonly prefix: string,
    private readonly ports: TabOutboxPorts,
  ) {
    this.own = prefix + ports.newId();
    const life = new Promise<void>((resolve) => (this.release = resolve));
    void ports.locks.request(this.own, () => life).catch(() => undefined);
  }

  save(entries: readonly OutboxEntry[]): void {
    if (entries.length === 0) return this.ports.storage.removeItem(this.own);
    try {
      this.ports.storage.setItem(this.own, JSON.stringify(entries));
    } catch {
      // A full storage: what is written is still sent as long as the page is open.
    }
  }

  /** Hands over what pages leave that are gone, now and later. */
  inherit(take: (entries: OutboxEntry[]) => void): void {
    const { storage, onChange } = this.ports;
    for (let at = 0; at < storage.length; at += 1) this.await(storage.key(at), take);
    this.deaf = onChange((key) => this.await(key, take));
  }

  close(): void {
    this.deaf();
    this.over.abort();
    this.release();
  }

  private await(key: string | null, take: (entries: OutboxEntry[]) => void): void {
    if (key === null || key === this.own || !key.startsWith(this.prefix) || this.waitingFor.has(key)) return;
    this.waitingFor.add(key);
    const { storage, locks } = this.ports;
    locks
      .request(key, { signal: this.over.signal }, () => {
        const left = entriesIn(storage.getItem(key));
        if (left.length > 0) take(left);
        storage.removeItem(key);
      })
      .catch(() => undefined)
      .finally(() => this.waitingFor.delete(key));
  }
}

/** What was stored; nothing where it cannot be read. */
export function entriesIn(text: string | null): OutboxEntry[] {
  if (text === null) return [];
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? (entries as OutboxEntry[]) : [];
  } catch {
    return [];
  }
}

/** After a sign-out nothing of it is left in the browser. */
export function forgetOutboxes(prefix: string, storage: Keys): void {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  for (const key of keys) if (key?.startsWith(prefix) === true) storage.removeItem(key);
}
