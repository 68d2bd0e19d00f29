/**
 * Where one writes: grows with the text, Enter sends, the draft stays with its channel. Turned to
 * asking, by its button or by `/ask`, it sends questions to the data instead.
 */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { beginsQuestion, questionIn } from "../state/ask/slash";
import type { DraftPlace } from "../state/drafts";
import { FILES_MAX } from "../state/uploads";
import type { Attachment, Id } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";
import { fileWords } from "../words/files";
import { laterWords } from "../words/later";
import { AskStrip } from "./ask-strip";
import { planning } from "./at-work";
import { AttachButton, Attaching, bringsFiles, filesIn } from "./attaching";
import { CommandList, type KeyTaker } from "./command-list";
import { useCompletion } from "./completion";
import { Icon } from "./icon";
import { problemText } from "./problem-text";
import { useSharedDraft } from "./use-shared-draft";
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
  onSend(text: string, files: readonly Attachment[]): void | Promise<void>;
  onTyping?(isTyping: boolean): void;
  ask?: AskHere | null;
  /** ArrowUp in an empty composer. */
  onEditLast?(): void;
  /** Where its words go: there they are the same on all devices, and can be sent later. */
  place?: DraftPlace | null;
}

/** The key that turns a composer to asking, as this system writes it. */
const SHORTCUT = typeof navigator !== "undefined" && /Mac|iP(?:hone|ad)/.test(navigator.userAgent) ? "⌘J" : "Ctrl J";

const draftName = (key: string): string => `starling.draft.${key}`;
const connectionName = (key: string): string => `starling.connection.${key}`;

