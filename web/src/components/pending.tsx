/** A message on its way: shown at once, marked only when it takes long or fails. */

import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { OutboxEntry } from "../state/outbox";
import { displayName } from "../state/people";
import { words } from "../words";
import { Avatar } from "./avatar";
import { Files } from "./files";
import { Icon } from "./icon";
import { renderMarkdown } from "./markdown";
import { clockTime } from "./moments";
import { useSpace } from "./space";

export function PendingRow({ entry, joined }: { entry: OutboxEntry; joined: boolean }): JSX.Element {
  const space = useSpace();
  const article = useHandOver(entry.client_message_id);
  const failed = entry.state === "failed";
  const discard = (event: MouseEvent): void => {
    // The row goes, and by keys one goes on writing; a finger would only open its keyboard.
    if (event.detail === 0) article.current?.closest(".pane, .thread")?.querySelector<HTMLElement>(".comp textarea")?.focus();
    space.outbox.discard(entry.client_message_id);
  };
  const time = clockTime(entry.created_at);
  const state = (
    <span class="state late"><Icon name="clock" size="s" />{words.message.sending}</span>
  );
  return (
    <article ref={article} class={`msg ${joined ? "cont" : ""} ${failed ? "" : "sending"}`} tabIndex={-1} aria-label={words.message.by(displayName(space.user.value), time)}>
      {joined ? <time class="gut">{time}</time> : <Avatar user={space.user.value} />}
      <div>
        {!joined && <div class="hd"><b>{displayName(space.user.value)}</b><time>{time}</time>{!failed && state}</div>}
        {entry.content !== "" && <div class="tx" dangerouslySetInnerHTML={{ __html: renderMarkdown(entry.content, { me: "", version: 0, known: () => false }) }} />}
        <Files files={entry.attachments ?? []} />
        {joined && !failed && state}
        {failed && (
          <p class="state bad" role="status">
            <Icon name="warn" size="s" />
            {words.message.notSent(entry.reason ?? "")}
            <button class="link" type="button" onClick={() => space.outbox.retry(entry.client_message_id)}>{words.message.tryAgain}</button>
            <button class="link" type="button" onClick={discard}>{words.message.discard}</button>
          </p>
        )}
      </div>
    </article>
  );
}

/** The message that comes in its place has the focus, if this had it. */
function useHandOver(key: string): RefObject<HTMLElement> {
  const article = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = article.current;
    const log = before?.closest(".log");
    return () => {
      if (before?.contains(document.activeElement) !== true) return;
      queueMicrotask(() => log?.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`)?.focus());
    };
  }, []);
  return article as RefObject<HTMLElement>;
}
