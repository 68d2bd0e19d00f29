/** A button that copies a text and says so. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askWords } from "../words/ask";
import { writeToClipboard } from "./clipboard";
import { Icon } from "./icon";

const SAID_MS = 2_000;

export function CopyButton({ text }: { text: string }): JSX.Element {
  const [said, setSaid] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await writeToClipboard(text))) return;
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