export function Composer({ draftKey, label, action, ask = null, place = null, onSend, onTyping, onEditLast }: ComposerProps): JSX.Element {
  const space = useSpace();
  const [text, setText] = useState(() => sessionStorage.getItem(draftName(draftKey)) ?? "");
  const [trouble, setTrouble] = useState<string | null>(null);
  const [turned, setTurned] = useState(false);
  const [chosen, setChosen] = useState<Id | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = useRef(draftKey);
  shown.current = draftKey;
  const commandKeys = useRef<KeyTaker | null>(null);
  const [command, setCommand] = useState<{ list: string; option: string } | null>(null);
  const [dropping, setDropping] = useState(false);
  const uploads = space.uploads.places.value.get(draftKey) ?? [];
  const underWay = uploads.some((upload) => upload.state === "sending");
  const ready = uploads.some((upload) => upload.state === "done");
  // A question carries no files.
  const asks = ask !== null && ((turned && uploads.length === 0) || ask.always === true);
  const takesFiles = space.api !== null && ask?.always !== true;
  const mayNotSend = (text.trim() === "" && !ready) || underWay;
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
    if (ask !== null && !asks && uploads.length === 0 && beginsQuestion(value)) {
      setTurned(true);
      value = "";
    }
    setText(value);
    if (value === "") sessionStorage.removeItem(draftName(draftKey));
    else sessionStorage.setItem(draftName(draftKey), value);
    onTyping?.(value.trim() !== "");
  };
  /** A command says it by itself; in asking mode every word is a question. */
  const submit = (body: string, files: readonly Attachment[]): void | Promise<unknown> => {
    const question = files.length > 0 ? null : (questionIn(body) ?? (asks ? body : null));
    if (question === null || ask === null) return onSend(body, files);
    if (question === "") throw new Error(askWords.empty);
    const usable = space.asking.usable.value;
    const [only] = usable;
    const connection = usable.length === 1 ? (only?.id ?? null) : usable.some((held) => held.id === chosen) ? chosen : null;
    return ask.onAsk(question, connection);
  };
  const send = async (): Promise<void> => {
    const body = text.trim();
    if (mayNotSend || over > 0) return;
    write("");
    const files = space.uploads.take(draftKey);
    try {
      await submit(body, files);
      setTrouble(null);
    } catch (error) {
      space.uploads.putBack(draftKey, files);
      putBack(body);
      const why = problemText(error);
      setTrouble(asks ? askWords.notAsked(why) : words.composer.notSent(why));
    }
  };
  /** Words that did not go, before those that were written since; where one writes elsewhere by now, into their draft. */
  const putBack = (body: string): void => {
    const now = sessionStorage.getItem(draftName(draftKey)) ?? "";
    const both = now.trim() === "" ? body : `${body}\n${now}`;
    sessionStorage.setItem(draftName(draftKey), both);
    if (shown.current === draftKey) setText(both);
  };
  const attach = (files: File[]): void => {
    if (files.length === 0) return;
    setTrouble(space.uploads.add(draftKey, files) > 0 ? fileWords.tooMany(FILES_MAX) : null);
    area.current?.focus();
  };
  const paste = (event: ClipboardEvent): void => {
    const files = takesFiles ? filesIn(event.clipboardData) : [];
    if (files.length === 0) return;
    event.preventDefault();
    attach(files);
  };
  const hover = (event: DragEvent): void => {
    if (!takesFiles || !bringsFiles(event.dataTransfer)) return;
    event.preventDefault();
    setDropping(true);
  };
  const drop = (event: DragEvent): void => {
    setDropping(false);
    if (!takesFiles || !bringsFiles(event.dataTransfer)) return;
    event.preventDefault();
    attach(filesIn(event.dataTransfer));
  };
  /** Esc calls off what one asked last, and then leaves asking. */
  const stopAsking = (): boolean => {
    if (ask?.onCancel?.() === true) return true;
    if (turned) turn(false);
    return turned;
  };
  useSharedDraft(place, text, write);
  const key = (event: KeyboardEvent): void => {
    if (commandKeys.current?.(event) === true) return;
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
    <form class={`comp ${asks ? "ask" : ""} ${dropping ? "dropping" : ""}`} onSubmit={(event) => { event.preventDefault(); void send(); }} onDragOver={hover} onDragLeave={() => setDropping(false)} onDrop={drop}>
      {asks && <AskStrip chosen={chosen} audience={ask.audience} onChoose={choose} onStop={ask.always ? null : () => turn(false)} />}
      <Attaching place={draftKey} />
      {ask !== null && !asks && <CommandList text={text} keys={commandKeys} onChoice={setCommand} onPick={(picked) => { write(picked); area.current?.focus(); }} />}
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={said}
        placeholder={said}
        {...(command === null ? completion.attributes : { "aria-autocomplete": "list" as const, "aria-controls": command.list, "aria-activedescendant": command.option })}
        onInput={(event) => {
          write(event.currentTarget.value);
          completion.look();
        }}
        onKeyDown={key}
        onKeyUp={completion.look}
        onClick={completion.look}
        onBlur={completion.leave}
        onPaste={paste}
      />
      {completion.list}
      <div class="tb">
        {takesFiles && !asks && <AttachButton onFiles={attach} />}
        {!asks && <WritingButtons insert={completion.insert} />}
        {problem === null ? (
          <span class="grow hint keys cut">{dropping ? fileWords.drop : text === "" ? "" : words.composer.keys}</span>
        ) : (
          <span class="grow hint bad" role="status">{problem}</span>
        )}
        {ask !== null && !ask.always && (
          <button class="btn sm quiet ask-toggle" type="button" aria-pressed={asks} title={askWords.mode} onClick={() => turn(!asks)}>
            <Icon name="ask" size="s" />
            {askWords.mode} <kbd>{SHORTCUT}</kbd>
          </button>
        )}
        {place !== null && !asks && (
          <button class="ib" type="button" aria-label={laterWords.schedule} title={laterWords.schedule} onClick={() => (planning.value = { place, text: text.trim(), planned: () => write("") })}><Icon name="clock" size="s" /></button>
        )}
        <button class={`btn sm ${mayNotSend ? "" : "pri"}`} type="submit" disabled={mayNotSend || over > 0}>
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
