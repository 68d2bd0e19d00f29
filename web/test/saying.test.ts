/** What the page says about problems, moments and devices. */

import { describe, expect, test } from "vitest";
import { deviceName } from "../src/components/devices";
import { momentName } from "../src/components/moments";
import { problemText } from "../src/components/problem-text";
import { Problem } from "../src/wire/problem";
import { Refusal } from "../src/wire/link";

describe("a problem", () => {
  test("is said in the page's words where its code is known", () => {
    expect(problemText(new Problem(409, "email_taken", "e-mail is taken"))).toContain("Sign in with it instead");
  });

  test("is said as the server's sentence where it is not", () => {
    expect(problemText(new Problem(403, "forbidden", "guests cannot open channels"))).toBe("Guests cannot open channels.");
  });

  test("says how long to wait, in whole seconds and at least one", () => {
    expect(problemText(new Problem(429, "rate_limited", "slow down", [], 4_200))).toContain("5 seconds");
    expect(problemText(new Problem(429, "rate_limited", "slow down", [], 10))).toContain("1 second.");
    expect(problemText(new Problem(429, "rate_limited", "slow down"))).toContain("Wait a moment");
  });

  test("of the socket has codes too", () => {
    expect(problemText(Refusal.unknownOutcome())).toContain("Look whether it happened");
  });
});

describe("a moment", () => {
  const now = new Date(2026, 4, 12, 15, 0);

  test("of today is a time, of this week a day and a time, of before a date", () => {
    expect(momentName(new Date(2026, 4, 12, 14, 2).toISOString(), now)).toBe("14:02");
    expect(momentName(new Date(2026, 4, 10, 14, 2).toISOString(), now)).toMatch(/^\p{L}+\.? 14:02$/u);
    expect(momentName(new Date(2026, 2, 3, 14, 2).toISOString(), now)).not.toContain("2026");
    expect(momentName(new Date(2025, 2, 3, 14, 2).toISOString(), now)).toContain("2025");
  });
});

describe("a device", () => {
  test("is named by the most telling part of what it says of itself", () => {
    const edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0";
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1";
    expect(deviceName(edge)).toBe("Edge on Windows");
    expect(deviceName(phone)).toBe("Safari on iOS");
    expect(deviceName("curl/8.5.0")).toBe("curl");
    expect(deviceName("")).toBe("Another program");
  });
});
