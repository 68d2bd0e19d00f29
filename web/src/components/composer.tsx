/**
 * Where one writes: grows with the text, Enter sends, the draft stays with its channel. Turned to
 * asking, by its button or by `/ask`, it sends questions to the data instead.
 */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { beginsQuestion, questionIn } from "../state/ask/slash";
import type { Id } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";
import { AskStrip } from "./ask-strip";
import { useCompletion } from "./completion";
import { Icon } from "./icon";
import { problemText } from "./problem-text";
import { useSpace } from "./space";
import { WritingButtons } from "./writing-buttons";

/** What a composer needs to ask. */
export interface AskHere {
  /** Who will see the answer, as a sentence. */
  audience: string;
  /** Nothing but questions is written here. */
  always?: boolean;
  onAsk(question: string, connection: Id | null): Promise<unknown>;
  /** Esc in an empty composer: calls off what one asked last; false when nothing is going on. */
  onCancel?(): boolean;
}

interface ComposerProps {
  /** Drafts are kept under this name for as long as the tab lives. */
  draftKey: string;
  label: string;
  action: string;
  onSend(text: string): void | Promise<void>;
  onTyping?(isTyping: boolean): void;
  ask?: AskHere | null;
  /** ArrowUp in an empty composer. */
  onEditLast?(): void;
}

/** The key that turns a composer to asking, as this system writes it. */
const SHORTCUT = typeof navigator !== "undefined" && /Mac|iP(?:hone|ad)/.test(navigator.userAgent) ? "⌘J" : "Ctrl J";

const draftName = (key: string): string => `starling.draft.${key}`;
const connectionName = (key: string): string => `starling.connection.${key}`;

export function Composer({ draftKey, label, action, ask = null, onSend, onTyping, onEditLast }: ComposerProps): JSX.Element {
  const space = useSpace();
  const [text, setText] = useState(() => sessionStorage.getItem(draftName(draftKey)) ?? "");
  const [trouble, setTrouble] = useState<string | null>(null);
  const [turned, setTurned] = useState(false);
  const [chosen, setChosen] = useState<Id | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const asks = ask !== null && (turned || ask.always === true);
  const over = [...text].length - space.limits.value.content_chars;

  useEffect(() => {
    setText(sessionStorage.getItem(draftName(draftKey)) ?? "");
    setTrouble(null);
    setTurned(false);
    setChosen(localStorage.getItem(connectionName(draftKey)));
    if (matchMedia("(hover: hover)").matches) area.current?.focus();
    return () => onTyping?.(false);
  }, [draftKey]);
  useLayoutEffect(() => fit(area.current), [text]);
  const completion = useCompletion(area, draftKey, (value) => write(value));

  const turn = (on: boolean): void => {
    setTurned(on);
    area.current?.focus();
  };
  const choose = (connection: Id | null): void => {
    setChosen(connection);
    if (connection === null) localStorage.removeItem(connectionName(draftKey));
    else localStorage.setItem(connectionName(draftKey), connection);
  };
  const write = (value: string): void => {
    if (ask !== null && !asks && beginsQuestion(value)) {
      setTurned(true);
      value = "";
    }
    setText(value);
    if (value === "") sessionStorage.removeItem(draftName(draftKey));
    else sessionStorage.setItem(draftName(draftKey), value);
    onTyping?.(value.trim() !== "");
  };
  /** A command says it by itself; in asking mode every word is a question. */
  const submit = (body: string): void | Promise<unknown> => {
    const question = questionIn(body) ?? (asks ? body : null);
    if (question === null || ask === null) return onSend(body);
    if (question === "") throw new Error(askWords.empty);
    const usable = space.asking.usable.value;
    const [only] = usable;
    const connection = usable.length === 1 ? (only?.id ?? null) : usable.some((held) => held.id === chosen) ? chosen : null;
    return ask.onAsk(question, connection);
  };
  const send = async (): Promise<void> => {
    const body = text.trim();
    if (body === "" || over > 0) return;
    write("");
    try {
      await submit(body);
      setTrouble(null);
    } catch (error) {
      setText(text);
      sessionStorage.setItem(draftName(draftKey), text);
      const why = problemText(error);
      setTrouble(asks ? askWords.notAsked(why) : words.composer.notSent(why));
    }
  };
  /** Esc calls off what one asked last, and then leaves asking. */
  const stopAsking = (): boolean => {
    if (ask?.onCancel?.() === true) return true;
    if (turned) turn(false);
    return turned;
  };
  const key = (event: KeyboardEvent): void => {
    if (completion.key(event)) return;
    // An input method uses Enter for itself while it composes.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && text === "" && stopAsking()) {
      event.preventDefault();
    } else if (event.key === "ArrowUp" && !event.altKey && text === "" && onEditLast !== undefined) {
      event.preventDefault();
      onEditLast();
    }
  };
  const problem = over > 0 ? words.composer.tooLong(over) : trouble;
  const said = asks ? askWords.toData : label;
  return (
    <form class={`comp ${asks ? "ask" : ""}`} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      {asks && <AskStrip chosen={chosen} audience={ask.audience} onChoose={choose} onStop={ask.always ? null : () => turn(false)} />}
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={said}
        placeholder={said}
        {...completion.attributes}
        onInput={(event) => {
          write(event.currentTarget.value);
          completion.look();
        }}
        onKeyDown={key}
        onKeyUp={completion.look}
        onClick={completion.look}
        onBlur={completion.leave}
      />
      {completion.list}
      <div class="tb">
        {!asks && <WritingButtons insert={completion.insert} />}
        {problem === null ? (
          <span class="grow hint keys cut">{text === "" ? "" : words.composer.keys}</span>
        ) : (
          <span class="grow hint bad" role="status">{problem}</span>
        )}
        {ask !== null && !ask.always && (
          <button class="btn sm quiet ask-toggle" type="button" aria-pressed={asks} title={askWords.mode} onClick={() => turn(!asks)}>
            <Icon name="ask" size="s" />
            {askWords.mode} <kbd>{SHORTCUT}</kbd>
          </button>
        )}
        <button class={`btn sm ${text.trim() === "" ? "" : "pri"}`} type="submit" disabled={text.trim() === "" || over > 0}>
          <Icon name="send" size="s" />
          {asks ? askWords.ask : action}
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
