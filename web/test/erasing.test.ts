import { describe, expect, test } from "vitest";
import { isTyped } from "../src/components/erase";
import { displayName } from "../src/state/people";
import { renamed } from "../src/state/timeline";
import { words } from "../src/words";
import { german } from "../src/words/german";
import { message, ME } from "./messages";

const nobody = { id: "other", username: "deleted-1", full_name: "Deleted person" };

describe("erasing somebody", () => {
  test("is asked for by their name, whatever its case", () => {
    expect(isTyped(" Otto.Lang ", "otto.lang")).toBe(true);
    expect(isTyped("otto", "otto.lang")).toBe(false);
    expect(isTyped("", "otto.lang")).toBe(false);
  });

  test("shows what they wrote under no name, and nothing else", () => {
    const list = [message(1, { author_id: "other" }), message(2, { author_id: ME })];
    const [theirs, mine] = renamed(list, nobody);
    expect(theirs?.author).toEqual(nobody);
    expect(mine).toBe(list[1]);
  });

  test("leaves a name in the reader's language, which nobody else gets by calling themselves so", () => {
    expect(displayName({ username: "deleted-0123456789ab", full_name: "Deleted person" })).toBe(words.people.erased);
    expect(displayName({ username: "joker", full_name: "Deleted person" })).toBe("Deleted person");
    expect(displayName({ username: "deleted-0123456789ab", full_name: "Otto" })).toBe("Otto");
    expect(german.people.erased).not.toBe(words.people.erased);
  });

  test("changes no list that has nothing of theirs", () => {
    const list = [message(1, { author_id: ME })];
    expect(renamed(list, nobody)).toBe(list);
  });
});
