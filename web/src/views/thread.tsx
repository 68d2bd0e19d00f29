/** A message and its replies, beside the channel. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { QuestionRow } from "../components/answer/progress";
import { Composer, type AskHere } from "../components/composer";
import { Icon } from "../components/icon";
import { MessageRow } from "../components/message";
import { PendingRow } from "../components/pending";
import { useReturnFocus } from "../components/return-focus";
import { rove } from "../components/rove";
import { channelTitle, mayModerate, useSpace } from "../components/space";
import { useSpotlight } from "../components/use-spotlight";
import * as actions from "../state/actions";
import { rowsOf } from "../state/rows";
import type { Channel, Message } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";

export function ThreadPanel({ channel, root }: { channel: Channel; root: Message }): JSX.Element {
  const space = useSpace();
  const conversation = space.conversation(channel.id);
  const thread = conversation.threadOf(root.id);
  const log = useRef<HTMLDivElement>(null);
  const replies = thread === undefined ? [] : (conversation.replies.value.get(thread.id) ?? []);
  const pending = space.outbox.entries.value.filter((entry) => thread !== undefined && entry.thread_id === thread.id);
  const questions = [...space.asking.questions.open.value.values()].filter((asked) => thread !== undefined && asked.thread === thread.id);
  const rows = rowsOf({ messages: replies, pending, questions, newAfter: null, me: space.me, hasOlder: false });
  const mayAsk = space.api !== null && thread?.is_llm_enabled !== false;
  const askHere: AskHere = {
    audience: askWords.seenByThread,
    onAsk: (question, connection) => actions.askInThread(space, root, question, connection),
    onCancel: () => thread !== undefined && actions.cancelAsked(space, { channel: channel.id, thread: thread.id }),
  };
  const moderates = mayModerate(space, channel);
  useReturnFocus();
  const close = (): void => void (space.openThreadRoot.value = null);

  useEffect(() => {
    if (thread !== undefined) void conversation.openThread(thread.id);
  }, [thread?.id]);
  // Who reads the end stays there; who reads further up goes there only by words of their own.
  const atEnd = useRef(true);
  const own = pending.length + questions.filter((asked) => asked.mine).length;
  const ownBefore = useRef(own);
  useLayoutEffect(() => {
    const hasSpoken = own > ownBefore.current;
    ownBefore.current = own;
    if (atEnd.current || hasSpoken) toEnd(log.current);
  }, [rows.length, rows.at(-1)?.key, own]);
  // Charts, files and previews grow after they are drawn.
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (content.current === null) return;
    const observer = new ResizeObserver(() => atEnd.current && toEnd(log.current));
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);
  useSpotlight(conversation, log, (wanted) => replies.some((reply) => reply.id === wanted.id), rows.length);
  return (
    <aside class="thread" aria-label={words.thread.title} onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && close()}>
      <header class="bar">
        <button class="ib back" type="button" aria-label={words.thread.back} onClick={close}><Icon name="left" size="l" /></button>
        <h2>{words.thread.title}</h2>
        <span class="grow cut t3">{channelTitle(space, channel)}</span>
        <button class="ib shut" type="button" aria-label={words.thread.close} onClick={close}><Icon name="x" /></button>
      </header>
      <div class="log top" ref={log} role="log" aria-live="off" aria-label={words.thread.title} tabIndex={0} onKeyDown={rove} onScroll={(event) => (atEnd.current = isAtEnd(event.currentTarget))}>
        <div ref={content}>
          <MessageRow message={root} joined={false} moderates={moderates} inThread />
          {replies.length > 0 && <div class="day start"><span>{words.message.replies(replies.length)}</span></div>}
          {rows.map((row) =>
            row.kind === "message" ? (
              <MessageRow key={row.key} message={row.message} joined={row.joined} moderates={moderates} inThread />
            ) : row.kind === "pending" ? (
              <PendingRow key={row.key} entry={row.entry} joined={row.joined} />
            ) : row.kind === "question" ? (
              <QuestionRow key={row.key} progress={row.progress} />
            ) : null,
          )}
        </div>
      </div>
      <Composer
        draftKey={`thread ${root.id}`}
        label={words.composer.reply}
        action={words.composer.reply}
        ask={mayAsk ? askHere : null}
        place={space.api === null || thread === undefined ? null : { channel: channel.id, thread: thread.id }}
        onSend={(text, files) => actions.reply(space, root, text, files)}
      />
    </aside>
  );
}

/** So near to the end is at the end. */
const END_WITHIN_PX = 40;

function isAtEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < END_WITHIN_PX;
}

function toEnd(element: HTMLElement | null): void {
  if (element !== null) element.scrollTop = element.scrollHeight;
}
