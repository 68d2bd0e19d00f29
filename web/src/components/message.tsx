/** One message row: who, when, what, and what can be done with it. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import * as actions from "../state/actions";
import type { OutboxEntry } from "../state/outbox";
import { displayName } from "../state/people";
import type { Message, Thread } from "../wire/types";
import { words } from "../words";
import { Avatar } from "./avatar";
import { fit } from "./composer";
import { Icon } from "./icon";
import { renderMarkdown } from "./markdown";
import { clockTime } from "./moments";
import { useSpace } from "./space";

const EMOJI = ["👍", "❤️", "😂", "🎉", "👀", "✅", "🙏", "🔥", "😮", "😢", "👏", "🚀"];

/** The choice of emoji needs this much room below its button, or opens above it. */
const CHOICE_HEIGHT_PX = 90;

/** The message being edited, if any: one at a time over the whole page. */
export const editing = signal<string | null>(null);

interface MessageRowProps {
  message: Message;
  joined: boolean;
  thread?: Thread | undefined;
  inThread?: boolean;
}

export function MessageRow({ message, joined, thread, inThread = false }: MessageRowProps): JSX.Element {
  const space = useSpace();
  const [trouble, setTrouble] = useState<string | null>(null);
  const author = space.people.byId.value.get(message.author_id) ?? message.author ?? undefined;
  const name = displayName(author);
  const time = clockTime(message.created_at);
  const aboutMe = message.mentions.includes(space.me) && !message.is_deleted;
  const mine = message.author_id === space.me;
  const attempt = (what: Promise<void>): void => {
    setTrouble(null);
    what.catch((error: Error) => setTrouble(words.message.notChanged(error.message)));
  };
  const key = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "e" && mine && !message.is_deleted) editing.value = message.id;
    else if (event.key === "r" && !inThread) space.openThreadRoot.value = message.id;
    else return;
    event.preventDefault();
  };
  return (
    <article class={`msg ${joined ? "cont" : ""} ${aboutMe ? "you" : ""}`} tabIndex={-1} aria-label={words.message.by(name, time)} data-seq={message.seq} onKeyDown={key}>
      {joined ? <time class="gut">{time}</time> : <Avatar user={author ?? { id: message.author_id, username: "" }} />}
      <div>
        {!joined && <div class="hd"><b>{name}</b><time dateTime={message.created_at}>{time}</time></div>}
        {editing.value === message.id ? (
          <EditBox message={message} onSave={(text) => attempt(actions.edit(space, message, text))} />
        ) : (
          <Text message={message} />
        )}
        <Reactions message={message} onToggle={(emoji) => attempt(actions.react(space, message, emoji))} />
        {trouble !== null && <p class="state bad" role="status"><Icon name="warn" size="s" />{trouble}</p>}
        {thread !== undefined && thread.message_count > 0 && !inThread && (
          <button class="rep" type="button" onClick={() => (space.openThreadRoot.value = message.id)}>
            <Icon name="thread" size="s" />
            <b>{words.message.replies(thread.message_count)}</b>
            <span>{words.message.lastReply(clockTime(thread.updated_at))}</span>
          </button>
        )}
        {!message.is_deleted && space.api !== null && (
          <Tools message={message} mine={mine} inThread={inThread} attempt={attempt} />
        )}
      </div>
    </article>
  );
}

