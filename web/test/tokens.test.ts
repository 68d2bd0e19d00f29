import { describe, expect, test } from "vitest";
import { Backoff } from "../src/wire/backoff";
import { Problem } from "../src/wire/problem";
import { Rest } from "../src/wire/rest";

class Storage {
  readonly kept = new Map<string, string>([["starling.refresh_token", "r1"]]);
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
}

/** A server that rotates: every refresh token is good once. */
class FakeServer {
  good = "r1";
  access = "";
  refreshes = 0;
  down = false;

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    if (this.down) throw new TypeError("network");
    if (path.endsWith("/auth/refresh")) return this.refresh(JSON.parse(String(init.body)).refresh_token);
    const token = new Headers(init.headers).get("Authorization");
    if (token !== `Bearer ${this.access}`) return Response.json({ code: "token_expired", detail: "expired" }, { status: 401 });
    return Response.json({ ok: true });
  };

  private refresh(token: string): Response {
    this.refreshes += 1;
    if (token !== this.good) return Response.json({ code: "invalid_token", detail: "spent" }, { status: 401 });
    this.good = `r${this.refreshes + 1}`;
    this.access = `a${this.refreshes}`;
    return Response.json({ access_token: this.access, refresh_token: this.good, expires_in: 1800 });
  }
}

describe("tokens", () => {
  test("requests at the same moment share one refresh, for a refresh token is good once", async () => {
    const server = new FakeServer();
    const rest = new Rest(new Storage(), server.fetch);
    await Promise.all([rest.call("GET", "/a"), rest.call("GET", "/b"), rest.call("GET", "/c")]);
    expect(server.refreshes).toBe(1);
  });

  test("an access token that the server refuses is replaced and the request made again", async () => {
    const server = new FakeServer();
    const rest = new Rest(new Storage(), server.fetch);
    await rest.call("GET", "/a");
    server.access = "rotated behind our back";
    await expect(rest.call("GET", "/a")).resolves.toEqual({ ok: true });
    expect(server.refreshes).toBe(2);
  });

  test("a spent refresh token ends the session here", async () => {
    const server = new FakeServer();
    const storage = new Storage();
    server.good = "someone else has it";
    const rest = new Rest(storage, server.fetch);
    await expect(rest.call("GET", "/a")).rejects.toMatchObject({ status: 401 });
    expect(rest.tokens.signedIn).toBe(false);
  });

  test("a server that is away does not end the session", async () => {
    const server = new FakeServer();
    server.down = true;
    const rest = new Rest(new Storage(), server.fetch);
    await expect(rest.call("GET", "/a")).rejects.toBeInstanceOf(Problem);
    expect(rest.tokens.signedIn).toBe(true);
  });
});

describe("backoff", () => {
  test("waits grow, are capped, and start over after a success", () => {
    const backoff = new Backoff(() => 1);
    const waits = Array.from({ length: 10 }, () => backoff.next());
    expect(waits.slice(0, 4)).toEqual([350, 600, 1_100, 2_100]);
    expect(Math.max(...waits)).toBe(15_100);
    backoff.reset();
    expect(backoff.next()).toBe(350);
  });
});
