import { describe, expect, it } from "vitest";
import { isShorter } from "../src/components/keeping";

describe("how long messages are kept", () => {
  it("asks again only where messages would be deleted", () => {
    expect(isShorter(30, 0)).toBe(true);
    expect(isShorter(30, 90)).toBe(true);
    expect(isShorter(0, 30)).toBe(false);
    expect(isShorter(90, 90)).toBe(false);
    expect(isShorter(0, 0)).toBe(false);
  });
});
