/** A dialog's frame: titled, closed by Esc, by its button and by the ground around it. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./icon";

export function Frame({ title, onClose, children }: { title: string; onClose(): void; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
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
