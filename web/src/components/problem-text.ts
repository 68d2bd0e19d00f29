/** What went wrong, in the page's own words where it knows the case, in the server's where not. */

import { Problem } from "../wire/problem";
import { words } from "../words";

const TOO_MANY_STATUS = 429;

export function problemText(error: unknown): string {
  if (error instanceof Problem && error.status === TOO_MANY_STATUS) {
    const wait = error.retryAfterMs;
    return wait === null ? words.problemWaitSome : words.problemWait(Math.max(1, Math.ceil(wait / 1000)));
  }
  const known = hasCode(error) ? words.problems[error.code] : undefined;
  return known ?? sentence(error instanceof Error ? error.message : String(error));
}

function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/** The server's details begin in lower case, as parts of its logs. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}
