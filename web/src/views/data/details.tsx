/** A table and its columns, with what people say about them; edited in place. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { useFocus } from "../../components/use-focus";
import { Trouble } from "../../components/trouble";
import { plain } from "../../state/ask/cells";
import type { ColumnChange, SchemaColumn, SchemaTable } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { Metrics } from "./metrics";
import { locale } from "../../words/language";

const words = dataWords.schema;
const SAMPLES_SHOWN = 4;
const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

interface DetailsProps {
  connection: string;
  table: SchemaTable;
  mayEdit: boolean;
  onChanged(): void;
}

export function TableDetails({ connection, table, mayEdit, onChanged }: DetailsProps): JSX.Element {
  const [editing, setEditing] = useState(false);
  const [said, setSaid] = useState(false);
  const done = (saved: boolean): void => {
    setEditing(false);
    setSaid(saved);
    if (saved) onChanged();
  };
  return (
    <>
      <header class="colrow">
        <h2 class="b6">{table.table_name}</h2>
        {!editing && <p class={table.description ? "t2" : "t3"}>{table.description || table.comment || words.noDescription}</p>}
        <p class="chips">
          {table.row_count !== null && <span class="chip num">{words.rows(table.row_count.toLocaleString(locale))}</span>}
          <span class="chip">{words.columns(table.columns.length)}</span>
        </p>
      </header>
      {editing ? (
        <EditDetails connection={connection} table={table} onDone={done} />
      ) : (
        <>
          {table.columns.map((column) => <ColumnView key={column.column_name} column={column} />)}
          <Metrics connection={connection} table={table.table_name} mayEdit={mayEdit} />
          <p class="det-foot">
            {mayEdit && <button class="btn sm quiet" type="button" onClick={() => setEditing(true)}><Icon name="edit" size="s" />{words.edit}</button>}
            <span class="said" role="status">{said && words.saved}</span>
          </p>
        </>
      )}
    </>
  );
}

function ColumnView({ column }: { column: SchemaColumn }): JSX.Element {
  return (
    <div class="colrow">
      <p class="col-head">
        <code>{column.column_name}</code>
        <span class="tag">{column.data_type}</span>
        {column.is_primary_key && <span title={words.key}><Icon name="key" size="s" /><span class="sr">{words.key}</span></span>}
        {column.business_term && <span class="chip acc">{column.business_term}</span>}
      </p>
      {(column.description || column.comment) && <p class="t2">{column.description || column.comment}</p>}
      <p class="hint">{factsOf(column)}</p>
      <Examples column={column} />
    </div>
  );
}

/** Some of the values, on a line of their own: they may hold anything. */
function Examples({ column }: { column: SchemaColumn }): JSX.Element | null {
  if (column.hide_samples === true) return <p class="hint">{words.hidden}</p>;
  const samples = (column.sample_values ?? []).slice(0, SAMPLES_SHOWN);
  if (samples.length === 0) return null;
  return (
    <p class="hint examples">
      <span>{words.examples}</span>
      {samples.map((value, index) => <code key={index}>{plain(value)}</code>)}
    </p>
  );
}

/** What the values are like, in one line: where they lead, how many are missing, how many there are. */
function factsOf(column: SchemaColumn): string {
  const nulls = column.null_percentage;
  const facts = [
    column.is_foreign_key && column.fk_references ? words.to(column.fk_references) : "",
    nulls === null ? "" : nulls === 0 ? words.never : words.nulls(percent.format(nulls / 100)),
    column.distinct_count === null ? "" : words.distinct(column.distinct_count),
  ];
  const line = facts.filter((fact) => fact !== "").join(" · ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}

function EditDetails({ connection, table, onDone }: { connection: string; table: SchemaTable; onDone(saved: boolean): void }): JSX.Element {
  const { data } = useSpace().asking;
  const [error, setError] = useState<unknown>(null);
  const first = useFocus<HTMLTextAreaElement>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const description = String(form.get("description") ?? "").trim();
    const change = {
      table_name: table.table_name,
      ...(table.table_schema ? { table_schema: table.table_schema } : {}),
      ...(description === (table.description ?? "") ? {} : { description }),
      columns: table.columns.flatMap((column) => changeOf(column, form)),
    };
    data?.describe(connection, [change]).then(() => onDone(true), setError);
  };
  return (
    <form class="edit-table" onSubmit={submit}>
      <div class="colrow"><textarea class="in area" name="description" rows={2} maxLength={1_000} ref={first} aria-label={words.description(table.table_name)} placeholder={words.description(table.table_name)} defaultValue={table.description ?? ""} /></div>
      {table.columns.map((column) => (
        <div class="colrow" key={column.column_name}>
          <p class="col-head"><code>{column.column_name}</code><span class="tag">{column.data_type}</span></p>
          <input class="in sm" name={`description ${column.column_name}`} maxLength={1_000} aria-label={words.description(column.column_name)} placeholder={words.description(column.column_name)} defaultValue={column.description ?? ""} />
          <input class="in sm" name={`term ${column.column_name}`} maxLength={200} aria-label={words.term(column.column_name)} placeholder={words.termShort} defaultValue={column.business_term ?? ""} />
          <label class="check"><input type="checkbox" name={`hide ${column.column_name}`} defaultChecked={column.hide_samples === true} />{words.hideSamples}</label>
        </div>
      ))}
      <Trouble error={error} />
      <p class="det-foot">
        <button class="btn sm pri" type="submit">{words.save}</button>
        <button class="btn sm quiet" type="button" onClick={() => onDone(false)}>{words.cancel}</button>
      </p>
    </form>
  );
}

/** Only what was changed is sent: someone else may be writing about another column. */
function changeOf(column: SchemaColumn, form: FormData): ColumnChange[] {
  const value = (name: string): string => String(form.get(`${name} ${column.column_name}`) ?? "").trim();
  const hide = form.get(`hide ${column.column_name}`) !== null;
  const change: ColumnChange = { column_name: column.column_name };
  if (value("description") !== (column.description ?? "")) change.description = value("description");
  if (value("term") !== (column.business_term ?? "")) change.business_term = value("term");
  if (hide !== (column.hide_samples === true)) change.hide_samples = hide;
  return Object.keys(change).length > 1 ? [change] : [];
}
