/** A row of the log that is the assistant's. */

import type { ComponentChildren, JSX } from "preact";
import { askWords as words } from "../../words/ask";
import { words as pageWords } from "../../words";
import { Mark } from "../icon";
import { clockTime } from "../moments";

interface RowProps {
  at: string;
  onKeyDown?(event: KeyboardEvent): void;
  children: ComponentChildren;
}

export function AssistantRow({ at, onKeyDown, children }: RowProps): JSX.Element {
  const time = clockTime(at);
  return (
    <article class="msg with-ans" tabIndex={-1} aria-label={pageWords.message.by(words.assistant, time)} onKeyDown={onKeyDown}>
      <AssistantAvatar />
      <div>
        <AssistantHead at={at} />
        {children}
      </div>
    </article>
  );
}

export function AssistantAvatar(): JSX.Element {
  return <span class="av bot" aria-hidden="true"><Mark /></span>;
}

interface HeadProps {
  at: string;
  name?: string;
  /** Whom it answers. */
  asker?: string | null;
}

export function AssistantHead({ at, name = words.assistant, asker = null }: HeadProps): JSX.Element {
  return (
    <div class="hd">
      <b>{name}</b>
      <span class="tag">{words.tag}</span>
      <time dateTime={at}>{clockTime(at)}</time>
      {asker !== null && <span class="t3 cut">{words.answered(asker)}</span>}
    </div>
  );
}
