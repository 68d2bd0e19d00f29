/** Sign-in at another server: what the page does when the browser comes back from there. */

import { signal } from "@preact/signals";
import { Problem } from "../wire/problem";
import type { Rest } from "../wire/rest";
import type { TokenPair } from "../wire/types";

const SIGNED_IN = "#signed-in";
const FAILED = "#sign-in-failed=";

/** Why the last one failed, in the server's word; the door makes a sentence of it. */
export const signOnFailed = signal<string | null>(null);

/** The sign-in waits at the server for a minute; one that could not be asked is asked again. */
const TRIES = 2;
const PAUSE_MS = 1_000;
/** Who looks at an empty page would take a longer wait for a fault. */
const PAUSE_MS_MAX = 5_000;

/** The door's word for why there are no tokens. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Problem)) return "unavailable";
  if (error.passing) return "not_answered";
  return error.code === "session_revoked" ? "switched_off" : "stale";
}

const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes the tokens that wait for this browser, or the reason why there are none. */
export async function pickUpSignOn(rest: Rest, pause = pauseFor): Promise<void> {
  const { hash, pathname, search } = location;
  if (hash !== SIGNED_IN && !hash.startsWith(FAILED)) return;
  history.replaceState(null, "", pathname + search);
  if (hash !== SIGNED_IN) {
    signOnFailed.value = hash.slice(FAILED.length);
    return;
  }
  for (let tried = 1; ; tried += 1) {
    try {
      rest.tokens.keep(await rest.open<TokenPair>("POST", "/auth/oidc/exchange"));
      return;
    } catch (error) {
      const wait = error instanceof Problem && error.passing ? (error.retryAfterMs ?? PAUSE_MS) : null;
      if (wait === null || wait > PAUSE_MS_MAX || tried >= TRIES) {
        signOnFailed.value = reasonOf(error);
        return;
      }
      await pause(wait);
    }
  }
}
