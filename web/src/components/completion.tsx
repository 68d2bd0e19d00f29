/**
 * Help while writing: people for `@`, emoji for `:`. Arrows choose, Enter and Tab take, Esc closes; the
 * focus never leaves the text.
 */

import type { JSX, RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { completed, emojiFor, peopleFor, tokenAt, type Choice, type Token } from "../state/completing";
import type { Id } from "../wire/types";
import { pageWords } from "../words/page";
import { Avatar } from "./avatar";
import { useSpace } from "./space";

export interface Completion {
  /** Goes into the composer's frame; null while there is nothing to choose. */
  list: JSX.Element | null;
  /** What the text area says about it. */
  attributes: Readonly<Record<string, string>>;
  /** Puts a text where the caret is, as if it had been typed. */
  insert(text: string): void;
  /** Somebody went elsewhere. */
  leave(): void;
  /** Looks at the text anew: after input, and when the caret has moved. */
  look(): void;
  /** `true`: the key was for the choice, and nothing else happens. */
  key(event: KeyboardEvent): boolean;
}

export function useCompletion(area: RefObject<HTMLTextAreaElement | null>, channel: Id | null, write: (text: string) => void): Completion {
  const space = useSpace();
  const id = useId();
  const [token, setToken] = useState<Token | null>(null);
  const [at, setAt] = useState(0);
  /** Closed by Esc until another word is begun. */
  const closed = useRef<number | null>(null);
  const caretWanted = useRef<number | null>(null);
  const near = nearIn(space.people.readBy.value.get(channel ?? ""), space.peers.byChannel.value.get(channel ?? ""));
  const found = token === null ? [] : token.sign === ":" ? emojiFor(token.word) : peopleFor(token.word, [...space.people.byId.value.values()].filter((user) => user.id !== space.me), near, space.beside.groups.value);
  // Written out already: Enter sends.
  const choices = found.some((choice) => choice.hint === `@${token?.word}`) ? [] : found;
  const current = Math.min(at, Math.max(choices.length - 1, 0));
  const open = choices.length > 0;

  useLayoutEffect(() => {
    if (caretWanted.current === null) return;
    area.current?.setSelectionRange(caretWanted.current, caretWanted.current);
    caretWanted.current = null;
  });
  const look = (): void => {
    const element = area.current;
    const found = element === null || element.selectionStart !== element.selectionEnd ? null : tokenAt(element.value, element.selectionStart);
    if (found === null || found.from !== closed.current) closed.current = null;
    setToken(closed.current === null ? found : null);
    if (found?.from !== token?.from) setAt(0);
  };
  const take = (choice: Choice | undefined): void => {
    const element = area.current;
    if (element === null || token === null || choice === undefined) return;
    const done = completed(element.value, element.selectionStart, token, choice);
    caretWanted.current = done.caret;
    setToken(null);
    write(done.text);
    element.focus();
  };
  const key = (event: KeyboardEvent): boolean => {
    if (!open || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "ArrowDown") setAt((current + 1) % choices.length);
    else if (event.key === "ArrowUp") setAt((current - 1 + choices.length) % choices.length);
    else if ((event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey)) take(choices[current]);
    else if (event.key === "Escape") {
      closed.current = token?.from ?? null;
      setToken(null);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const insert = (text: string): void => {
    const element = area.current;
    if (element === null) return;
    const [from, to] = [element.selectionStart, element.selectionEnd];
    // A sign in the middle of a word would be none.
    const spaced = text === "@" && /\S$/.test(element.value.slice(0, from)) ? ` ${text}` : text;
    const value = element.value.slice(0, from) + spaced + element.value.slice(to);
    caretWanted.current = from + spaced.length;
    closed.current = null;
    setToken(tokenAt(value, from + spaced.length));
    write(value);
    element.focus();
  };
  return {
    key,
    look,
    insert,
    leave: () => setToken(null),
    attributes: open ? { "aria-autocomplete": "list", "aria-controls": `${id}-choices`, "aria-activedescendant": `${id}-${current}` } : {},
    list: open ? (
      <div class="choices" role="listbox" id={`${id}-choices`} aria-label={token?.sign === ":" ? pageWords.composer.emoji : pageWords.composer.who}>
        {choices.map((choice, index) => {
          const person = token?.sign === "@" ? space.people.get(choice.key) : undefined;
          return (
            <div key={choice.key} class="row" role="option" id={`${id}-${index}`} aria-selected={index === current} onMouseDown={(event) => { event.preventDefault(); take(choice); }}>
              {person !== undefined && <Avatar user={person} size="x" status={person.status ?? "offline"} />}
              <span class="cut">{choice.name}</span>
              <span class="t3 cut">{choice.hint}</span>
            </div>
          );
        })}
      </div>
    ) : null,
  };
}

function nearIn(readers: ReadonlyMap<Id, number> | undefined, peers: readonly Id[] | undefined): ReadonlySet<Id> {
  return new Set([...(readers?.keys() ?? []), ...(peers ?? [])]);
}
