/** The text of one's own message, to be written anew in its place. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../wire/types";
import { words } from "../words";
import { editing } from "./at-work";
import { fit } from "./composer";
import { useReturnFocus } from "./return-focus";

export function EditBox({ message, onSave }: { message: Message; onSave(text: string): void }): JSX.Element {
  const [text, setText] = useState(message.content);
  const area = useRef<HTMLTextAreaElement>(null);
  useReturnFocus();
  useEffect(() => {
    const element = area.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useEffect(() => fit(area.current), [text]);
  const close = (): void => void (editing.value = null);
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
      <textarea ref={area} rows={1} value={text} aria-label={words.message.editLabel} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={key} />
      <div class="tb">
        <span class="grow" />
        <button class="btn sm quiet" type="button" onClick={close}>{words.message.cancel}</button>
        <button class="btn sm pri" type="button" onClick={save}>{words.message.save}</button>
      </div>
    </div>
  );
}
