import { expect, test } from "vitest";
import type { OutboxEntry } from "../src/state/outbox";
import { forgetOutboxes, TabOutbox } from "../src/state/tab-outbox";

const PREFIX = "outbox.mara.";
const entry = (content: string): OutboxEntry => ({
  client_message_id: content,
  channel_id: "c1",
  thread_id: null,
  content,
  mentions: [],
  after_seq: 1,
  created_at: "2026-05-12T12:00:00.000Z",
  state: "queued",
  reason: null,
});

/** A browser: its storage and its locks, shared by pages that open and go. */
class Browser {
  readonly held = new Map<string, string>();
  private readonly queues = new Map<string, Promise<void>>();
  private readonly listeners = new Set<(key: string | null) => void>();
  private pages = 0;

  readonly storage = {
    getItem: (key: string) => this.held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      this.held.set(key, value);
      for (const listener of this.listeners) listener(key);
    },
    removeItem: (key: string) => void this.held.delete(key),
    key: (at: number) => [...this.held.keys()][at] ?? null,
    length: 0,
  };

  constructor() {
    Object.defineProperty(this.storage, "length", { get: () => this.held.size });
  }

  open(): { outbox: TabOutbox; took: string[] } {
    this.pages += 1;
    const id = `page${this.pages}`;
    const outbox = new TabOutbox(PREFIX, {
      storage: this.storage,
      locks: { request: (name: string, ...rest: unknown[]) => this.request(name, rest.at(-1) as () => unknown, rest.length > 1 ? (rest[0] as { signal: AbortSignal }).signal : null) } as unknown as LockManager,
      newId: () => id,
      onChange: (what) => {
        this.listeners.add(what);
        return () => this.listeners.delete(what);
      },
    });
    const took: string[] = [];
    const kept: OutboxEntry[] = [];
    outbox.inherit((entries) => {
      kept.push(...entries);
      took.push(...entries.map((one) => one.content));
      outbox.save(kept);
    });
    return { outbox, took };
  }

  private async request(name: string, what: () => unknown, signal: AbortSignal | null): Promise<void> {
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = before.then(() => (signal?.aborted === true ? undefined : (what() as Promise<void>)));
    this.queues.set(name, mine.catch(() => undefined));
    await mine;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("a page that is gone leaves its words to one that is there, and nothing is left behind", async () => {
  const browser = new Browser();
  const [first, second, third] = [browser.open(), browser.open(), browser.open()];
  first.outbox.save([entry("one"), entry("two")]);
  await settle();
  expect([...second.took, ...third.took]).toEqual([]);
  first.outbox.close();
  await settle();
  expect([...second.took, ...third.took]).toEqual(["one", "two"]);
  expect([...browser.held.keys()]).toHaveLength(1);
});

test("words of a browser that was closed are there when it is opened again", async () => {
  const browser = new Browser();
  browser.held.set(`${PREFIX}long gone`, JSON.stringify([entry("kept")]));
  browser.held.set(`${PREFIX}broken`, "[{");
  const page = browser.open();
  await settle();
  expect(page.took).toEqual(["kept"]);
});

test("two pages that are there never take each other's words", async () => {
  const browser = new Browser();
  const [one, other] = [browser.open(), browser.open()];
  one.outbox.save([entry("mine")]);
  other.outbox.save([entry("yours")]);
  await settle();
  expect([...one.took, ...other.took]).toEqual([]);
});

test("a sign-out leaves nothing of a person, and everything of another", () => {
  const browser = new Browser();
  for (const key of [`${PREFIX}a`, `${PREFIX}b`, "outbox.jonas.a"]) browser.held.set(key, "[]");
  forgetOutboxes(PREFIX, browser.storage);
  expect([...browser.held.keys()]).toEqual(["outbox.jonas.a"]);
});
