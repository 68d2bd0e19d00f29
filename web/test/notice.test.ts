import { describe, expect, it } from "vitest";
import { pathOf } from "../src/state/worker";
import { ownPath, shownOf } from "../src/sw/notice";

describe("what a push shows", () => {
  it("says who wrote where, and what", () => {
    const notice = { author: "Ada", channel: "ops", text: "@bob look", path: "/#c/m", tag: "c" };
    expect(shownOf(notice)).toEqual({ title: "Ada · #ops", body: "@bob look", tag: "c", path: "/#c/m" });
    expect(shownOf({ ...notice, channel: "" }).title).toBe("Ada");
  });

  it("shows something for whatever comes", () => {
    for (const odd of [undefined, null, 7, "text", {}, { author: 7, path: "https://elsewhere.example" }]) {
      expect(shownOf(odd)).toEqual({ title: "Starling", body: "", tag: "starling", path: "/" });
    }
  });

  it("leads nowhere but into the page", () => {
    expect(ownPath("/#c/m")).toBe("/#c/m");
    for (const odd of ["//elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example", ""]) {
      expect(ownPath(odd)).toBe("/");
    }
    expect(pathOf({ type: "open", path: "//elsewhere.example" })).toBe("/");
    expect(pathOf({ type: "cached" })).toBeNull();
  });
});
