/** What an answer says. A traced number lights its cell while it has the focus. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Place } from "../../state/ask/numbers";
import type { Answer } from "../../wire/data/types";
import { wordsOf } from "./words";

interface SayProps {
  answer: Answer;
  onLight(place: Place | null): void;
}

export function Say({ answer, onLight }: SayProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => holder.current?.replaceChildren(wordsOf(answer)), [answer]);
  const light = (event: Event): void => onLight(placeOf(event.target));
  return <div class="say" ref={holder} onFocusIn={light} onFocusOut={() => onLight(null)} onMouseOver={light} onMouseOut={() => onLight(null)} onClick={light} />;
}

function placeOf(target: EventTarget | null): Place | null {
  const named = target instanceof HTMLElement ? target.dataset["place"] : undefined;
  if (named === undefined) return null;
  const [row = 0, column = 0] = named.split(":").map(Number);
  return { row, column };
}
