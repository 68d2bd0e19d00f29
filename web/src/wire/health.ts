/** How the node that answers is doing: readiness and metrics, which are no part of the API and need no token. */

import type { Readiness } from "../state/operator";

const DEADLINE_MS = 8_000;
const UNAVAILABLE = 503;

export async function readiness(): Promise<Readiness> {
  const answer = await fetch("/ready", { signal: AbortSignal.timeout(DEADLINE_MS) });
  // Not ready is an answer too.
  if (!answer.ok && answer.status !== UNAVAILABLE) throw new Error(`status ${answer.status}`);
  const body: unknown = await answer.json();
  if (typeof body !== "object" || body === null || !("checks" in body)) throw new Error("not a readiness");
  return body as Readiness;
}

export async function metricsText(): Promise<string> {
  const answer = await fetch("/metrics", { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.text();
}
