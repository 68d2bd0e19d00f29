/** A button that copies a text and says so. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askWords } from "../words/ask";
import { Icon } from "./icon";

const SAID_MS = 2_000;

export function CopyButton({ text }: { text: string }): JSX.Element {
  const [said, setSaid] = useState(false);
  const copy = async (): Promise<void> => {
    await write(text);
    setSaid(true);
    setTimeout(() => setSaid(false), SAID_MS);
  };
  return (
    <button class="btn sm quiet" type="button" onClick={() => void copy()}>
      <Icon name={said ? "check" : "copy"} size="s" />
      <span role="status">{said ? askWords.answer.copied : askWords.answer.copy}</span>
    </button>
  );
}

/** The clipboard exists in secure contexts only; elsewhere the old way still works. */
async function write(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text).catch(() => writeBySelection(text));
  writeBySelection(text);
}

function writeBySelection(text: string): void {
  const held = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  if (held instanceof HTMLElement) held.focus();
}
