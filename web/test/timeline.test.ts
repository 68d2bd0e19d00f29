import { describe, expect, test } from "vitest";
import { change, deleted, edited, merge, reacted, refresh, type Timeline } from "../src/state/timeline";
import { message, ME } from "./messages";

const seqs = (list: Timeline): number[] => list.map((each) => each.seq);

/** Small, seeded, so that a failure can be run again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return items.map((item) => [next(), item] as const).sort(([a], [b]) => a - b).map(([, item]) => item);
}

describe("merge", () => {
  test("any order of arrival ends in the order of the log", () => {
    const all = Array.from({ length: 40 }, (_, index) => message(index + 1));
    for (let seed = 1; seed <= 50; seed += 1) {
      let list: Timeline = [];
      for (const one of shuffled([...all, ...all.slice(10, 20)], seed)) list = merge(list, [one]);
      expect(seqs(list), `seed ${seed}`).toEqual(seqs(all));
    }
  });

  test("the same message twice is there once", () => {
    const once = merge([], [message(1), message(2)]);
    expect(seqs(merge(once, [message(2), message(1)]))).toEqual([1, 2]);
  });

  test("a replay that is older than the edit does not bring the old words back", () => {
    const held = [message(1, { content: "new", is_edited: true, updated_at: "2026-05-12T13:00:00.000Z" })];
    expect(merge(held, [message(1, { content: "old" })])[0]?.content).toBe("new");
  });

  test("a deleted message stays deleted", () => {
    const held = [deleted(message(1))];
    expect(merge(held, [message(1)])[0]).toMatchObject({ is_deleted: true, content: "" });
  });

  test("a frame that leaves out reactions does not remove them", () => {
    const held = [message(1, { reactions: { "👍": { count: 2, users: ["a", "b"], mine: false } } })];
    expect(merge(held, [message(1)])[0]?.reactions["👍"]?.count).toBe(2);
  });

  test("a page of history does replace reactions", () => {
    const held = [message(1, { reactions: { "👍": { count: 2, users: ["a", "b"], mine: false } } })];
    expect(refresh(held, [message(1)])[0]?.reactions).toEqual({});
  });
});

describe("changes", () => {
  test("an edit changes one message and leaves the others as they are", () => {
    const list = [message(1), message(2)];
    const after = change(list, "m2", (held) => edited(held, "better", "2026-05-12T13:00:00.000Z"));
    expect(after[0]).toBe(list[0]);
    expect(after[1]).toMatchObject({ content: "better", is_edited: true });
  });

  test("a reaction reported twice counts once", () => {
    const one = reacted(message(1), "🎉", "a", true, ME);
    expect(reacted(one, "🎉", "a", true, ME)).toBe(one);
    expect(one.reactions["🎉"]).toEqual({ count: 1, users: ["a"], mine: false });
  });

  test("my reaction is mine, and taking the last one away removes the emoji", () => {
    const mine = reacted(message(1), "🎉", ME, true, ME);
    expect(mine.reactions["🎉"]?.mine).toBe(true);
    expect(reacted(mine, "🎉", ME, false, ME).reactions).toEqual({});
  });

  test("beyond the people that are listed, counting goes on", () => {
    const users = Array.from({ length: 20 }, (_, index) => `u${index}`);
    const many = message(1, { reactions: { "🎉": { count: 25, users, mine: false } } });
    expect(reacted(many, "🎉", "late", true, ME).reactions["🎉"]?.count).toBe(26);
    expect(reacted(many, "🎉", "unlisted", false, ME).reactions["🎉"]?.count).toBe(24);
  });
});
