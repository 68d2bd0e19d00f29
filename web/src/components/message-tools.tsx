/** What can be done with a message: floats over its row on hover, focus, or a tap on "more". */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import * as actions from "../state/actions";
import { keepUnread } from "../state/kept-unread";
import type { Message } from "../wire/types";
import { words } from "../words";
import { laterWords } from "../words/later";
import { besideWords } from "../words/beside";
import { pageWords } from "../words/page";
import { editing, reacting, reminding, removing, rowOf } from "./at-work";
import { Icon } from "./icon";
import { copyLink } from "./link-to";
import { useSpace } from "./space";
import { walkGrid } from "./walk-grid";

/** As the style sheet lays them out. */
const COLUMNS = 6;
const EMOJI = ["👍", "❤️", "😂", "🎉", "👀", "✅", "🙏", "🔥", "😮", "😢", "👏", "🚀"];

/** The choice of emoji needs this much room below its button, or opens above it. */
const CHOICE_HEIGHT_PX = 100;

interface ToolsProps {
  message: Message;
  mine: boolean;
  mayRemove: boolean;
  inThread: boolean;
  attempt(what: Promise<void>): void;
}

export function Tools({ message, mine, mayRemove, inThread, attempt }: ToolsProps): JSX.Element {
  const space = useSpace();
  const [place, setPlace] = useState<"above" | "below">("below");
  const bar = useRef<HTMLDivElement>(null);
  const row = rowOf(message, inThread);
  const choosing = reacting.value === row;
  const close = (): void => {
    if (reacting.value === row) reacting.value = null;
  };
  // Before anything else happens: what is pressed next is for the choice.
  useLayoutEffect(() => {
    if (!choosing) return;
    const [box, log] = [bar.current, bar.current?.closest(".log")].map((element) => element?.getBoundingClientRect());
    setPlace(box !== undefined && log !== undefined && log.bottom - box.bottom < CHOICE_HEIGHT_PX ? "above" : "below");
    bar.current?.querySelector<HTMLElement>(".emoji button")?.focus();
  }, [choosing]);
  const pick = (emoji: string): void => {
    close();
    bar.current?.closest<HTMLElement>("article")?.focus();
    attempt(actions.react(space, message, emoji));
  };
  const leave = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && bar.current?.contains(event.relatedTarget))) close();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !choosing) return;
    event.preventDefault();
    event.stopPropagation();
    close();
    bar.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const isPinned = space.beside.pinOf(message) !== undefined;
  return (
    <div class={`tools ${choosing ? "held" : ""}`} role="toolbar" aria-label={words.message.actions} ref={bar} onFocusOut={leave} onKeyDown={key}>
      <Tool icon="smile" label={words.message.react} onClick={() => (reacting.value = choosing ? null : row)} />
      {!inThread && <Tool icon="thread" label={words.message.reply} onClick={() => (space.openThreadRoot.value = message.id)} />}
      <Tool icon="clock" label={laterWords.remind} onClick={() => (reminding.value = message)} />
      {mine && <Tool icon="edit" label={words.message.edit} onClick={() => (editing.value = row)} />}
      {!inThread && <Tool icon="eye" label={pageWords.message.keepUnread} onClick={() => keepUnread(space, message)} />}
      <Tool icon="pin" label={isPinned ? besideWords.unpin : besideWords.pin} onClick={() => attempt(space.beside.togglePin(message))} />
      <Tool icon="link" label={pageWords.message.copyLink} onClick={() => void copyLink(message)} />
      {mayRemove && <Tool icon="bin" label={words.message.remove} onClick={() => (removing.value = row)} />}
      {choosing && (
        <div class={`emoji ${place}`} onKeyDown={(event) => walkGrid(event, COLUMNS)}>
          {EMOJI.map((emoji) => <button key={emoji} type="button" aria-label={emoji} onClick={() => pick(emoji)}>{emoji}</button>)}
        </div>
      )}
    </div>
  );
}

interface ToolProps {
  icon: "smile" | "thread" | "clock" | "edit" | "bin" | "eye" | "link" | "pin";
  label: string;
  onClick(): void;
}

function Tool({ icon, label, onClick }: ToolProps): JSX.Element {
  return <button class="ib" type="button" aria-label={label} title={label} onClick={onClick}><Icon name={icon} /></button>;
}
