/** Coming back from another server's sign-in. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pickUpSignOn, signOnFailed } from "../src/state/single-sign-on";
import { Rest } from "../src/wire/rest";

const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const pair = { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 1_800 };

beforeEach(() => {
  signOnFailed.value = null;
  vi.stubGlobal("location", { hash: "#signed-in", pathname: "/", search: "" });
  vi.stubGlobal("history", { replaceState: () => undefined });
});
afterEach(() => vi.unstubAllGlobals());

const refusal = (status: number, code: string): (() => Response) => () =>
  Response.json({ code, detail: "" }, { status });

/** Comes back to a server that answers in turn; gives what was waited and whether one is in. */
async function comeBack(answers: (() => Response)[]): Promise<{ waited: number[]; isIn: boolean }> {
  const waited: number[] = [];
  const rest = new Rest(storage, async () => (answers.length > 1 ? answers.shift() : answers[0])!());
  await pickUpSignOn(rest, async (ms) => void waited.push(ms));
  return { waited, isIn: await rest.tokens.current().then(() => true, () => false) };
}

test("each refusal is told by its own reason", async () => {
  for (const [status, code, reason] of [
    [401, "invalid_token", "stale"],
    [401, "session_revoked", "switched_off"],
    [503, "unavailable", "not_answered"],
  ] as const) {
    await comeBack([refusal(status, code)]);
    expect(signOnFailed.value).toBe(reason);
  }
});

test("a server that is away for a moment is asked again", async () => {
  const away = (): Response => {
    throw new TypeError("failed to fetch");
  };
  const back = await comeBack([away, () => Response.json(pair)]);
  expect(back).toEqual({ waited: [1_000], isIn: true });
  expect(signOnFailed.value).toBeNull();
});
