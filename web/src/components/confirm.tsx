/** "Are you sure", in the place where it is asked; the safe answer has the focus. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useReturnFocus } from "./return-focus";

interface ConfirmProps {
  question: string;
  yes: string;
  no: string;
  onYes(): void;
  onNo(): void;
}

/** Esc answers with no, and closes nothing else. */
export function onEscape(no: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    no();
  };
}

export function Confirm({ question, yes, no, onYes, onNo }: ConfirmProps): JSX.Element {
  const safe = useRef<HTMLButtonElement>(null);
  useReturnFocus();
  useLayoutEffect(() => safe.current?.focus(), []);
  return (
    <div class="confirm" role="group" aria-label={question} onKeyDown={onEscape(onNo)}>
      <span class="grow">{question}</span>
      <button class="btn sm" type="button" ref={safe} onClick={onNo}>{no}</button>
      <button class="btn sm danger" type="button" onClick={onYes}>{yes}</button>
    </div>
  );
}
