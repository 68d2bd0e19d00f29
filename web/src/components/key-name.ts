/** A key with the system's own command key, as it is written there: `⌘K`, `Ctrl K`. */

const IS_APPLE = typeof navigator !== "undefined" && /Mac|iP(?:hone|ad)/.test(navigator.userAgent);

export function keyName(letter: string): string {
  return IS_APPLE ? `⌘${letter}` : `Ctrl ${letter}`;
}
