/** What went wrong in a request, in the server's stable words. */

export interface FieldProblem {
  field: string;
  message: string;
}

interface ProblemBody {
  detail?: unknown;
  code?: unknown;
  errors?: unknown;
  [more: string]: unknown;
}

export class Problem extends Error {
  constructor(
    /** The HTTP status; 0 when no answer came at all. */
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: FieldProblem[] = [],
    readonly retryAfterMs: number | null = null,
    /** Members that this kind of problem alone has: a refused query's `rule`, `line` and `column`. */
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static unreachable(): Problem {
    return new Problem(0, "unreachable", "The server did not answer");
  }

  static async of(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as ProblemBody;
    const wait = response.headers.get("Retry-After");
    const seconds = wait ? Number(wait) : Number.NaN;
    return new Problem(
      response.status,
      typeof body.code === "string" ? body.code : `http_${response.status}`,
      typeof body.detail === "string" ? body.detail : response.statusText,
      Array.isArray(body.errors) ? body.errors.filter(isFieldProblem) : [],
      Number.isFinite(seconds) ? seconds * 1000 : null,
      body,
    );
  }
}

function isFieldProblem(value: unknown): value is FieldProblem {
  if (typeof value !== "object" || value === null) return false;
  const { field, message } = value as Record<string, unknown>;
  return typeof field === "string" && typeof message === "string";
}
