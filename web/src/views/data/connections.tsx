/** The connections of the organization: what is there, how it is, and the ways to have more. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import type { Connection } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { ConnectionForm } from "./connection-form";
import { ConnectionRow } from "./connection-row";
import { DataPage } from "./page";

const words = dataWords.list;

export function Connections({ onBack }: { onBack(): void }): JSX.Element {
  const { asking } = useSpace();
  const [adding, setAdding] = useState(false);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [making, setMaking] = useState(false);
  useEffect(() => void asking.readConnections(true).then(() => setError(null), setError), []);
  const connections = asking.connections.value;
  const made = (connection: Connection): void => {
    asking.putConnection(connection);
    setAdding(false);
    setSaid(dataWords.form.made(connection.name));
  };
  const demo = async (): Promise<void> => {
    setMaking(true);
    setError(null);
    try {
      const connection = await asking.data?.demo();
      if (connection !== undefined) made(connection);
    } catch (failure) {
      setError(failure);
    } finally {
      setMaking(false);
    }
  };
  const tryDemo = (
    <button class="btn" type="button" disabled={making} onClick={() => void demo()}><Icon name="play" size="s" />{making ? words.demoWorking : words.demo}</button>
  );
  const actions = (
    <>
      {asking.isAdmin && <button class="btn sm quiet" type="button" onClick={() => (asking.section.value = { name: "audit" })}><Icon name="shield" size="s" />{words.audit}</button>}
      {asking.mayManage && !adding && <button class="btn sm pri" type="button" onClick={() => setAdding(true)}><Icon name="plus" size="s" />{words.add}</button>}
    </>
  );
  return (
    <DataPage icon="data" title={dataWords.title} actions={actions} onBack={onBack}>
      <Trouble error={error} />
      <p class="said" role="status">{said}</p>
      {adding && <ConnectionForm onDone={made} onCancel={() => setAdding(false)} />}
      {connections !== null && connections.length === 0 && !adding && (
        <div class="void">
          <Icon name="data" size="l" />
          <p class="b6">{words.none}</p>
          <p>{asking.mayManage ? words.noneWhy : words.noneViewer}</p>
          {asking.mayManage && tryDemo}
        </div>
      )}
      {connections !== null && connections.length > 0 && (
        <section aria-label={words.title}>
          <ul class="cards">{connections.map((connection) => <ConnectionRow key={connection.id} connection={connection} onTrouble={setError} />)}</ul>
          {asking.mayManage && !connections.some((held) => /\bdemo\b/i.test(held.name)) && <p class="after">{tryDemo}</p>}
        </section>
      )}
    </DataPage>
  );
}
