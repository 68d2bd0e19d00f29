/** A result as a table: sorted by its heads, its head in sight, sideways within itself. */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isNumeric, nextSorting, sortRows, writerOf, type Sorting } from "../../state/ask/cells";
import { readable } from "../../state/ask/names";
import type { Place } from "../../state/ask/numbers";
import type { Cell, Column } from "../../wire/data/types";
import { askWords } from "../../words/ask";

const words = askWords.answer;

interface TableProps {
  title: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** The names as SQL has them, for who wrote it. */
  raw?: boolean;
  /** The cell that a number in the words comes from. */
  lit?: Place | null;
}

export function ResultTable({ title, columns, rows, raw = false, lit = null }: TableProps): JSX.Element {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const holder = useRef<HTMLDivElement>(null);
  const writers = useMemo(() => columns.map((column, index) => writerOf(column, rows.map((row) => row[index] ?? null))), [columns, rows]);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  useEffect(() => {
    if (lit === null) return;
    const cell = holder.current?.querySelector<HTMLElement>("td.src");
    const box = holder.current;
    if (cell === null || cell === undefined || box === null) return;
    // Only the table moves: the conversation around it stays where it is.
    box.scrollTop = Math.max(0, cell.offsetTop - box.clientHeight / 2);
    box.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth - box.clientWidth);
  }, [lit]);
  return (
    <div class="dt-box" ref={holder} tabIndex={0} role="region" aria-label={words.table(title)}>
      <table class="dt">
        <thead>
          <tr>
            {columns.map((column, index) => {
              const by = sorting?.column === index ? sorting : null;
              return (
                <th key={index} scope="col" class={isNumeric(column) ? "n" : ""} aria-sort={by === null ? "none" : by.descending ? "descending" : "ascending"}>
                  <button type="button" title={words.sort(column.name)} onClick={() => setSorting(nextSorting(sorting, index, isNumeric(column)))}>
                    {raw ? column.name : readable(column.name)}
                    <span aria-hidden="true">{by === null ? "" : by.descending ? " ↓" : " ↑"}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ index: row, cells }) => (
            <tr key={row}>
              {columns.map((column, index) => {
                const value = cells[index] ?? null;
                const isLit = lit !== null && lit.row === row && lit.column === index;
                return (
                  <td key={index} class={`${isNumeric(column) ? "n" : ""} ${isLit ? "src" : ""}`} title={typeof value === "string" && value.length > 40 ? value : undefined}>
                    {value === null ? <span class="t3">{words.empty}</span> : writers[index]?.(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
