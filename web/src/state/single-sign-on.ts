/** Sign-in at another server: what the page does when the browser comes back from there. */

import { signal } from "@preact/signals";
import type { Rest } from "../wire/rest";
import type { TokenPair } from "../wire/types";

const SIGNED_IN = "#signed-in";
const FAILED = "#sign-in-failed=";

/** Why the last one failed, in the server's word; the door makes a sentence of it. */
export const signOnFailed = signal<string | null>(null);

/** Takes the tokens that wait for this browser, or the reason why there are none. */
export async function pickUpSignOn(rest: Rest): Promise<void> {
  const { hash, pathname, search } = location;
  if (hash !== SIGNED_IN && !hash.startsWith(FAILED)) return;
  history.replaceState(null, "", pathname + search);
  if (hash !== SIGNED_IN) {
    signOnFailed.value = hash.slice(FAILED.length);
    return;
  }
  try {
    rest.tokens.keep(await rest.open<TokenPair>("POST", "/auth/oidc/exchange"));
  } catch {
    signOnFailed.value = "stale";
  }
}
