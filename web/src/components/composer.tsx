/** Where one writes: grows with the text, Enter sends, the draft stays with its channel. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./icon";
import { useSpace } from "./space";

interface ComposerProps {
  /** Drafts are kept under this name for as long as the tab lives. */
  draftKey: string;
  label: string;
  action: string;
  onSend(text: string): void | Promise<void>;
  onTyping?(isTyping: boolean): void;
  /** ArrowUp in an empty composer. */
  onEditLast?(): void;
}

const draftName = (key: string): string => `starling.draft.${key}`;

export function Composer({ draftKey, label, action, onSend, onTyping, onEditLast }: ComposerProps): JSX.Element {
  const space = useSpace();
  const [text, setText] = useState(() => sessionStorage.getItem(draftName(draftKey)) ?? "");
  const [trouble, setTrouble] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const over = [...text].length - space.limits.value.content_chars;

  useEffect(() => {
    setText(sessionStorage.getItem(draftName(draftKey)) ?? "");
    setTrouble(null);
    if (matchMedia("(hover: hover)").matches) area.current?.focus();
    return () => onTyping?.(false);
  }, [draftKey]);
  useLayoutEffect(() => fit(area.current), [text]);

  const write = (value: string): void => {
    setText(value);
    if (value === "") sessionStorage.removeItem(draftName(draftKey));
    else sessionStorage.setItem(draftName(draftKey), value);
    onTyping?.(value.trim() !== "");
  };
  const send = async (): Promise<void> => {
    const body = text.trim();
    if (body === "" || over > 0) return;
    write("");
    try {
      await onSend(body);
      setTrouble(null);
    } catch (error) {
      write(text);
      setTrouble(words.composer.notSent(error instanceof Error ? error.message : String(error)));
    }
  };
  const key = (event: KeyboardEvent): void => {
    // An input method uses Enter for itself while it composes.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    } else if (event.key === "ArrowUp" && !event.altKey && text === "" && onEditLast !== undefined) {
      event.preventDefault();
      onEditLast();
    }
  };
  const problem = over > 0 ? words.composer.tooLong(over) : trouble;
  return (
    <form class="comp" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={label}
        placeholder={label}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={key}
      />
      <div class="tb">
        {problem === null ? (
          <span class="grow hint keys cut">{text === "" ? "" : words.composer.keys}</span>
        ) : (
          <span class="grow hint bad" role="status">{problem}</span>
        )}
        <button class={`btn sm ${text.trim() === "" ? "" : "pri"}`} type="submit" disabled={text.trim() === "" || over > 0}>
          <Icon name="send" size="s" />
          {action}
        </button>
      </div>
    </form>
  );
}

/** Height follows the text; the most is set by the style sheet. Set by script, as the policy allows. */
export function fit(area: HTMLTextAreaElement | null): void {
  if (area === null) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
