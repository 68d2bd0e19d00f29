/** The shapes of asking: connections, schemas, jobs, answers, charts, saved queries, the audit list. */

import type { Id } from "../types";

export type JobState =
  | "queued"
  | "awaiting_approval"
  | "reading_schema"
  | "writing_sql"
  | "checking"
  | "running"
  | "retrying"
  | "explaining"
  | "done"
  | "failed"
  | "rejected"
  | "cancelled";

export interface Job {
  id: Id;
  state: JobState;
  channel_id?: Id;
  thread_id: Id | null;
  message_id?: Id;
  asked_by: Id;
  question: string;
  connection_id?: Id | null;
  sql: string | null;
  answer_message_id: Id | null;
  error: string | null;
  error_code?: string | null;
  created_at: string;
  finished_at: string | null;
  timings: Partial<Record<JobState, number>>;
}

/** What a new question is answered with before it is answered. */
export interface Accepted {
  job_id: Id;
  message_id?: Id;
  thread_id?: Id | null;
  session_id?: Id;
}

/** A number that a double cannot keep travels as its digits, in a text. */
export type Cell = string | number | boolean | null;

export type ColumnKind =
  | "boolean"
  | "integer"
  | "float"
  | "decimal"
  | "text"
  | "date"
  | "time"
  | "timestamp"
  | "json"
  | "bytes"
  | "other";

export interface Column {
  name: string;
  type: ColumnKind;
}

export type ChartType = "bar" | "horizontal_bar" | "line" | "area" | "pie" | "scatter" | "kpi" | "table";

/** A chart as a closed description: nothing in it is ever executed. */
export interface ChartConfig {
  chart_type: ChartType;
  x_column: string;
  y_column?: string | null;
  y_columns?: string[];
  series_column?: string | null;
  title: string;
}

export interface Answer {
  job_id?: Id;
  query: string;
  reasoning?: string;
  sql: string;
  columns: Column[];
  query_result_preview: { columns: string[]; rows: Cell[][] };
  full_result_row_count: number;
  truncated: boolean;
  chart_config: ChartConfig | null;
  content: string;
  unchecked_numbers?: string[];
  execution_time_ms: number;
  token_usage: { input_tokens: number; output_tokens: number };
  model: string;
  cached: boolean;
  cached_at?: string | null;
  connection_id: Id | null;
  follow_ups?: string[];
  verified_by?: { id: Id; username: string; full_name?: string | null } | null;
  error_message: string | null;
  /** `cannot_answer` is no failure: the question has no answer in this data. */
  error_code?: string | null;
  created_at?: string;
}

/** In the place of an answer whose data not every reader of the channel may see. */
export interface Restricted {
  restricted: true;
  job_id: Id;
}

export type ConnectionType = "postgresql" | "mysql" | "sqlite" | "csv" | "excel" | "snowflake";

export interface Access {
  mode: "org" | "users";
  user_ids: Id[];
}

export interface Connection {
  id: Id;
  name: string;
  type: ConnectionType;
  host?: string | null;
  port?: number | null;
  database_name?: string | null;
  username?: string | null;
  ssl_mode?: string | null;
  readonly_username?: string | null;
  account?: string | null;
  warehouse?: string | null;
  schema?: string | null;
  role?: string | null;
  access: Access;
  has_password?: boolean;
  is_active: boolean;
  /** An admin has agreed to a role that could write. */
  allow_privileged?: boolean;
  last_synced_at: string | null;
  created_by_id?: Id | null;
  created_at: string;
  updated_at: string;
}

/** What a form of a connection says; fields by the contract's names, empty ones left out. */
export type NewConnection = { name: string; type: ConnectionType; access?: Access; allow_privileged?: boolean } & Partial<
  Record<Exclude<ConnectionField, "port">, string>
> & { port?: number };

export type ConnectionField =
  | "host"
  | "port"
  | "database_name"
  | "username"
  | "password"
  | "readonly_username"
  | "readonly_password"
  | "ssl_mode"
  | "file_path"
  | "account"
  | "warehouse"
  | "schema"
  | "role"
  | "private_key";

export interface TestResult {
  success: boolean;
  message: string;
  tables_found: number;
  can_write: boolean | null;
}

export interface SchemaColumn {
  column_name: string;
  data_type: string;
  is_nullable: boolean;
  is_primary_key: boolean;
  is_foreign_key: boolean;
  fk_references: string | null;
  sample_values: Cell[] | null;
  distinct_count: number | null;
  null_percentage: number | null;
  comment?: string | null;
  description: string | null;
  business_term: string | null;
  hide_samples?: boolean;
}

export interface SchemaTable {
  table_name: string;
  table_schema?: string | null;
  comment?: string | null;
  table_type: string;
  row_count: number | null;
  description: string | null;
  columns: SchemaColumn[];
}

export interface Schema {
  tables: SchemaTable[];
  refreshed_at: string | null;
  is_refreshing?: boolean;
}

/** What people say about a table and its columns. */
export interface TableChange {
  table_name: string;
  table_schema?: string;
  description?: string;
  columns?: ColumnChange[];
}

export interface ColumnChange {
  column_name: string;
  description?: string;
  business_term?: string;
  hide_samples?: boolean;
}

/** What SQL of a person gave. */
export interface Executed {
  columns: Column[];
  rows: Cell[][];
  row_count: number;
  truncated: boolean;
  execution_time_ms: number;
  cached: boolean;
  cached_at?: string | null;
  sql: string;
}

export interface SavedQuery {
  id: Id;
  name: string;
  description: string | null;
  connection_id: Id;
  sql_text: string;
  tags: string[];
  is_shared: boolean;
  created_by_id?: Id;
  created_at?: string;
  updated_at?: string;
}

export type NewSavedQuery = Pick<SavedQuery, "name" | "connection_id" | "sql_text"> &
  Partial<Pick<SavedQuery, "description" | "tags" | "is_shared">>;

/** A private conversation with the data. */
export interface ChatSession {
  id: Id;
  /** The channel with one member that it is; the session's own id where nothing else is said. */
  channel_id?: Id;
  title: string | null;
  is_pinned: boolean;
  connection_id?: Id | null;
  created_at?: string;
  updated_at?: string;
}

export interface AuditItem {
  id: Id;
  user_id: Id | null;
  action: string;
  resource_type: string;
  resource_id: string | null;
  details: unknown;
  ip_address: string | null;
  created_at: string;
}

export interface AuditPage {
  items: AuditItem[];
  total: number;
  offset: number;
  limit: number;
}

/** What the business means by a word, over one table. */
export interface Metric {
  id: Id;
  connection_id: Id;
  name: string;
  table: string;
  expression: string;
  description: string;
  created_by_id: Id;
}

export type Provider = "built_in" | "openai" | "anthropic";

/** The organization's model, without its key. */
export interface ModelSettings {
  /** Null when nobody chose: then what the operator configured counts. */
  provider: Provider | null;
  base_url: string | null;
  model: string | null;
  has_api_key: boolean;
  temperature: number;
  max_tokens_sql: number;
  max_tokens_insight: number;
  timeout_seconds: number;
  api_version: string | null;
  updated_at: string | null;
}

/** What an organization allows its questions. */
export interface QueryLimits {
  concurrent_max: number;
  /** By the database's own estimate; null: never asked. */
  approval_cost: number | null;
  cache_seconds: number;
}

export type ModelChange = Partial<Omit<ModelSettings, "has_api_key" | "updated_at" | "provider">> & {
  provider?: Provider;
  /** Write-only; an empty one is taken away. */
  api_key?: string;
};
