/**
 * How long to wait before the next attempt: doubling, capped, with full jitter, so that ten
 * thousand pages do not come back to a restarted server in the same instant.
 */

const FIRST_MS = 250;
const MOST_MS = 15_000;
/** A wait is never shorter, so that a server that refuses at once is not asked in a tight loop. */
const LEAST_MS = 100;

export class Backoff {
  private attempts = 0;

  constructor(private readonly random: () => number = Math.random) {}

  next(): number {
    const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** this.attempts);
    this.attempts = Math.min(this.attempts + 1, 16);
    return LEAST_MS + Math.round(this.random() * ceiling);
  }

  reset(): void {
    this.attempts = 0;
  }
}
