/**
 * A text area with coloured SQL behind its letters. The coloured copy gives the size, the area lies
 * over it with letters that are not painted, so that the browser's own editing does everything else.
 */

import type { JSX, RefObject } from "preact";
import { useRef } from "preact/hooks";
import { offsetOf, partsOf, wordAt, type Part } from "../../state/ask/sql";
import { dataWords } from "../../words/data";

const CLASSES = { key: "k", text: "s", number: "d", function: "f", comment: "c", plain: "" } as const;
const INDENT = "  ";

export interface Spot {
  line: number;
  column: number;
}

interface CodeProps {
  area: RefObject<HTMLTextAreaElement | null>;
  sql: string;
  /** Where the guard or the database stumbled. */
  spot: Spot | null;
  describedBy: string | undefined;
  onWrite(sql: string): void;
  onRun(): void;
  onNextError(): void;
}

export function Code({ area, sql, spot, describedBy, onWrite, onRun, onNextError }: CodeProps): JSX.Element {
  // After Esc, Tab leaves the editor instead of indenting: otherwise the keyboard is caught in it.
  const leaving = useRef(false);
  const key = (event: KeyboardEvent): void => {
    const isTab = event.key === "Tab" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onRun();
    else if (event.key === "F8") onNextError();
    else if (isTab && !leaving.current) indent(event.currentTarget as HTMLTextAreaElement, onWrite);
    else {
      leaving.current = event.key === "Escape";
      return;
    }
    event.preventDefault();
  };
  const lines = sql.split("\n").length;
  return (
    <div class="code-box">
      <div class="code">
        <ol aria-hidden="true">{Array.from({ length: lines }, (_, index) => <li key={index} class={spot?.line === index + 1 ? "hot" : ""}>{index + 1}</li>)}</ol>
        <div class="sheet">
          {spot !== null && <i class="hl" style={{ top: `calc(${spot.line - 1} * 1.375rem)` }} />}
          <pre aria-hidden="true">{paint(sql, spot)}{"\n"}</pre>
          <textarea
            ref={area}
            value={sql}
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            wrap="off"
            aria-label={dataWords.editor.sql}
            aria-invalid={spot !== null}
            aria-describedby={describedBy}
            onInput={(event) => onWrite(event.currentTarget.value)}
            onKeyDown={key}
            onBlur={() => (leaving.current = false)}
          />
        </div>
      </div>
    </div>
  );
}

function indent(area: HTMLTextAreaElement, onWrite: (sql: string) => void): void {
  area.setRangeText(INDENT, area.selectionStart, area.selectionEnd, "end");
  onWrite(area.value);
}

function paint(sql: string, spot: Spot | null): JSX.Element[] {
  const from = spot === null ? -1 : offsetOf(sql, spot.line, spot.column);
  const to = spot === null ? -1 : from + wordAt(sql, from).length;
  let at = 0;
  return partsOf(sql).flatMap((part, index) => {
    const start = at;
    at += part.text.length;
    return cut(part, start, from, to).map((piece, place) => (
      <span key={`${index} ${place}`} class={`${CLASSES[part.kind]} ${piece.marked ? "er" : ""}`}>{piece.text}</span>
    ));
  });
}

/** A part as its pieces before, inside and after what is marked. */
function cut(part: Part, start: number, from: number, to: number): { text: string; marked: boolean }[] {
  const end = start + part.text.length;
  if (from >= end || to <= start) return [{ text: part.text, marked: false }];
  const [a, b] = [Math.max(from - start, 0), Math.min(to, end) - start];
  return [
    { text: part.text.slice(0, a), marked: false },
    { text: part.text.slice(a, b), marked: true },
    { text: part.text.slice(b), marked: false },
  ].filter((piece) => piece.text !== "");
}
