/** A dialog's frame: titled, closed by Esc, by its button and by the ground around it. */

import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./icon";
import { useKeptFocus } from "./kept-focus";
import { useReturnFocus } from "./return-focus";

interface FrameProps {
  title: string;
  wide?: boolean;
  onClose(): void;
  children: ComponentChildren;
}

export function Frame({ title, wide = false, onClose, children }: FrameProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useReturnFocus();
  useKeptFocus(dialog);
  // Before the paint: whoever types at once types into it.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // A dialog that leaves the page open would leave the rest of it without the keyboard.
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class={wide ? "wide" : ""} aria-labelledby={id} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <div class="in-d">
        <header>
          <h2 id={id}>{title}</h2>
          <button class="ib" type="button" aria-label={words.dialog.close} onClick={onClose}><Icon name="x" /></button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
