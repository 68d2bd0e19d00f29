/** The schema as the rows of a tree, narrowed by what one looks for. */

import type { Schema, SchemaColumn, SchemaTable } from "../../wire/data/types";

export type TreeRow =
  | { kind: "table"; key: string; table: SchemaTable; open: boolean }
  | { kind: "column"; key: string; table: SchemaTable; column: SchemaColumn };

/** A word that only columns match opens their tables and shows those columns alone. */
export function treeRows(schema: Schema, open: ReadonlySet<string>, query: string): TreeRow[] {
  const wanted = query.trim().toLowerCase();
  return schema.tables.flatMap((table) => {
    const named = wanted === "" || has(table.table_name, wanted) || has(table.description, wanted);
    const hits = wanted === "" ? [] : table.columns.filter((column) => matches(column, wanted));
    if (!named && hits.length === 0) return [];
    const isOpen = open.has(table.table_name) || (!named && hits.length > 0);
    const shown = named ? table.columns : hits;
    const rows: TreeRow[] = [{ kind: "table", key: table.table_name, table, open: isOpen }];
    if (isOpen) rows.push(...shown.map((column): TreeRow => ({ kind: "column", key: `${table.table_name}.${column.column_name}`, table, column })));
    return rows;
  });
}

function matches(column: SchemaColumn, wanted: string): boolean {
  return has(column.column_name, wanted) || has(column.business_term, wanted) || has(column.description, wanted);
}

function has(text: string | null | undefined, wanted: string): boolean {
  return text?.toLowerCase().includes(wanted) ?? false;
}
