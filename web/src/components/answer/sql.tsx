/** SQL in colours; folded beneath an answer, with what can be done with it. */

import type { ComponentChildren, JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { layOut, lineCount, partsOf } from "../../state/ask/sql";
import { askWords } from "../../words/ask";
import { Icon } from "../icon";
import { CopyButton } from "../copy";

const words = askWords.answer;
const CLASSES = { key: "k", text: "s", number: "d", function: "f", comment: "c", plain: "" } as const;

export function SqlText({ sql }: { sql: string }): JSX.Element {
  return <>{partsOf(sql).map((part, index) => (part.kind === "plain" ? part.text : <span key={index} class={CLASSES[part.kind]}>{part.text}</span>))}</>;
}

interface FoldProps {
  sql: string;
  /** Why it is written so, in the words of its writer. */
  why?: string | undefined;
  children?: ComponentChildren;
}

export function SqlFold({ sql: written, why = "", children }: FoldProps): JSX.Element {
  const sql = useMemo(() => layOut(written), [written]);
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class="fold">
        <button class="unfold" type="button" aria-expanded={open} title={open ? words.hideSql : words.showSql} onClick={() => setOpen(!open)}>
          <Icon name={open ? "down" : "right"} size="s" />
          <b>{words.sql}</b>
          <span class="cut">{words.sqlLines(lineCount(sql))}</span>
        </button>
        <span class="grow" />
        {open && <CopyButton text={sql} />}
        {children}
      </div>
      {open && why !== "" && <p class="why">{why}</p>}
      {open && <pre class="sql" tabIndex={0} aria-label={words.sql}><SqlText sql={sql} /></pre>}
    </>
  );
}
