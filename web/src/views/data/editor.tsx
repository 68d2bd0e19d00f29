/** The SQL editor: write, run with Ctrl or ⌘ and Enter, see what came or why nothing did, save. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { offsetOf } from "../../state/ask/sql";
import { verdictOf, type Verdict } from "../../state/ask/verdict";
import type { Executed, SavedQuery } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { Code, type Spot } from "./code";
import { ExecutedView } from "./executed";
import { SaveForm } from "./saved";
import { VerdictNotice } from "./verdict";

const words = dataWords.editor;
const draftName = (connection: string): string => `starling.sql.${connection}`;
const MAC = /Mac|iP(?:hone|ad)/.test(navigator.userAgent);

interface EditorProps {
  connection: string;
  /** The saved query that is being worked on. */
  opened: SavedQuery | null;
  onSaved(query: SavedQuery): void;
  onFresh(): void;
}

export function Editor({ connection, opened, onSaved, onFresh }: EditorProps): JSX.Element {
  const { asking } = useSpace();
  const [sql, setSql] = useState(() => takeDraft(asking, connection));
  const [result, setResult] = useState<Executed | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const [saving, setSaving] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (opened !== null) write(opened.sql_text);
  }, [opened?.id]);
  const write = (text: string): void => {
    setSql(text);
    setVerdict(null);
    if (text === "") sessionStorage.removeItem(draftName(connection));
    else sessionStorage.setItem(draftName(connection), text);
  };
  const run = async (approve = false): Promise<void> => {
    if (asking.data === null || running !== null || sql.trim() === "") return;
    const control = new AbortController();
    setRunning(control);
    setError(null);
    setVerdict(null);
    try {
      setResult(await asking.data.execute(connection, sql, approve, control.signal));
    } catch (failure) {
      if (control.signal.aborted) return;
      setResult(null);
      const found = verdictOf(failure);
      if (found === null) setError(failure);
      else setVerdict(found);
    } finally {
      setRunning(null);
    }
  };
  const spot: Spot | null = verdict === null || verdict.line === null ? null : { line: verdict.line, column: verdict.column ?? 1 };
  const goTo = (): void => {
    const element = area.current;
    if (element === null || spot === null) return;
    const at = offsetOf(sql, spot.line, spot.column);
    element.focus();
    element.setSelectionRange(at, at);
  };
  const changed = opened === null ? sql.trim() !== "" : sql !== opened.sql_text;
  return (
    <section class="ed" aria-label={words.label}>
      <div class="ed-bar">
        <span class="grow cut b5">{opened?.name ?? words.fresh}{changed && <span class="t3"> · {words.unsaved}</span>}</span>
        {opened !== null && <button class="ib" type="button" aria-label={words.fresh} title={words.fresh} onClick={() => { onFresh(); write(""); setResult(null); }}><Icon name="plus" size="s" /></button>}
        <button class="btn sm" type="button" disabled={sql.trim() === "" || !changed} onClick={() => setSaving(!saving)}>{words.save}</button>
        {running === null ? (
          <button class="btn sm pri" type="button" disabled={sql.trim() === ""} onClick={() => void run()}><Icon name="play" size="s" />{words.run} <kbd>{MAC ? "⌘↵" : "Ctrl ↵"}</kbd></button>
        ) : (
          <button class="btn sm danger" type="button" onClick={() => running.abort()}><span class="spin" />{words.stop}</button>
        )}
      </div>
      {saving && <SaveForm connection={connection} sql={sql} opened={opened} onDone={(query) => { setSaving(false); if (query !== null) onSaved(query); }} />}
      <Code area={area} sql={sql} spot={spot} describedBy={verdict === null ? "sql-hint" : "verdict"} onWrite={write} onRun={() => void run()} onNextError={goTo} />
      <p class="hint" id="sql-hint">{words.hint}</p>
      <div class="ed-out" aria-busy={running !== null}>
        <Trouble error={error} />
        {verdict !== null && <VerdictNotice id="verdict" verdict={verdict} onGo={goTo} onApprove={() => void run(true)} />}
        {result !== null ? (
          <ExecutedView result={result} />
        ) : (
          verdict === null && error === null && <div class="void"><Icon name="table" size="l" /><p class="b6">{running === null ? words.nothing : words.running}</p>{running === null && <p>{words.nothingWhy}</p>}</div>
        )}
      </div>
    </section>
  );
}

/** What an answer's "Edit SQL" brought along, or what was being written here before. */
function takeDraft(asking: ReturnType<typeof useSpace>["asking"], connection: string): string {
  const draft = asking.draft.value;
  if (draft?.connection === connection) {
    asking.draft.value = null;
    return draft.sql;
  }
  return sessionStorage.getItem(draftName(connection)) ?? "";
}
