/**
 * Tokens and their rotation.
 *
 * A refresh token is good for one use, and using a spent one ends the session on every device.
 * So: one refresh at a time in this tab, one at a time over all tabs (Web Locks), and the stored
 * token is read again inside the lock, because another tab may just have replaced it.
 *
 * **Invariant:** the access token is only ever in memory; the refresh token is only in storage.
 */

import { Problem } from "./problem";
import type { TokenPair } from "./types";

const STORED_AS = "starling.refresh_token";
const LOCK = "starling.refresh";
/** Refresh this long before the end, so that a request in flight does not meet an expired token. */
const EARLY_MS = 30_000;

export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type RefreshCall = (refreshToken: string) => Promise<TokenPair>;

export class Tokens {
  private access: string | null = null;
  private accessEndsAt = 0;
  private refreshing: Promise<string> | null = null;

  constructor(
    private readonly storage: TokenStorage,
    private readonly callRefresh: RefreshCall,
    private readonly now: () => number = Date.now,
  ) {}

  get signedIn(): boolean {
    return this.access !== null || this.storage.getItem(STORED_AS) !== null;
  }

  get refreshToken(): string | null {
    return this.storage.getItem(STORED_AS);
  }

  keep(pair: TokenPair): void {
    this.access = pair.access_token;
    this.accessEndsAt = this.now() + pair.expires_in * 1000;
    this.storage.setItem(STORED_AS, pair.refresh_token);
  }

  forget(): void {
    this.access = null;
    this.storage.removeItem(STORED_AS);
  }

  /** A usable access token; `spent` is one that the server just refused. */
  async current(spent: string | null = null): Promise<string> {
    const usable = this.access !== null && this.now() < this.accessEndsAt - EARLY_MS;
    if (usable && this.access !== null && this.access !== spent) return this.access;
    this.refreshing ??= this.rotate().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private rotate(): Promise<string> {
    // Locks exist in secure contexts only; elsewhere a second tab is rare enough to accept.
    const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
    if (locks === undefined) return this.rotateOnce();
    return locks.request(LOCK, () => this.rotateOnce());
  }

  private async rotateOnce(): Promise<string> {
    const token = this.storage.getItem(STORED_AS);
    if (token === null) throw new Problem(401, "invalid_token", "Not signed in");
    try {
      const pair = await this.callRefresh(token);
      this.keep(pair);
      return pair.access_token;
    } catch (error) {
      // Only a refusal ends the session; a server that is away says nothing about it.
      if (error instanceof Problem && error.status === 401) this.forget();
      throw error;
    }
  }
}
