/** Requests with a bearer token: one retry with a fresh token after a 401, problems as `Problem`. */

import { Problem } from "./problem";
import { Tokens, type TokenStorage } from "./tokens";
import type { TokenPair } from "./types";

const BASE = "/api/v1";
/** A request that is silent for longer is reported as unreachable, so that the page can say so. */
const REQUEST_DEADLINE_MS = 15_000;

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface Answer<T> {
  body: T;
  headers: Headers;
}

export class Rest {
  readonly tokens: Tokens;

  constructor(
    storage: TokenStorage,
    private readonly fetch: Fetch = (input, init) => globalThis.fetch(input, init),
  ) {
    this.tokens = new Tokens(storage, (token) =>
      this.open<TokenPair>("POST", "/auth/refresh", { refresh_token: token }),
    );
  }

  /** A request that needs no token: sign-in, sign-up, refresh. */
  async open<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return (await this.exchange<T>(method, path, body, null)).body;
  }

  async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return (await this.callWhole<T>(method, path, body)).body;
  }

  async callWhole<T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> {
    const token = await this.tokens.current();
    try {
      return await this.exchange<T>(method, path, body, token);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      return this.exchange<T>(method, path, body, await this.tokens.current(token));
    }
  }

  private async exchange<T>(
    method: Method,
    path: string,
    body: unknown,
    token: string | null,
  ): Promise<Answer<T>> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token !== null) headers["Authorization"] = `Bearer ${token}`;
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(REQUEST_DEADLINE_MS) };
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
