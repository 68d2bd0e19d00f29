import { beforeEach, describe, expect, test } from "vitest";
import { choices } from "../src/components/time-choice";
import { Drafts, type DraftPlace } from "../src/state/drafts";
import { frameOf, utcOffset } from "../src/state/sending";

const HERE: DraftPlace = { channel: "c1", thread: null };

let puts: { place: DraftPlace; content: string }[];
let waits: Map<number, () => void>;
let drafts: Drafts;
const rest = (): void => {
  const due = [...waits.values()];
  waits.clear();
  due.forEach((what) => what());
};
const from = (content: string): void => drafts.changed({ channel_id: "c1", content, updated_at: "" });
const known = (): string | undefined => drafts.known.value.get("c1");

beforeEach(() => {
  puts = [];
  waits = new Map();
  let ids = 0;
  drafts = new Drafts({
    put: (place, content) => {
      puts.push({ place, content });
      return Promise.resolve();
    },
    later: (_, what) => {
      const id = (ids += 1);
      waits.set(id, what);
      return () => void waits.delete(id);
    },
  });
});

describe("drafts on all devices", () => {
  test("a sentence is one request, after a rest", () => {
    for (const words of ["a", "al", "almost"]) drafts.wrote(HERE, words);
    expect(puts).toEqual([]);
    rest();
    expect(puts).toEqual([{ place: HERE, content: "almost" }]);
  });

  test("what was sent is gone elsewhere at once", () => {
    drafts.wrote(HERE, "almost");
    rest();
    drafts.wrote(HERE, "");
    expect(puts.at(-1)?.content).toBe("");
    expect(known()).toBeUndefined();
  });

  test("words from elsewhere are shown, but never over words that wait to be sent", () => {
    from("from the phone");
    expect(known()).toBe("from the phone");
    drafts.wrote(HERE, "typed here");
    from("late from the phone");
    expect(known()).toBe("typed here");
    rest();
    from("later still");
    expect(known()).toBe("later still");
  });

  test("a start reads all, and keeps what waits", () => {
    drafts.wrote(HERE, "typed here");
    drafts.replaceAll([
      { channel_id: "c1", content: "old", updated_at: "" },
      { channel_id: "c2", thread_id: "t", content: "reply", updated_at: "" },
    ]);
    expect(known()).toBe("typed here");
    expect(drafts.known.value.get("c2.t")).toBe("reply");
  });
});

describe("times", () => {
  test("only commands carry the distance to UTC", () => {
    const entry = { client_message_id: "1", channel_id: "c", thread_id: null, content: "hi", mentions: [], after_seq: 0, created_at: "2026-05-12T12:00:00.000Z", state: "queued", reason: null } as const;
    expect(frameOf({ ...entry, mentions: [] })).not.toHaveProperty("utc_offset");
    const command = frameOf({ ...entry, mentions: [], content: "/remind me at 9 to eat" });
    expect(command["utc_offset"]).toMatch(/^[+-]\d\d:\d\d$/);
    expect(utcOffset(new Date())).toMatch(/^[+-]\d\d:\d\d$/);
  });

  test("Monday is a choice of its own unless it is tomorrow", () => {
    const keys = (at: Date): string[] => choices(at).map((choice) => choice.key);
    expect(keys(new Date(2026, 10, 20, 10))).toEqual(["hour", "tomorrow", "monday"]);
    expect(keys(new Date(2026, 10, 22, 10))).toEqual(["hour", "tomorrow"]);
    for (const choice of choices(new Date(2026, 10, 23, 8))) expect(choice.at.getTime()).toBeGreaterThan(new Date(2026, 10, 23, 8).getTime());
  });
});
