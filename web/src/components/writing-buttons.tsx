/** Beside the text: emoji to choose from, and a way to mention someone without knowing the sign for it. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { EMOJI_NAMES } from "../state/emoji";
import { pageWords } from "../words/page";
import { Icon } from "./icon";
import { walkGrid } from "./walk-grid";

const words = pageWords.composer;
/** Four rows: more is found by its name, after a colon. */
const SHOWN = 32;
const COLUMNS = 8;

/** `insert` puts a text where the caret is. */
export function WritingButtons({ insert }: { insert(text: string): void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const frame = useRef<HTMLSpanElement>(null);
  // Before the paint: an arrow that is pressed at once walks the choice.
  useLayoutEffect(() => {
    if (open) frame.current?.querySelector<HTMLElement>(".emoji button")?.focus();
  }, [open]);
  const close = (): void => {
    setOpen(false);
    frame.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const leave = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && frame.current?.contains(event.relatedTarget))) setOpen(false);
  };
  const pick = (emoji: string): void => {
    setOpen(false);
    insert(emoji);
  };
  return (
    <span class="writing" ref={frame} onKeyDown={key} onFocusOut={leave}>
      <button class="ib" type="button" aria-label={words.emoji} title={words.emoji} aria-expanded={open} onClick={() => (open ? close() : setOpen(true))}><Icon name="smile" /></button>
      <button class="ib" type="button" aria-label={words.mention} title={words.mention} onClick={() => insert("@")}><Icon name="at" /></button>
      {open && (
        <div class="emoji above" role="group" aria-label={words.emoji} onKeyDown={(event) => walkGrid(event, COLUMNS)}>
          {EMOJI_NAMES.slice(0, SHOWN).map(([emoji, name]) => <button key={name} type="button" aria-label={name.replace(/_/g, " ")} title={`:${name}:`} onClick={() => pick(emoji)}>{emoji}</button>)}
        </div>
      )}
    </span>
  );
}
