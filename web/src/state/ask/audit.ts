/**
 * The audit list as it is read: a query has an entry when it starts and one when it has ended. The
 * first tells nothing more once the second is there, so it is shown only for what a crash cut off, or
 * for what still runs.
 */

import type { AuditItem } from "../../wire/data/types";

function runOf(item: AuditItem): string | null {
  const details = item.details as { run_id?: unknown } | null;
  return typeof details?.run_id === "string" ? details.run_id : null;
}

/** The entries without the starts of queries whose end is among them. */
export function withoutEndedStarts(items: AuditItem[]): AuditItem[] {
  const ended = new Set(items.filter((item) => item.action !== "query.start").map(runOf));
  ended.delete(null);
  return items.filter((item) => item.action !== "query.start" || !ended.has(runOf(item)));
}
