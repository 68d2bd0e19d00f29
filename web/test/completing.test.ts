import { expect, test } from "vitest";
import { completed, emojiFor, peopleFor, tokenAt } from "../src/state/completing";

const MARA = { id: "1", username: "mara.veld", full_name: "Mara Veld" };
const MARTIN = { id: "2", username: "mho", full_name: "Martin Holm" };
const ZOE = { id: "3", username: "zoe", full_name: "Zoë Lindqvist" };

test("a name begins with @ at the beginning of a word", () => {
  expect(tokenAt("ask @mar", 8)).toEqual({ sign: "@", from: 4, word: "mar" });
  expect(tokenAt("@", 1)).toEqual({ sign: "@", from: 0, word: "" });
  expect(tokenAt("mail a@b", 8)).toBeNull();
  expect(tokenAt("@mar and", 8)).toBeNull();
});

test("an emoji needs two letters, and a time is none", () => {
  expect(tokenAt("well :t", 7)).toBeNull();
  expect(tokenAt("well :ta", 8)).toEqual({ sign: ":", from: 5, word: "ta" });
  expect(tokenAt("at 10:30", 8)).toBeNull();
});

test("people are found by any part of their name, whoever is near first", () => {
  const names = (word: string, near: string[] = []): string[] => peopleFor(word, [MARA, MARTIN, ZOE], new Set(near)).map((choice) => choice.name);
  expect(names("ma")).toEqual(["Mara Veld", "Martin Holm"]);
  expect(names("ma", ["2"])).toEqual(["Martin Holm", "Mara Veld"]);
  expect(names("holm")).toEqual(["Martin Holm"]);
  expect(names("zoe")).toEqual(["Zoë Lindqvist"]);
  expect(names("nobody")).toEqual([]);
});

test("the choice takes the place of what was typed, with one blank behind it", () => {
  const token = { sign: "@", from: 4, word: "mar" } as const;
  const [choice] = peopleFor("mar", [MARA], new Set());
  if (choice === undefined) throw new Error("nobody");
  expect(completed("ask @mar", 8, token, choice)).toEqual({ text: "ask @mara.veld ", caret: 15 });
  expect(completed("ask @mar today", 8, token, choice)).toEqual({ text: "ask @mara.veld today", caret: 15 });
});

test("emoji whose name begins with it come first", () => {
  expect(emojiFor("thu").map((choice) => choice.name)).toEqual(["👍", "👎"]);
  expect(emojiFor("heart")[0]?.hint).toBe(":heart:");
});

test("a group is offered by its handle and by words of its name, and keeps a place", () => {
  const groups = [{ id: "g1", handle: "on-call", name: "Night watch" }];
  const crowd = Array.from({ length: 9 }, (_, index) => ({ id: `u${index}`, username: `nina${index}` }));
  expect(peopleFor("on", [], new Set(), groups).map((choice) => choice.text)).toEqual(["@on-call "]);
  expect(peopleFor("watch", [], new Set(), groups)).toHaveLength(1);
  expect(peopleFor("x", [], new Set(), groups)).toHaveLength(0);
  const offered = peopleFor("n", crowd, new Set(), groups);
  expect(offered).toHaveLength(6);
  expect(offered.at(-1)?.key).toBe("g1");
});
