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

export function Confirm({ question, yes, no, onYes, onNo }: ConfirmProps): JSX.Element {
  const safe = useRef<HTMLButtonElement>(null);
  useReturnFocus();
  useLayoutEffect(() => safe.current?.focus(), []);
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onNo();
  };
  return (
    <div class="confirm" role="group" aria-label={question} onKeyDown={key}>
      <span class="grow">{question}</span>
      <button class="btn sm" type="button" ref={safe} onClick={onNo}>{no}</button>
      <button class="btn sm danger" type="button" onClick={onYes}>{yes}</button>
    </div>
  );
}
