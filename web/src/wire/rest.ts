/** Requests with a bearer token: one retry with a fresh token after a 401, problems as `Problem`. */

import { Problem } from "./problem";
import { Tokens, type TokenStorage } from "./tokens";
import type { TokenPair } from "./types";

const BASE = "/api/v1";
/** A request that is silent for longer is reported as unreachable, so that the page can say so. */
const REQUEST_DEADLINE_MS = 15_000;

/**
 * Someone who reads quickly through many channels meets the limit of requests; a question is then
 * asked again when the server says that it may be, as long as nobody would take the wait for a fault.
 */
const PATIENCE_MS = 5_000;
const PATIENT_TRIES = 3;
const TOO_MANY = 429;

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** How one request differs from the others. */
export interface Manner {
  deadlineMs?: number;
  /** Ends the request early, as unreachable. */
  signal?: AbortSignal;
}

export interface Answer<T> {
  body: T;
  headers: Headers;
}

export class Rest {
  readonly tokens: Tokens;

  constructor(
    storage: TokenStorage,
    private readonly fetch: Fetch = (input, init) => globalThis.fetch(input, init),
    private readonly pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {
    this.tokens = new Tokens(storage, (token) =>
      this.open<TokenPair>("POST", "/auth/refresh", { refresh_token: token }),
    );
  }

  /** A request that needs no token: sign-in, sign-up, refresh. */
  async open<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return (await this.exchange<T>(method, path, body, null, {})).body;
  }

  async call<T>(method: Method, path: string, body?: unknown, manner: Manner = {}): Promise<T> {
    return (await this.callWhole<T>(method, path, body, manner)).body;
  }

  async callWhole<T>(method: Method, path: string, body?: unknown, manner: Manner = {}): Promise<Answer<T>> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.callOnce<T>(method, path, body, manner);
      } catch (error) {
        const wait = error instanceof Problem && error.status === TOO_MANY ? error.retryAfterMs : null;
        if (method !== "GET" || wait === null || wait > PATIENCE_MS || tried >= PATIENT_TRIES) throw error;
        await this.pause(wait);
      }
    }
  }

  private async callOnce<T>(method: Method, path: string, body: unknown, manner: Manner): Promise<Answer<T>> {
    const token = await this.tokens.current();
    try {
      return await this.exchange<T>(method, path, body, token, manner);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      return this.exchange<T>(method, path, body, await this.tokens.current(token), manner);
    }
  }

  private async exchange<T>(
    method: Method,
    path: string,
    body: unknown,
    token: string | null,
    manner: Manner,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    const deadline = AbortSignal.timeout(manner.deadlineMs ?? REQUEST_DEADLINE_MS);
    const signal = manner.signal === undefined ? deadline : AbortSignal.any([deadline, manner.signal]);
    const init: RequestInit = { method, headers, signal };
    if (body !== undefined) init.body = JSON.stringify(body);
    let response: Response;
    try {
      response = await this.fetch(BASE + path, init);
    } catch {
      throw Problem.unreachable();
    }
    if (!response.ok) throw await Problem.of(response);
    const text = await response.text().catch(() => {
      throw Problem.unreachable();
    });
    return { body: (text === "" ? undefined : JSON.parse(text)) as T, headers: response.headers };
  }
}
