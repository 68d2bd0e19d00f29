/** Tables and their columns as a tree: arrows walk it, Right opens, Left closes, Enter chooses. */

import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { momentName } from "../../components/moments";
import { shortNumber } from "../../state/ask/cells";
import { treeRows, type TreeRow } from "../../state/ask/tree";
import { dataWords } from "../../words/data";
import type { SchemaState } from "./use-schema";
import { locale } from "../../words/language";

const words = dataWords.schema;

interface TreeProps {
  schema: SchemaState;
  chosen: string | null;
  onChoose(table: string): void;
}

export function Tree({ schema, chosen, onChoose }: TreeProps): JSX.Element {
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => (schema.value === null ? [] : treeRows(schema.value, open, query)), [schema.value, open, query]);
  const current = rows.some((row) => row.key === at) ? at : (rows[0]?.key ?? null);
  const toggle = (name: string, on: boolean): void => {
    const next = new Set(open);
    if (on) next.add(name);
    else next.delete(name);
    setOpen(next);
  };
  const go = (index: number): void => {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (row === undefined) return;
    setAt(row.key);
    list.current?.querySelectorAll<HTMLElement>("[role=treeitem]")[rows.indexOf(row)]?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    const index = rows.findIndex((row) => row.key === current);
    const row = rows[index];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(index + 1),
      ArrowUp: () => go(index - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row.kind === "table" && !row.open ? toggle(row.key, true) : go(index + 1)),
      ArrowLeft: () => (row.kind === "table" ? toggle(row.key, false) : go(rows.findIndex((held) => held.key === row.table.table_name))),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  const choose = (row: TreeRow): void => {
    setAt(row.key);
    if (row.kind === "table") toggle(row.key, !(row.open && chosen === row.key));
    onChoose(row.table.table_name);
  };
  return (
    <nav class="tree" aria-label={words.label}>
      <input class="in sm" type="search" placeholder={words.find} aria-label={words.find} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      {schema.value !== null && rows.length === 0 && <p class="hint">{query === "" ? `${words.empty}. ${words.emptyWhy}` : words.none}</p>}
      {rows.length > 0 && (
        <ul role="tree" aria-label={words.label} ref={list} onKeyDown={key}>
          {rows.map((row) => <Item key={row.key} row={row} current={row.key === current} chosen={row.kind === "table" && row.key === chosen} onChoose={() => choose(row)} />)}
        </ul>
      )}
      <p class="hint read">
        {schema.value?.refreshed_at ? words.read(momentName(schema.value.refreshed_at)) : words.notRead}{" "}
        <button class="link" type="button" disabled={schema.refreshing} onClick={schema.refresh}>{schema.refreshing ? words.reading : words.now}</button>
      </p>
    </nav>
  );
}

interface ItemProps {
  row: TreeRow;
  current: boolean;
  chosen: boolean;
  onChoose(): void;
}

function Item({ row, current, chosen, onChoose }: ItemProps): JSX.Element {
  const enter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onChoose();
  };
  const shared = { tabIndex: current ? 0 : -1, onClick: onChoose, onKeyDown: enter };
  if (row.kind === "table") {
    const { table } = row;
    return (
      <li class="row" role="treeitem" aria-level={1} aria-expanded={row.open} aria-selected={chosen} aria-current={chosen ? "true" : undefined} title={table.description ?? table.table_name} {...shared}>
        <Icon name={row.open ? "down" : "right"} size="s" />
        <Icon name="table" />
        <span class="grow cut">{table.table_name}</span>
        <span class="t3 num">{table.row_count === null ? "" : table.row_count < 100_000 ? table.row_count.toLocaleString(locale) : shortNumber(table.row_count)}</span>
      </li>
    );
  }
  const { column } = row;
  return (
    <li class="row col" role="treeitem" aria-level={2} aria-selected={false} title={column.description ?? column.column_name} {...shared}>
      <span class="grow cut">{column.column_name}</span>
      {column.is_primary_key && <span title={words.key}><Icon name="key" size="s" /><span class="sr">{words.key}</span></span>}
      {column.is_foreign_key && <span title={words.to(column.fk_references ?? "")}><Icon name="link" size="s" /><span class="sr">{words.to(column.fk_references ?? "")}</span></span>}
      <span class="t3 cut">{column.data_type}</span>
    </li>
  );
}
