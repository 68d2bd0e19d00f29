/**
 * The page itself, for when the server does not answer: its document and the files that it names.
 *
 * The document is asked for at the server first, every time, and only where that fails or takes too long
 * the kept one is shown; so a new version is seen by the next load. Files below `assets/` have the hash of
 * their content in their name: one that is kept is never asked for again. What a version needs is kept in a
 * cache of its own, and its document is kept last.
 *
 * **Invariant:** a document is kept only when all that it names is; at most two versions are.
 */

import { assetsOf, isAsset } from "./assets";

const DOCUMENT = "starling document";
const VERSION = "starling version ";
/** Slower than this, and the kept page is shown: it says by itself that it is not connected. */
const PATIENCE_MS = 4_000;
/** A proxy's words for a server that is not there. */
const AWAY: readonly number[] = [502, 503, 504];
/** Files that a window may ask to be kept: many times what a page loads. */
const LOADED_MAX = 200;

export interface ShellPorts {
  caches: Pick<CacheStorage, "open" | "keys" | "delete" | "match">;
  fetch(input: string | Request): Promise<Response>;
  pause(ms: number): Promise<void>;
}

export class Shell {
  constructor(private readonly ports: ShellPorts) {}

  /** The document: the server's own words if they come in time. `work` goes on after the answer. */
  async page(asked: Promise<Response>, work: (more: Promise<unknown>) => void): Promise<Response> {
    const fresh = asked.then((response) => {
      if (isDocument(response)) work(this.keep(response.clone()).catch(() => undefined));
      return response;
    });
    work(fresh.catch(() => undefined));
    const first = await Promise.race([fresh.catch(() => null), this.ports.pause(PATIENCE_MS).then(() => null)]);
    if (first !== null && !AWAY.includes(first.status)) return first;
    return (await this.kept()) ?? fresh;
  }

  async asset(request: Request): Promise<Response> {
    const held = await this.ports.caches.match(request.url);
    if (held !== undefined) return held;
    const response = await this.ports.fetch(request);
    const version = await this.version();
    if (response.ok && version !== null) {
      const copy = response.clone();
      await this.ports.caches.open(version).then((cache) => cache.put(request.url, copy)).catch(() => undefined);
    }
    return response;
  }

  /** Reads the document anew: when the worker is installed. */
  async refresh(): Promise<void> {
    const response = await this.ports.fetch("/");
    if (isDocument(response)) await this.keep(response);
  }

  /** What a window had loaded before the worker was there, and will want again. */
  async keepLoaded(paths: readonly unknown[]): Promise<void> {
    const version = await this.version();
    if (version === null) return;
    const cache = await this.ports.caches.open(version);
    for (const path of paths.slice(0, LOADED_MAX)) {
      if (typeof path !== "string" || !isAsset(path) || (await this.ports.caches.match(path)) !== undefined) continue;
      await cache.add(path).catch(() => undefined);
    }
  }

  private async kept(): Promise<Response | undefined> {
    return (await this.ports.caches.open(DOCUMENT)).match("/");
  }

  private async version(): Promise<string | null> {
    const kept = await this.kept();
    return kept === undefined ? null : nameOf(await kept.text());
  }

  private async keep(response: Response): Promise<void> {
    const text = await response.clone().text();
    const before = await this.version();
    const name = nameOf(text);
    const cache = await this.ports.caches.open(name);
    for (const path of assetsOf(text)) {
      if ((await cache.match(path)) === undefined) await cache.add(path);
    }
    await (await this.ports.caches.open(DOCUMENT)).put("/", response);
    // A window may still show the version before and load a part of it.
    const wanted = new Set([name, before, DOCUMENT]);
    if (before === name) return;
    for (const held of await this.ports.caches.keys()) {
      if (held.startsWith(VERSION) && !wanted.has(held)) await this.ports.caches.delete(held);
    }
  }
}

function nameOf(document: string): string {
  return VERSION + assetsOf(document).join(" ");
}

function isDocument(response: Response): boolean {
  return response.ok && !response.redirected && (response.headers.get("Content-Type") ?? "").startsWith("text/html");
}
