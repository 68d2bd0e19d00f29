/**
 * One socket that keeps coming back.
 *
 * connect → `hello` → the owner resumes its channels → ready; any close → wait (backoff with
 * jitter) → connect again, until the session itself is over. Requests carry an `id` and are
 * settled by the `ack` or `error` that repeats it; a close settles them all as "outcome unknown".
 *
 * **Invariant:** every request is settled exactly once: by its answer, its deadline or the close.
 */

import { Backoff } from "./backoff";
import type { AckFrame, ErrorFrame, EventFrame, HelloFrame, ServerFrame } from "./frames";
import { Problem } from "./problem";

/** An answer that takes longer is treated as lost; sends are repeated under the same id. */
const ANSWER_DEADLINE_MS = 10_000;
/** Silence after which a connection counts as dead, in heartbeats: one may be lost on the way. */
const SILENT_HEARTBEATS = 2.5;
/** Somebody waits before the screen: a connection that does not answer for this long is given up. */
const PROBE_MS = 3_000;
const CONNECT_DEADLINE_MS = 10_000;
/** After "too many connections": another tab must close first, so asking often helps nobody. */
const CROWDED_WAIT_MS = 20_000;
/** Refused credentials in a row before the session counts as over; one may be a stale ticket. */
const REFUSALS_MAX = 2;

const enum Close {
  Policy = 1008,
  Refused = 4001,
  Revoked = 4003,
  Slow = 4008,
  Crowded = 4029,
}

export type LinkState = "connecting" | "ready" | "waiting" | "ended";

/** A request that got no `ack`. `retry` says whether the same request may still succeed. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retry: boolean,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = "Refusal";
  }

  static unknownOutcome(): Refusal {
    return new Refusal("outcome_unknown", "The connection was lost before the answer came", true);
  }
}

export interface LinkOwner {
  /** The address to connect to, with a fresh ticket. */
  address(): Promise<string>;
  hello(frame: HelloFrame): void;
  frame(frame: EventFrame): void;
  state(state: LinkState): void;
  /** The server will not take this session back. */
  ended(reason: "revoked" | "refused" | "policy", detail: string): void;
}

