/** One connection at work: its schema on the left, SQL in the middle, a table or saved queries on the right. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import type { SavedQuery } from "../../wire/data/types";
import { askWords } from "../../words/ask";
import { dataWords } from "../../words/data";
import { TableDetails } from "./details";
import { Editor } from "./editor";
import { DataPage } from "./page";
import { SavedList } from "./saved";
import { Tree } from "./tree";
import { useSchema } from "./use-schema";

type Side = "schema" | "editor" | "saved";
const SIDES: readonly Side[] = ["schema", "editor", "saved"];
const words = dataWords.editor;

export function Workbench({ connection: id, onBack }: { connection: string; onBack(): void }): JSX.Element {
  const { asking } = useSpace();
  const [side, setSide] = useState<Side>("editor");
  const [tableName, setTableName] = useState<string | null>(null);
  const [opened, setOpened] = useState<SavedQuery | null>(null);
  const [saves, setSaves] = useState(0);
  const schema = useSchema(id);
  useEffect(() => void asking.readConnections().catch(() => undefined), []);
  const connection = asking.connection(id);
  const table = schema.value?.tables.find((held) => held.table_name === tableName);
  const choose = (name: string): void => {
    setTableName(name);
    setSide("schema");
  };
  return (
    <DataPage
      icon="data"
      title={connection?.name ?? askWords.side.data}
      whole
      beside={connection !== undefined && <span class="t3">{dataWords.kinds[connection.type]}, {askWords.readOnly}</span>}
      actions={<button class="btn sm quiet" type="button" onClick={() => (asking.section.value = { name: "connections" })}>{dataWords.list.title}</button>}
      onBack={onBack}
    >
      <div class="seg sides">
        {SIDES.map((name) => <button key={name} type="button" aria-pressed={side === name} onClick={() => setSide(name)}>{words.tabs[name]}</button>)}
      </div>
      <div class={`lab3 show-${side}`} id="page" tabIndex={-1}>
        <Tree schema={schema} chosen={tableName} onChoose={choose} />
        <Editor connection={id} opened={opened} onSaved={(query) => { setOpened(query); setSaves(saves + 1); }} onFresh={() => setOpened(null)} />
        <aside class="det" aria-label={side === "saved" || table === undefined ? words.saved : table.table_name}>
          <Trouble error={schema.error} />
          {table !== undefined && side !== "saved" ? (
            <>
              <TableDetails key={table.table_name} connection={id} table={table} mayEdit={asking.mayManage} onChanged={schema.read} />
              <p class="det-foot"><button class="btn sm quiet" type="button" onClick={() => setSide("saved")}><Icon name="table" size="s" />{words.saved}</button></p>
            </>
          ) : (
            <SavedList connection={id} version={saves} opened={opened} onOpen={(query) => { setOpened(query); setSide("editor"); }} />
          )}
        </aside>
      </div>
    </DataPage>
  );
}
