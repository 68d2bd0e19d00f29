/** One connection: what it is, how it is, who may ask it, and what can be done with it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Confirm } from "../../components/confirm";
import { Icon } from "../../components/icon";
import { momentName } from "../../components/moments";
import { problemText } from "../../components/problem-text";
import { useSpace } from "../../components/space";
import type { Access, Connection, TestResult } from "../../wire/data/types";
import { words as pageWords } from "../../words";
import { dataWords } from "../../words/data";
import { AccessChoice } from "./access";
import { ConnectionForm } from "./connection-form";
import { isUpload } from "./fields";

const words = dataWords.list;
type Open = "none" | "access" | "edit" | "remove";

export function ConnectionRow({ connection, onTrouble }: { connection: Connection; onTrouble(error: unknown): void }): JSX.Element {
  const space = useSpace();
  const { asking } = space;
  const [open, setOpen] = useState<Open>("none");
  const show = (): void => void (asking.section.value = { name: "workbench", connection: connection.id });
  // Its maker may change it too; only admins delete.
  const mayChange = asking.isAdmin || (asking.mayManage && connection.created_by_id === space.me);
  const toggle = (name: Open): void => setOpen(open === name ? "none" : name);
  const remove = (): void => {
    setOpen("none");
    asking.data?.deleteConnection(connection.id).then(() => asking.dropConnection(connection.id), onTrouble);
  };
  return (
    <li class="card">
      <div class="head">
        <Icon name={isUpload(connection.type) ? "table" : "data"} />
        <div class="grow">
          <button class="link b6" type="button" aria-label={words.open(connection.name)} onClick={show}>{connection.name}</button>
          <p class="hint">{about(connection)}</p>
        </div>
        {!connection.is_active && <span class="chip warn">{words.inactive}</span>}
        {mayChange && <Test connection={connection} />}
        {mayChange && <button class="btn sm quiet" type="button" aria-expanded={open === "access"} aria-label={words.accessOf(connection.name)} onClick={() => toggle("access")}><Icon name="shield" size="s" />{words.access}</button>}
        {mayChange && !isUpload(connection.type) && connection.type !== "sqlite" && <button class="btn sm quiet" type="button" aria-expanded={open === "edit"} onClick={() => toggle("edit")}>{pageWords.details.edit}</button>}
        {asking.isAdmin && <button class="ib" type="button" aria-label={words.removeOf(connection.name)} title={words.removeOf(connection.name)} onClick={() => toggle("remove")}><Icon name="bin" /></button>}
      </div>
      {open === "remove" && <Confirm question={words.removeSure(connection.name)} yes={words.removeYes} no={words.keep} onYes={remove} onNo={() => setOpen("none")} />}
      {open === "access" && <EditAccess connection={connection} onTrouble={onTrouble} />}
      {open === "edit" && <ConnectionForm existing={connection} onDone={(changed) => { asking.putConnection(changed); setOpen("none"); }} onCancel={() => setOpen("none")} />}
    </li>
  );
}

function about(connection: Connection): string {
  const where = connection.host ? `${connection.host}${connection.database_name ? `/${connection.database_name}` : ""}` : "";
  const who = connection.access.mode === "org" ? words.everyone : words.chosen(connection.access.user_ids.length);
  const read = connection.last_synced_at === null ? words.never : words.synced(momentName(connection.last_synced_at));
  return [dataWords.kinds[connection.type], where, who, read].filter((part) => part !== "").join(" · ");
}

function Test({ connection }: { connection: Connection }): JSX.Element {
  const { asking } = useSpace();
  const [testing, setTesting] = useState(false);
  const [result, setResult] = useState<TestResult | null>(null);
  const test = async (): Promise<void> => {
    setTesting(true);
    try {
      setResult((await asking.data?.testConnection(connection.id)) ?? null);
    } catch (error) {
      setResult({ success: false, message: problemText(error), tables_found: 0, can_write: null });
    } finally {
      setTesting(false);
    }
  };
  return (
    <>
      <span class="test" role="status">{!testing && result !== null && <TestChips result={result} />}</span>
      <button class="btn sm" type="button" disabled={testing} onClick={() => void test()}>{testing ? words.testing : words.test}</button>
    </>
  );
}

/** How a test went, with the warning that matters. */
export function TestChips({ result }: { result: TestResult }): JSX.Element {
  if (!result.success) return <span class="test-bad"><Icon name="warn" size="s" />{problemText(result.message)}</span>;
  return (
    <>
      <span class="chip good"><Icon name="check" size="s" />{words.tables(result.tables_found)}</span>
      {result.can_write === true && <span class="chip warn" title={words.canWriteWhy}><Icon name="warn" size="s" />{words.canWrite}</span>}
    </>
  );
}

function EditAccess({ connection, onTrouble }: { connection: Connection; onTrouble(error: unknown): void }): JSX.Element {
  const { asking } = useSpace();
  const change = (access: Access): void => {
    asking.data?.changeConnection(connection.id, { access }).then((changed) => asking.putConnection(changed), onTrouble);
  };
  return <AccessChoice access={connection.access} onChange={change} />;
}
