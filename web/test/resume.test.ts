import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Feed } from "../src/wire/feed";
import type { EventFrame, LogFrame } from "../src/wire/frames";
import { Positions } from "../src/wire/positions";
import { message } from "./messages";

const entry = (seq: number, gen = "g"): LogFrame => ({
  type: "new_message",
  channel_id: "c1",
  seq,
  gen,
  message: message(seq),
});

class Listener {
  readonly seen: number[] = [];
  readonly reloads: number[] = [];
  readonly told: Record<string, unknown>[] = [];
  caughtUpTimes = 0;
  readonly positions = new Positions();
  readonly feed = new Feed(
    this.positions,
    { tell: (frame) => this.told.push(frame) },
    {
      entry: (frame) => this.seen.push(frame.seq),
      news: () => undefined,
      reload: (_channel, headSeq) => this.reloads.push(headSeq),
      caughtUp: () => (this.caughtUpTimes += 1),
    },
  );

  receive(...frames: EventFrame[]): void {
    for (const frame of frames) this.feed.receive(frame);
  }
}

let page: Listener;
beforeEach(() => {
  vi.useFakeTimers();
  page = new Listener();
  page.positions.restart("c1", 10, "g");
});
afterEach(() => vi.useRealTimers());

describe("positions", () => {
  test("a number that came early counts once the hole is filled", () => {
    const { positions } = page;
    expect(positions.arrive("c1", 13, "g")).toBe("early");
    expect(positions.arrive("c1", 12, "g")).toBe("early");
    expect(positions.contiguous("c1")).toBe(10);
    expect(positions.arrive("c1", 11, "g")).toBe("next");
    expect(positions.contiguous("c1")).toBe(13);
    expect(positions.hasHole("c1")).toBe(false);
  });

  test("what was seen is not seen again, early or not", () => {
    const { positions } = page;
    positions.arrive("c1", 12, "g");
    expect(positions.arrive("c1", 12, "g")).toBe("seen");
    expect(positions.arrive("c1", 10, "g")).toBe("seen");
  });

  test("another generation is never mixed in", () => {
    expect(page.positions.arrive("c1", 11, "h")).toBe("other_generation");
    expect(page.positions.contiguous("c1")).toBe(10);
  });

  test("a restart keeps what came early above it", () => {
    const { positions } = page;
    positions.arrive("c1", 22, "g");
    positions.arrive("c1", 21, "g");
    positions.restart("c1", 20, "g");
    expect(positions.contiguous("c1")).toBe(22);
  });
});

describe("feed", () => {
  test("resume names the contiguous position, not the highest number seen", () => {
    page.receive(entry(11), entry(14));
    page.feed.resumeAll();
    expect(page.told).toEqual([{ type: "resume", channels: [{ channel_id: "c1", after_seq: 11, gen: "g" }] }]);
  });

  test("live frames that overtake the replay are delivered once each", () => {
    page.feed.resumeAll();
    page.receive(entry(13), entry(11), entry(12), entry(13));
    page.receive({ type: "resumed", channel_id: "c1", head_seq: 13, gen: "g" });
    expect([...page.seen].sort()).toEqual([11, 12, 13]);
    expect(page.positions.contiguous("c1")).toBe(13);
    expect(page.caughtUpTimes).toBe(1);
  });

  test("a guest's first resumed tells where the channel stands, and asks for nothing", () => {
    page.positions.drop("c1");
    page.receive({ type: "resumed", channel_id: "c1", head_seq: 7, gen: "g" }, entry(8));
    vi.advanceTimersByTime(10_000);
    expect(page.told).toEqual([]);
    expect(page.positions.of("c1")).toEqual({ channel_id: "c1", after_seq: 8, gen: "g" });
  });

  test("sends wait until every channel has resumed", () => {
    page.positions.restart("c2", 3, "g");
    page.feed.resumeAll();
    page.receive({ type: "resumed", channel_id: "c1", head_seq: 10, gen: "g" });
    expect(page.caughtUpTimes).toBe(0);
    page.receive({ type: "resync", channel_id: "c2", head_seq: 9, gen: "g" });
    expect(page.caughtUpTimes).toBe(1);
  });

  test("a channel that never answers does not hold the others for ever", () => {
    page.feed.resumeAll();
    vi.advanceTimersByTime(5_000);
    expect(page.caughtUpTimes).toBe(1);
  });

  test("resync reloads and goes on from the head", () => {
    page.receive({ type: "resync", channel_id: "c1", head_seq: 500, gen: "h" });
    expect(page.reloads).toEqual([500]);
    page.receive(entry(501, "h"));
    expect(page.positions.of("c1")).toEqual({ channel_id: "c1", after_seq: 501, gen: "h" });
  });

  test("a hole that stays is asked for, and only once at a time", () => {
    page.receive(entry(12), entry(13));
    expect(page.told).toEqual([]);
    vi.advanceTimersByTime(2_000);
    expect(page.told).toEqual([{ type: "resume", channels: [{ channel_id: "c1", after_seq: 10, gen: "g" }] }]);
  });

  test("a hole that fills by itself asks for nothing", () => {
    page.receive(entry(12), entry(11));
    vi.advanceTimersByTime(10_000);
    expect(page.told).toEqual([]);
  });

  test("a frame of another generation reloads instead of guessing", () => {
    page.receive(entry(5, "h"));
    expect(page.seen).toEqual([]);
    expect(page.reloads).toEqual([5]);
  });
});
