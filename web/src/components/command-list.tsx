/** Slash commands to choose from, while the first word of a message is one in the making. */

import type { JSX, RefObject } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Command } from "../wire/plans";
import { laterWords } from "../words/later";
import { useSpace } from "./space";

/** Takes a key of the composer; true when it was for the list. */
export type KeyTaker = (event: KeyboardEvent) => boolean;

interface CommandListProps {
  text: string;
  keys: RefObject<KeyTaker | null>;
  onPick(text: string): void;
  /** The list and the element of it that Enter takes; null while there is nothing to choose. */
  onChoice(choice: { list: string; option: string } | null): void;
}

export function CommandList({ text, keys, onPick, onChoice }: CommandListProps): JSX.Element | null {
  const space = useSpace();
  const id = useId();
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState(false);
  const word = /^\/([a-z]*)$/i.exec(text)?.[1]?.toLowerCase();
  useEffect(() => {
    setChosen(0);
    if (word === undefined) setClosed(false);
    else void space.readCommands();
  }, [word]);
  const found: Command[] = word === undefined || closed ? [] : space.commands.value.filter((command) => command.name.startsWith(word));
  const pick = (command: Command): void => onPick(`/${command.name} `);
  keys.current = (event) => {
    const at = found[chosen];
    if (at === undefined || event.isComposing) return false;
    if (event.key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (event.key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else if (event.key === "Escape") setClosed(true);
    else if (event.key === "Tab" || (event.key === "Enter" && at.name !== word)) pick(at);
    else return false;
    event.preventDefault();
    return true;
  };
  const [list, option] = [`${id}-commands`, `${id}-${chosen}`];
  const isOpen = found.length > 0;
  useEffect(() => onChoice(isOpen ? { list, option } : null), [isOpen, option]);
  useEffect(() => () => onChoice(null), []);
  if (!isOpen) return null;
  return (
    <ul class="commands" role="listbox" id={list} aria-label={laterWords.commands}>
      {found.map((command, index) => (
        <li key={command.name} role="option" id={`${id}-${index}`} aria-selected={index === chosen} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(command)}>
          <b>/{command.name}</b> <span class="t3">{command.usage}</span> <span class="t2">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
