import { describe, expect, test } from "vitest";
import { displayName } from "../src/state/people";
import { plain } from "../src/state/plain";

describe("names of others", () => {
  test("lose the marks that turn what stands beside them", () => {
    expect(plain("\u202eliame\u202c \u2067x\u2069")).toBe("liame x");
    expect(displayName({ username: "mara", full_name: "\u202eMara" })).toBe("Mara");
  });

  test("keep letters that run right to left, accents and emoji", () => {
    for (const name of ["מרה", "Zoë 🌊", "👩‍🚀 Ada"]) expect(plain(name)).toBe(name);
  });

  test("lose the marks that would lie over other lines, and keep as many as a script has", () => {
    expect(plain(`Z${"\u0334".repeat(40)}x`)).toBe(`Z${"\u0334".repeat(5)}x`);
    expect(plain("กี้ é")).toBe("กี้ é");
  });

  test("that are nothing but marks fall back to the user name", () => {
    expect(displayName({ username: "mara", full_name: "\u202e\u202e" })).toBe("mara");
  });
});