function Text({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  if (message.is_deleted) return <p class="tx t3">{words.message.deleted}</p>;
  const html = renderMarkdown(message.content, {
    me: space.user.value.username.toLowerCase(),
    version: space.people.byId.value.size,
    known: (username) => {
      const wanted = username.toLowerCase();
      for (const user of space.people.byId.value.values()) {
        if (user.username.toLowerCase() === wanted) return true;
      }
      return false;
    },
  });
  return (
    <>
      <div class="tx" dangerouslySetInnerHTML={{ __html: html }} />
      {message.is_edited && <span class="hint">({words.message.edited})</span>}
    </>
  );
}

function Reactions({ message, onToggle }: { message: Message; onToggle(emoji: string): void }): JSX.Element | null {
  const entries = Object.entries(message.reactions);
  if (entries.length === 0) return null;
  return (
    <div class="rx">
      {entries.map(([emoji, reaction]) => (
        <button key={emoji} type="button" aria-pressed={reaction.mine} aria-label={words.message.reaction(emoji, reaction.count, reaction.mine)} onClick={() => onToggle(emoji)}>
          {emoji} {reaction.count}
        </button>
      ))}
    </div>
  );
}

interface ToolsProps {
  message: Message;
  mine: boolean;
  inThread: boolean;
  attempt(what: Promise<void>): void;
}

function Tools({ message, mine, inThread, attempt }: ToolsProps): JSX.Element {
  const space = useSpace();
  const [choosing, setChoosing] = useState<"above" | "below" | null>(null);
  const pick = (emoji: string): void => {
    setChoosing(null);
    attempt(actions.react(space, message, emoji));
  };
  const leave = (event: FocusEvent): void => {
    const bar = event.currentTarget as HTMLElement;
    if (!(event.relatedTarget instanceof Node && bar.contains(event.relatedTarget))) setChoosing(null);
  };
  const open = (event: MouseEvent): void => {
    const button = event.currentTarget as HTMLElement;
    const room = (button.closest(".log")?.getBoundingClientRect().bottom ?? 0) - button.getBoundingClientRect().bottom;
    setChoosing(choosing !== null ? null : room < CHOICE_HEIGHT_PX ? "above" : "below");
  };
  return (
    <div class="tools" role="toolbar" aria-label={words.message.actions} onFocusOut={leave} onKeyDown={(event) => event.key === "Escape" && setChoosing(null)}>
      <Tool icon="smile" label={words.message.react} onClick={open} />
      {!inThread && <Tool icon="thread" label={words.message.reply} onClick={() => (space.openThreadRoot.value = message.id)} />}
      {mine && <Tool icon="edit" label={words.message.edit} onClick={() => (editing.value = message.id)} />}
      {mine && <Tool icon="bin" label={words.message.remove} onClick={() => attempt(actions.remove(space, message))} />}
      {choosing !== null && (
        <div class={`emoji ${choosing}`}>
          {EMOJI.map((emoji) => <button key={emoji} type="button" aria-label={emoji} onClick={() => pick(emoji)}>{emoji}</button>)}
        </div>
      )}
    </div>
  );
}

function Tool({ icon, label, onClick }: { icon: "smile" | "thread" | "edit" | "bin"; label: string; onClick(event: MouseEvent): void }): JSX.Element {
  return <button class="ib" type="button" aria-label={label} title={label} onClick={onClick}><Icon name={icon} /></button>;
}

function EditBox({ message, onSave }: { message: Message; onSave(text: string): void }): JSX.Element {
  const [text, setText] = useState(message.content);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = area.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  useEffect(() => fit(area.current), [text]);
  const close = (): void => void (editing.value = null);
  const save = (): void => {
    const changed = text.trim();
    close();
    if (changed !== "" && changed !== message.content) onSave(changed);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  };
  return (
    <div class="edit-box">
      <textarea ref={area} rows={1} value={text} aria-label={words.message.editLabel} onInput={(event) => setText(event.currentTarget.value)} onKeyDown={key} />
      <div class="tb">
        <span class="grow" />
        <button class="btn sm quiet" type="button" onClick={close}>{words.message.cancel}</button>
        <button class="btn sm pri" type="button" onClick={save}>{words.message.save}</button>
      </div>
    </div>
  );
}

/** A message on its way: shown at once, marked only when it takes long or fails. */
export function PendingRow({ entry, joined }: { entry: OutboxEntry; joined: boolean }): JSX.Element {
  const space = useSpace();
  const failed = entry.state === "failed";
  const time = clockTime(entry.created_at);
  const state = (
    <span class="state late"><Icon name="clock" size="s" />{words.message.sending}</span>
  );
  return (
    <article class={`msg ${joined ? "cont" : ""} ${failed ? "" : "sending"}`} tabIndex={-1} aria-label={words.message.by(displayName(space.user.value), time)}>
      {joined ? <time class="gut">{time}</time> : <Avatar user={space.user.value} />}
      <div>
        {!joined && <div class="hd"><b>{displayName(space.user.value)}</b><time>{time}</time>{!failed && state}</div>}
        <div class="tx" dangerouslySetInnerHTML={{ __html: renderMarkdown(entry.content, { me: "", version: 0, known: () => false }) }} />
        {joined && !failed && state}
        {failed && (
          <p class="state bad" role="status">
            <Icon name="warn" size="s" />
            {words.message.notSent(entry.reason ?? "")}
            <button class="link" type="button" onClick={() => space.outbox.retry(entry.client_message_id)}>{words.message.tryAgain}</button>
            <button class="link" type="button" onClick={() => space.outbox.discard(entry.client_message_id)}>{words.message.discard}</button>
          </p>
        )}
      </div>
    </article>
  );
}
