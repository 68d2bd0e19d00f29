/**
 * Addresses of files that the browser can load by itself, which sends no token for a picture.
 *
 * Rows ask for theirs as they are drawn; what is asked for in one turn goes in one request. An address
 * counts for minutes: it is asked for anew when a row is drawn after that, or its picture did not load.
 */

import { signal } from "@preact/signals";
import type { FileLink, FileLinkList, Id } from "../wire/types";

/** Addresses of one request, as the server allows. */
const LINKS_MAX = 200;
/** An address that ends within this is as good as over. */
const MARGIN_MS = 60_000;
/** A picture that did not load is asked for once within this. */
const AGAIN_MS = 60_000;

interface Held extends FileLink {
  until: number;
}

export interface FileLinkPorts {
  ask(ids: Id[]): Promise<FileLinkList>;
  now(): number;
  /** Calls when all rows of this turn were drawn. */
  soon(what: () => void): void;
}

export class FileLinks {
  readonly held = signal<ReadonlyMap<Id, Held>>(new Map());
  private wanted = new Set<Id>();
  private readonly failedAt = new Map<Id, number>();
  private waiting: Promise<void> | null = null;

  /** Without ports, as a guest, there are none. */
  constructor(private readonly ports: FileLinkPorts | null) {}

  get(id: Id): FileLink | undefined {
    return this.held.value.get(id);
  }

  want(id: Id): void {
    if (this.ports === null || this.isFresh(id, this.ports)) return;
    this.wanted.add(id);
    void this.askSoon(this.ports);
  }

  /** An address that counts now; null when there is none to be had. */
  async fresh(id: Id): Promise<FileLink | null> {
    this.want(id);
    await this.waiting;
    return this.ports !== null && this.isFresh(id, this.ports) ? (this.get(id) ?? null) : null;
  }

  /** A picture did not load from its address; true when it will be tried once more. */
  failed(id: Id): boolean {
    if (this.ports === null) return false;
    const last = this.failedAt.get(id);
    if (last !== undefined && this.ports.now() - last < AGAIN_MS) return false;
    this.failedAt.set(id, this.ports.now());
    const held = new Map(this.held.value);
    held.delete(id);
    this.held.value = held;
    this.want(id);
    return true;
  }

  private isFresh(id: Id, ports: FileLinkPorts): boolean {
    const held = this.held.value.get(id);
    return held !== undefined && held.until - MARGIN_MS > ports.now();
  }

  private askSoon(ports: FileLinkPorts): Promise<void> {
    this.waiting ??= new Promise<void>((done) => {
      ports.soon(() => {
        const ids = [...this.wanted].slice(-LINKS_MAX);
        this.wanted = new Set();
        this.waiting = null;
        void this.ask(ports, ids).finally(done);
      });
    });
    return this.waiting;
  }

  private async ask(ports: FileLinkPorts, ids: Id[]): Promise<void> {
    // Rows show themselves without pictures until one is drawn again.
    const links = await ports.ask(ids).catch(() => null);
    if (links === null) return;
    const until = Date.parse(links.expires_at);
    const held = new Map(this.held.value);
    for (const link of links.data) held.set(link.id, { ...link, until });
    this.held.value = held;
  }
}