interface Waiting {
  resolve: (ack: AckFrame) => void;
  reject: (refusal: Refusal) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class Link {
  private socket: WebSocket | null = null;
  private readonly waiting = new Map<string, Waiting>();
  private readonly backoff = new Backoff();
  private requests = 0;
  private attempt = 0;
  private refusals = 0;
  private greeted = false;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private heartbeatTimer: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private current: LinkState = "waiting";

  constructor(private readonly owner: LinkOwner) {}

  get state(): LinkState {
    return this.current;
  }

  /** Connects now, whatever wait was going on. */
  open(): void {
    if (this.current === "ready" || this.current === "connecting") return;
    clearTimeout(this.retryTimer);
    void this.connect();
  }

  /** After a sleep, or on another network: a connection may be gone without a word, so it is asked. */
  probe(): void {
    if (this.current !== "ready") return this.open();
    const { socket } = this;
    const asked = Date.now();
    this.tell({ type: "ping" });
    setTimeout(() => {
      if (this.socket === socket && this.heardAt < asked) this.lost(0, "");
    }, PROBE_MS);
  }

  close(): void {
    this.attempt += 1;
    this.change("ended");
    this.drop();
  }

  /** Sends and waits for the answer; rejects with a `Refusal`. */
  request(frame: Record<string, unknown>): Promise<AckFrame> {
    const socket = this.socket;
    if (socket === null || !this.greeted) return Promise.reject(Refusal.unknownOutcome());
    this.requests += 1;
    const id = `r${this.requests}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(Refusal.unknownOutcome());
        // No answer for this long means that the connection is dead, or as good as.
        if (this.socket === socket) this.lost(0, "");
      }, ANSWER_DEADLINE_MS);
      this.waiting.set(id, { resolve, reject, timer });
      socket.send(JSON.stringify({ ...frame, id }));
    });
  }

  /** Sends what has no answer; lost when there is no connection. */
  tell(frame: Record<string, unknown>): void {
    if (this.greeted) this.socket?.send(JSON.stringify(frame));
  }

  private async connect(): Promise<void> {
    this.attempt += 1;
    const attempt = this.attempt;
    this.change("connecting");
    let address: string;
    try {
      address = await this.owner.address();
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof Problem && error.status === 401) {
        this.end("refused", error.message);
      } else {
        this.waitThenConnect(error instanceof Problem ? error.retryAfterMs : null);
      }
      return;
    }
    if (attempt !== this.attempt) return;
    const socket = new WebSocket(address);
    this.socket = socket;
    this.greeted = false;
    const deadline = setTimeout(() => {
      if (this.socket === socket) this.lost(0, "");
    }, CONNECT_DEADLINE_MS);
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      clearTimeout(deadline);
      this.heard(String(event.data));
    };
    socket.onclose = (event) => {
      clearTimeout(deadline);
      if (this.socket === socket) this.lost(event.code, event.reason);
    };
  }

  private heard(text: string): void {
    this.heardAt = Date.now();
    const frame = JSON.parse(text) as ServerFrame;
    switch (frame.type) {
      case "hello":
        this.greet(frame);
        return;
      case "ack":
        this.settle(frame.id, (waiting) => waiting.resolve(frame));
        return;
      case "error":
        this.settle(frame.id, (waiting) => waiting.reject(refusalOf(frame)));
        return;
      case "pong":
        return;
      default:
        this.owner.frame(frame);
    }
  }

  private greet(frame: HelloFrame): void {
    this.greeted = true;
    this.refusals = 0;
    this.backoff.reset();
    const beat = Math.max(frame.heartbeat_ms, 1_000);
    clearInterval(this.heartbeatTimer);
    this.heartbeatTimer = setInterval(() => {
      if (Date.now() - this.heardAt > beat * SILENT_HEARTBEATS) this.lost(0, "");
      else this.tell({ type: "ping" });
    }, beat);
    this.owner.hello(frame);
    this.change("ready");
  }

  private settle(id: string | number | undefined, how: (waiting: Waiting) => void): void {
    if (id === undefined) return;
    const waiting = this.waiting.get(String(id));
    if (waiting === undefined) return;
    this.waiting.delete(String(id));
    clearTimeout(waiting.timer);
    how(waiting);
  }

  private lost(code: number, reason: string): void {
    this.drop();
    if (code === Close.Revoked) return this.end("revoked", reason);
    if (code === Close.Policy) return this.end("policy", reason);
    if (code === Close.Refused) {
      this.refusals += 1;
      if (this.refusals >= REFUSALS_MAX) return this.end("refused", reason);
    }
    this.waitThenConnect(code === Close.Crowded ? CROWDED_WAIT_MS : code === Close.Slow ? 0 : null);
  }

  private drop(): void {
    clearInterval(this.heartbeatTimer);
    const socket = this.socket;
    this.socket = null;
    this.greeted = false;
    if (socket !== null) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    for (const id of [...this.waiting.keys()]) {
      this.settle(id, (waiting) => waiting.reject(Refusal.unknownOutcome()));
    }
  }

  private waitThenConnect(least: number | null): void {
    this.change("waiting");
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.connect(), Math.max(least ?? 0, this.backoff.next()));
  }

  private end(reason: "revoked" | "refused" | "policy", detail: string): void {
    this.change("ended");
    this.owner.ended(reason, detail);
  }

  private change(state: LinkState): void {
    clearTimeout(this.retryTimer);
    if (this.current === state) return;
    this.current = state;
    this.owner.state(state);
  }
}

function refusalOf(frame: ErrorFrame): Refusal {
  return new Refusal(frame.code, frame.message, frame.retry, frame.retry_after_ms ?? null);
}
