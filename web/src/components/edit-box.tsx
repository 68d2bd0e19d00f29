/**
 * The text of one's own message, to be written anew in its place. It outlives its row: that goes when it is scrolled
 * out of sight.
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../wire/types";
import { words } from "../words";
import { editing, rewriting, type RowName } from "./at-work";
import { fit } from "./composer";
import { useReturnFocus } from "./return-focus";

export function EditBox({ message, row, onSave }: { message: Message; row: RowName; onSave(text: string): void }): JSX.Element {
  const held = rewriting.value?.row === row ? rewriting.value.text : null;
  const text = held ?? message.content;
  const write = (changed: string): void => void (rewriting.value = { row, text: changed });
  const area = useRef<HTMLTextAreaElement>(null);
  useReturnFocus();
  useLayoutEffect(() => {
    // Drawn anew: whoever came back to it may be doing something else.
    if (held !== null) return;
    write(message.content);
    const element = area.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useLayoutEffect(() => fit(area.current), [text]);
  const close = (): void => {
    editing.value = null;
    rewriting.value = null;
  };
  const save = (): void => {
    const changed = text.trim();
    close();
    const mayBeEmpty = message.attachments.length > 0;
    if ((changed !== "" || mayBeEmpty) && changed !== message.content) onSave(changed);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      // Only the editing ends; the thread around it stays.
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  };
  return (
    <div class="edit-box">
      <textarea ref={area} rows={1} value={text} aria-label={words.message.editLabel} onInput={(event) => write(event.currentTarget.value)} onKeyDown={key} />
      <div class="tb">
        <span class="grow" />
        <button class="btn sm quiet" type="button" onClick={close}>{words.message.cancel}</button>
        <button class="btn sm pri" type="button" onClick={save}>{words.message.save}</button>
      </div>
    </div>
  );
}
