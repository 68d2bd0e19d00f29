/** Which fields each kind of connection has, and what a filled form means. */

import type { Connection, ConnectionField, ConnectionType, NewConnection } from "../../wire/data/types";

export interface FieldShape {
  name: ConnectionField;
  required?: boolean;
  kind?: "password" | "number" | "tls" | "key";
  placeholder?: string;
  /** Takes half of the row, beside its neighbour. */
  half?: boolean;
}

export const KINDS: readonly ConnectionType[] = ["postgresql", "mysql", "snowflake", "csv", "excel", "sqlite"];
export const TLS_MODES = ["verify-full", "verify-ca", "require", "prefer", "disable"] as const;

function server(port: string): FieldShape[] {
  return [
    { name: "host", required: true, placeholder: "db.example.org", half: true },
    { name: "port", kind: "number", placeholder: port, half: true },
    { name: "database_name", required: true, half: true },
    { name: "ssl_mode", kind: "tls", half: true },
    { name: "username", required: true, half: true },
    { name: "password", kind: "password", half: true },
    { name: "readonly_username", half: true },
    { name: "readonly_password", kind: "password", half: true },
  ];
}

export const FIELDS: Readonly<Record<ConnectionType, readonly FieldShape[]>> = {
  postgresql: server("5432"),
  mysql: server("3306"),
  snowflake: [
    { name: "account", required: true, placeholder: "orgname-account", half: true },
    { name: "warehouse", required: true, half: true },
    { name: "database_name", required: true, half: true },
    { name: "schema", placeholder: "PUBLIC", half: true },
    { name: "username", required: true, half: true },
    { name: "role", half: true },
    { name: "private_key", required: true, kind: "key" },
  ],
  sqlite: [{ name: "file_path", required: true, placeholder: "reports/shop.db" }],
  csv: [],
  excel: [],
};

export function isUpload(kind: ConnectionType): kind is "csv" | "excel" {
  return kind === "csv" || kind === "excel";
}

/** What was typed, as a request: empty fields are left out, so that a change keeps what is there. */
export function requestOf(kind: ConnectionType, name: string, values: ReadonlyMap<string, string>): NewConnection {
  const request: NewConnection = { name: name.trim(), type: kind };
  for (const field of FIELDS[kind]) {
    const value = (values.get(field.name) ?? "").trim();
    if (value === "") continue;
    if (field.name === "port") request.port = Number(value);
    else request[field.name] = value;
  }
  return request;
}

/** What is known of a connection, for a form that changes it; secrets are never among it. */
export function valuesOf(connection: Connection): Map<string, string> {
  const known: [ConnectionField, string | number | null | undefined][] = [
    ["host", connection.host],
    ["port", connection.port],
    ["database_name", connection.database_name],
    ["username", connection.username],
    ["ssl_mode", connection.ssl_mode],
    ["readonly_username", connection.readonly_username],
    ["account", connection.account],
    ["warehouse", connection.warehouse],
    ["schema", connection.schema],
    ["role", connection.role],
  ];
  return new Map(known.flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, String(value)] as [string, string]])));
}

/** A name from a file's name: `orders 2026.csv` is `orders 2026`. */
export function nameOfFile(file: string): string {
  return file.replace(/\.[^.]+$/, "");
}
