/** What a command came to, for its author alone, until they close it or go elsewhere. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Id } from "../wire/types";
import { words } from "../words";
import { laterWords } from "../words/later";
import { Icon } from "./icon";
import { renderMarkdown } from "./markdown";
import { useSpace } from "./space";

export function CommandReply({ channel }: { channel: Id }): JSX.Element | null {
  const space = useSpace();
  const reply = space.commandReply.value;
  const close = (): void => void (space.commandReply.value = null);
  useEffect(() => close, [channel]);
  if (reply === null || reply.channel !== channel) return null;
  const html = renderMarkdown(reply.text, { me: "", version: 0, known: () => false });
  return (
    <div class="reply-note" role="status">
      <div class="grow">
        <span class="hint">{laterWords.onlyYou}</span>
        <div class="tx" dangerouslySetInnerHTML={{ __html: html }} />
      </div>
      <button class="ib" type="button" aria-label={words.dialog.close} onClick={close}><Icon name="x" size="s" /></button>
    </div>
  );
}
