/** Slash commands to choose from, while the first word of a message is one in the making. */

import type { JSX, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Command } from "../wire/plans";
import { laterWords } from "../words/later";
import { useSpace } from "./space";

/** Takes a key of the composer; true when it was for the list. */
export type KeyTaker = (event: KeyboardEvent) => boolean;

interface CommandListProps {
  text: string;
  keys: RefObject<KeyTaker | null>;
  onPick(text: string): void;
}

export function CommandList({ text, keys, onPick }: CommandListProps): JSX.Element | null {
  const space = useSpace();
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
  if (found.length === 0) return null;
  return (
    <ul class="commands" role="listbox" aria-label={laterWords.commands}>
      {found.map((command, index) => (
        <li key={command.name} role="option" aria-selected={index === chosen} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(command)}>
          <b>/{command.name}</b> <span class="t3">{command.usage}</span> <span class="t2">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
