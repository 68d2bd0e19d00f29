/** Requests that meet the limit. */

import { expect, test } from "vitest";
import { Rest } from "../src/wire/rest";

const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const signedIn = { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 1_800 };

/** Answers in turn; whatever comes after the last gets the last. */
function server(answers: Response[]): { rest: Rest; waited: number[] } {
  const waited: number[] = [];
  const fetch = async (): Promise<Response> => (answers.length > 1 ? (answers.shift() as Response) : (answers[0] as Response).clone());
  const rest = new Rest(storage, fetch, async (ms) => void waited.push(ms));
  rest.tokens.keep(signedIn);
  return { rest, waited };
}

const busy = (seconds: number): Response =>
  Response.json({ code: "rate_limited", detail: "slow down" }, { status: 429, headers: { "Retry-After": String(seconds) } });

test("a question is asked again when the server says so", async () => {
  const { rest, waited } = server([busy(1), busy(2), Response.json([1])]);
  expect(await rest.call("GET", "/channels/")).toEqual([1]);
  expect(waited).toEqual([1_000, 2_000]);
});

test("an order is never repeated by itself, and a long wait is told to the person", async () => {
  const order = server([busy(1)]);
  await expect(order.rest.call("POST", "/channels/")).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 1_000 });
  const long = server([busy(60)]);
  await expect(long.rest.call("GET", "/channels/")).rejects.toMatchObject({ retryAfterMs: 60_000 });
  expect([...order.waited, ...long.waited]).toEqual([]);
});

test("a question that stays refused is given up", async () => {
  const { rest, waited } = server([busy(1)]);
  await expect(rest.call("GET", "/channels/")).rejects.toMatchObject({ status: 429 });
  expect(waited).toEqual([1_000, 1_000]);
});
