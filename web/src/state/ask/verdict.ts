/** What became of SQL that a person ran, when it gave no rows. */

import { Problem } from "../../wire/problem";

export interface Verdict {
  kind: "rejected" | "failed" | "timeout" | "costly" | "other";
  message: string;
  rule: string | null;
  line: number | null;
  column: number | null;
}

const KINDS: Readonly<Record<string, Verdict["kind"]>> = {
  query_rejected: "rejected",
  query_failed: "failed",
  query_timeout: "timeout",
  approval_needed: "costly",
};

export function verdictOf(error: unknown): Verdict | null {
  if (!(error instanceof Problem)) return null;
  const kind = KINDS[error.code];
  if (kind === undefined) return null;
  const { rule, line, column } = error.more;
  return {
    kind,
    message: error.message,
    rule: typeof rule === "string" ? rule : null,
    line: whole(line),
    column: whole(column),
  };
}

function whole(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.round(value) : null;
}
