import { beforeEach, describe, expect, test } from "vitest";
import { Outbox, type OutboxEntry, type OutboxPorts } from "../src/state/outbox";
import type { AckFrame } from "../src/wire/frames";
import { Refusal } from "../src/wire/link";

interface Attempt {
  entry: OutboxEntry;
  ack(): void;
  refuse(refusal: Refusal): void;
}

/** A connection whose answers the test gives, and a clock that it moves. */
class World {
  attempts: Attempt[] = [];
  stored: string[] = [];
  saved: readonly OutboxEntry[] = [];
  /** Another page is gone, and this is what it had not sent. */
  leave: (entries: OutboxEntry[]) => void = () => undefined;
  waits: { ms: number; what: () => void }[] = [];
  private ids = 0;

  readonly ports: OutboxPorts = {
    send: (entry) =>
      new Promise<AckFrame>((resolve, reject) => {
        this.attempts.push({ entry, ack: () => resolve({ type: "ack" }), refuse: reject });
      }),
    stored: (entry) => this.stored.push(entry.client_message_id),
    newId: () => `id${(this.ids += 1)}`,
    now: () => "2026-05-12T12:00:00.000Z",
    later: (ms, what) => this.waits.push({ ms, what }),
    load: () => [...this.saved],
    save: (entries) => (this.saved = entries),
    inherit: (take) => (this.leave = take),
    close: () => undefined,
  };

  get last(): Attempt {
    const attempt = this.attempts.at(-1);
    if (attempt === undefined) throw new Error("nothing was sent");
    return attempt;
  }
}

const draft = (content: string, channel = "c1", afterSeq = 7) => ({
  channel_id: channel,
  thread_id: null,
  content,
  mentions: [],
  after_seq: afterSeq,
});
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

let world: World;
let outbox: Outbox;
beforeEach(() => {
  world = new World();
  outbox = new Outbox(world.ports);
});

describe("outbox", () => {
  test("nothing is sent before the connection has caught up", () => {
    outbox.add(draft("hello"));
    expect(world.attempts).toHaveLength(0);
    outbox.start();
    expect(world.last.entry.content).toBe("hello");
  });

  test("a channel has one message in flight, so the order of writing is the order of sending", async () => {
    outbox.start();
    outbox.add(draft("one"));
    outbox.add(draft("two"));
    outbox.add(draft("elsewhere", "c2"));
    expect(world.attempts.map((each) => each.entry.content)).toEqual(["one", "elsewhere"]);
    world.attempts[0]?.ack();
    await settle();
    expect(world.attempts.map((each) => each.entry.content)).toEqual(["one", "elsewhere", "two"]);
  });

  test("a lost connection sends the same id and the same position again", async () => {
    outbox.start();
    outbox.add(draft("hello", "c1", 41));
    const first = world.last;
    outbox.pause();
    first.refuse(Refusal.unknownOutcome());
    await settle();
    outbox.start();
    expect(world.attempts).toHaveLength(2);
    expect(world.last.entry.client_message_id).toBe(first.entry.client_message_id);
    expect(world.last.entry.after_seq).toBe(41);
  });

  test("a passing refusal waits as long as the server says and keeps its turn", async () => {
    outbox.start();
    outbox.add(draft("one"));
    outbox.add(draft("two"));
    world.last.refuse(new Refusal("rate_limited", "slow down", true, 2_000));
    await settle();
    expect(world.attempts).toHaveLength(1);
    expect(world.waits[0]?.ms).toBe(2_000);
    world.waits[0]?.what();
    expect(world.attempts.map((each) => each.entry.content)).toEqual(["one", "one"]);
  });

  test("a final refusal is shown with its reason, lets the next one go, and can be tried again", async () => {
    outbox.start();
    outbox.add(draft("bad"));
    outbox.add(draft("good"));
    world.last.refuse(new Refusal("validation_failed", "too long", false));
    await settle();
    expect(outbox.entries.value[0]).toMatchObject({ state: "failed", reason: "too long" });
    expect(world.last.entry.content).toBe("good");
    world.last.ack();
    await settle();
    outbox.retry("id1");
    expect(world.last.entry).toMatchObject({ client_message_id: "id1", after_seq: 7 });
    outbox.discard("id1");
    expect(outbox.entries.value).toHaveLength(0);
  });

  test("a message that arrives before its acknowledgement ends the waiting once", async () => {
    outbox.start();
    outbox.add(draft("hello"));
    outbox.arrived("id1");
    expect(outbox.entries.value).toHaveLength(0);
    world.last.ack();
    await settle();
    expect(world.stored).toEqual([]);
  });

  test("an acknowledgement alone stores the message", async () => {
    outbox.start();
    outbox.add(draft("hello"));
    world.last.ack();
    await settle();
    expect(world.stored).toEqual(["id1"]);
    expect(outbox.entries.value).toHaveLength(0);
  });

  test("what was unsent survives a reload under the same id", () => {
    outbox.start();
    outbox.add(draft("hello", "c1", 12));
    const after = new Outbox(world.ports);
    after.start();
    expect(world.attempts).toHaveLength(2);
    expect(world.last.entry).toMatchObject({ client_message_id: "id1", after_seq: 12, content: "hello" });
  });
});

test("what another page left is sent before what was written after it, and once", async () => {
  const world = new World();
  const outbox = new Outbox(world.ports);
  const own = outbox.add(draft("written here"));
  const left: OutboxEntry = { ...own, client_message_id: "other", content: "written there", created_at: "2026-05-12T11:00:00.000Z", state: "sending" };
  world.leave([left, own]);
  expect(outbox.entries.value.map((entry) => entry.content)).toEqual(["written there", "written here"]);
  expect(world.saved).toHaveLength(2);
  outbox.start();
  await settle();
  expect(world.attempts.map((attempt) => attempt.entry.client_message_id)).toEqual(["other"]);
});
