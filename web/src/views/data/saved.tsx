/** Queries that were kept: the list beside the editor, and the form that keeps one. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Confirm } from "../../components/confirm";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { useFocus } from "../../components/use-focus";
import { Trouble } from "../../components/trouble";
import type { SavedQuery } from "../../wire/data/types";
import { dataWords } from "../../words/data";

const words = dataWords.editor;

interface ListProps {
  connection: string;
  /** Grows with every query that was kept. */
  version: number;
  opened: SavedQuery | null;
  onOpen(query: SavedQuery): void;
}

export function SavedList({ connection, version, opened, onOpen }: ListProps): JSX.Element {
  const space = useSpace();
  const { data } = space.asking;
  const [queries, setQueries] = useState<readonly SavedQuery[] | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const read = (): Promise<void> => data?.saved().then((found) => setQueries(found.filter((query) => query.connection_id === connection))) ?? Promise.resolve();
  useEffect(() => void read().then(() => setError(null), setError), [connection, version]);
  const remove = (query: SavedQuery): void => {
    setRemoving(null);
    data?.deleteSaved(query.id).then(read).catch(setError);
  };
  return (
    <div class="saved">
      <h2 class="b6">{words.saved}</h2>
      <Trouble error={error} />
      {queries?.length === 0 && <p class="hint">{words.noneSaved}</p>}
      <ul>
        {(queries ?? []).map((query) => (
          <li key={query.id} aria-current={opened?.id === query.id ? "true" : undefined}>
            <div class="head">
              <button class="link b5 cut grow" type="button" aria-label={words.open(query.name)} onClick={() => onOpen(query)}>{query.name}</button>
              {(query.created_by_id === undefined || query.created_by_id === space.me || space.asking.isAdmin) && <button class="ib" type="button" aria-label={words.remove(query.name)} title={words.remove(query.name)} onClick={() => setRemoving(query.id)}><Icon name="bin" size="s" /></button>}
            </div>
            {query.description && <p class="t2">{query.description}</p>}
            <p class="chips">
              {query.is_shared && <span class="chip good">{words.shared}</span>}
              {query.tags.map((tag) => <span key={tag} class="chip">{tag}</span>)}
            </p>
            {removing === query.id && <Confirm question={words.removeSure(query.name)} yes={dataWords.list.removeYes} no={dataWords.list.keep} onYes={() => remove(query)} onNo={() => setRemoving(null)} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface SaveProps {
  connection: string;
  sql: string;
  opened: SavedQuery | null;
  /** Null when it was given up. */
  onDone(query: SavedQuery | null): void;
}

export function SaveForm({ connection, sql, opened, onDone }: SaveProps): JSX.Element {
  const { data } = useSpace().asking;
  const [error, setError] = useState<unknown>(null);
  const first = useFocus<HTMLInputElement>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (data === null) return;
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "").trim();
    const query = {
      name: value("name"),
      description: value("description"),
      connection_id: connection,
      sql_text: sql,
      tags: tagsOf(value("tags")),
      is_shared: form.get("shared") !== null,
    };
    (opened === null ? data.save(query) : data.changeSaved(opened.id, query)).then(onDone, setError);
  };
  return (
    <form class="card form save" aria-label={words.saveTitle} onSubmit={submit}>
      <div class="pair">
        <div class="field"><label for="saved-name">{words.name}</label><input class="in" id="saved-name" name="name" required maxLength={100} ref={first} defaultValue={opened?.name ?? ""} /></div>
        <div class="field"><label for="saved-tags">{words.tags}</label><input class="in" id="saved-tags" name="tags" aria-describedby="saved-tags-hint" defaultValue={opened?.tags.join(", ") ?? ""} /><p class="hint" id="saved-tags-hint">{words.tagsHint}</p></div>
      </div>
      <div class="field"><label for="saved-description">{words.description}</label><input class="in" id="saved-description" name="description" maxLength={500} defaultValue={opened?.description ?? ""} /></div>
      <label class="check"><input type="checkbox" name="shared" defaultChecked={opened?.is_shared ?? false} />{words.share}</label>
      <Trouble error={error} />
      <div class="acts">
        <button class="btn sm quiet" type="button" onClick={() => onDone(null)}>{dataWords.form.cancel}</button>
        <button class="btn sm pri" type="submit">{opened === null ? words.save : words.update}</button>
      </div>
    </form>
  );
}

/** `Sales, weekly , sales` is two tags. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== ""))];
}
