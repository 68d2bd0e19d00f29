import { describe, expect, it } from "vitest";
import { browserName, bytesOf } from "../src/state/pushes";
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

describe("browsers that are pushed to", () => {
  it("are called what people call them", () => {
    expect(browserName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox · Linux");
    expect(browserName("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")).toBe("Chrome · Android");
    expect(browserName("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge · Windows");
    expect(browserName("something else")).toBe("something else");
  });

  it("take the server's key as bytes", () => {
    expect([...bytesOf("_-8A")]).toEqual([255, 239, 0]);
    expect(bytesOf("BP4z").length).toBe(3);
  });
});
