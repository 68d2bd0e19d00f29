/** Says that a link led to nothing that one can see; gone when it is closed or another channel is opened. */

import type { JSX } from "preact";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { words } from "../words";
import { pageWords } from "../words/page";
import { Icon } from "./icon";

export const deadLink = signal(false);

export function LinkTrouble(): JSX.Element | null {
  useEffect(() => () => void (deadLink.value = false), []);
  if (!deadLink.value) return null;
  return (
    <div class="note warn" role="status">
      <Icon name="link" size="s" />
      <span>{pageWords.message.linkGone}</span>
      <span class="grow" />
      <button class="link" type="button" onClick={() => (deadLink.value = false)}>{words.dialog.close}</button>
    </div>
  );
}
