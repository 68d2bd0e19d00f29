/** One method per request about data. Loaded with the first page, because answers need a part of it. */

import type { Rest } from "../rest";
import { upload } from "../upload";
import type { Id } from "../types";
import type {
  Accepted,
  Answer,
  AuditPage,
  ChatSession,
  Connection,
  Executed,
  Job,
  Metric,
  ModelChange,
  ModelSettings,
  NewConnection,
  NewSavedQuery,
  QueryLimits,
  SavedQuery,
  Schema,
  TableChange,
  TestResult,
} from "./types";

/** A query may run for 30 s on the server and wait for its turn before. */
const QUERY_DEADLINE_MS = 60_000;
/** A database that does not answer is given up by the server after some 10 s. */
const TEST_DEADLINE_MS = 30_000;

interface List<T> {
  data: T[];
  count: number;
}

export interface AuditFilter {
  offset: number;
  limit: number;
  action?: string;
  resource_type?: string;
}

export class DataApi {
  constructor(private readonly rest: Rest) {}

  job(id: Id): Promise<Job> {
    return this.rest.call("GET", `/queries/${id}`);
  }

  answer(job: Id): Promise<Answer> {
    return this.rest.call("GET", `/queries/${job}/answer`);
  }

  approve(job: Id): Promise<Job> {
    return this.rest.call("POST", `/queries/${job}/approve`);
  }

  /** A failed question once more; the answer may be another job. */
  retry(job: Id): Promise<Job> {
    return this.rest.call("POST", `/queries/${job}/retry`);
  }

  verify(job: Id, verified: boolean): Promise<Answer> {
    return this.rest.call("POST", `/queries/${job}/verify`, { verified });
  }

  /** Questions of the organization that failed, newest first; for admins. */
  async dead(): Promise<Job[]> {
    return (await this.rest.call<List<Job>>("GET", "/queries/dead")).data;
  }

  async connections(): Promise<Connection[]> {
    return (await this.rest.call<List<Connection>>("GET", "/connections/")).data;
  }

  createConnection(connection: NewConnection): Promise<Connection> {
    return this.rest.call("POST", "/connections/", connection, { deadlineMs: TEST_DEADLINE_MS });
  }

  changeConnection(id: Id, change: Partial<NewConnection>): Promise<Connection> {
    return this.rest.call("PATCH", `/connections/${id}`, change, { deadlineMs: TEST_DEADLINE_MS });
  }

  deleteConnection(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/connections/${id}`);
  }

  testConnection(id: Id): Promise<TestResult> {
    return this.rest.call("POST", `/connections/${id}/test`, undefined, { deadlineMs: TEST_DEADLINE_MS });
  }

  /** A shop of made-up data, ready to be asked. */
  demo(): Promise<Connection> {
    return this.rest.call("POST", "/connections/demo", undefined, { deadlineMs: QUERY_DEADLINE_MS });
  }

  async uploadTable(kind: "csv" | "excel", file: File, progress: (share: number) => void): Promise<Connection> {
    const made = await upload<{ connection: Connection }>(this.rest.tokens, `/upload/${kind}`, file, progress);
    return made.connection;
  }

  schema(connection: Id): Promise<Schema> {
    return this.rest.call("GET", `/schema/${connection}`);
  }

  refreshSchema(connection: Id): Promise<unknown> {
    return this.rest.call("POST", `/schema/${connection}/refresh`);
  }

  describe(connection: Id, tables: TableChange[]): Promise<unknown> {
    return this.rest.call("PATCH", `/schema/${connection}`, { tables });
  }

  async metrics(connection: Id): Promise<Metric[]> {
    return (await this.rest.call<List<Metric>>("GET", `/metrics?connection_id=${connection}`)).data;
  }

  createMetric(metric: Pick<Metric, "connection_id" | "table" | "name" | "expression">): Promise<Metric> {
    return this.rest.call("POST", "/metrics", metric);
  }

  deleteMetric(metric: Metric): Promise<void> {
    return this.rest.call("DELETE", `/metrics/${metric.id}?connection_id=${metric.connection_id}`);
  }

  execute(connection: Id, sql: string, approve: boolean, signal: AbortSignal): Promise<Executed> {
    const body = { connection_id: connection, sql, ...(approve ? { approve } : {}) };
    return this.rest.call("POST", "/query/execute", body, { deadlineMs: QUERY_DEADLINE_MS, signal });
  }

  async saved(): Promise<SavedQuery[]> {
    return (await this.rest.call<List<SavedQuery>>("GET", "/query/saved")).data;
  }

  save(query: NewSavedQuery): Promise<SavedQuery> {
    return this.rest.call("POST", "/query/saved", query);
  }

  changeSaved(id: Id, change: Partial<NewSavedQuery>): Promise<SavedQuery> {
    return this.rest.call("PATCH", `/query/saved/${id}`, change);
  }

  deleteSaved(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/query/saved/${id}`);
  }

  /** Asks in private; without a session a new one begins. */
  askAlone(message: string, connection: Id | null, session: Id | null): Promise<Accepted> {
    return this.rest.call("POST", "/chat/message", {
      message,
      wait: false,
      ...(connection === null ? {} : { connection_id: connection }),
      ...(session === null ? {} : { session_id: session }),
    });
  }

  async sessions(): Promise<ChatSession[]> {
    return (await this.rest.call<List<ChatSession>>("GET", "/chat/sessions")).data;
  }

  changeSession(id: Id, change: { title?: string; is_pinned?: boolean }): Promise<unknown> {
    return this.rest.call("PATCH", `/chat/sessions/${id}`, change);
  }

  deleteSession(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/chat/sessions/${id}`);
  }

  model(): Promise<ModelSettings> {
    return this.rest.call("GET", "/settings/model");
  }

  changeModel(change: ModelChange): Promise<ModelSettings> {
    return this.rest.call("PUT", "/settings/model", change);
  }

  testModel(): Promise<TestResult> {
    return this.rest.call("POST", "/settings/model/test", undefined, { deadlineMs: QUERY_DEADLINE_MS });
  }

  limits(): Promise<QueryLimits> {
    return this.rest.call("GET", "/settings/query-limits");
  }

  changeLimits(limits: QueryLimits): Promise<QueryLimits> {
    return this.rest.call("PUT", "/settings/query-limits", limits);
  }

  audit({ offset, limit, action, resource_type }: AuditFilter): Promise<AuditPage> {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    if (action) query.set("action", action);
    if (resource_type) query.set("resource_type", resource_type);
    return this.rest.call("GET", `/audit/?${query}`);
  }
}
