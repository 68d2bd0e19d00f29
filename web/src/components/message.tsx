/** One message row: who, when, what, and what can be done with it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import * as actions from "../state/actions";
import { keepUnread } from "../state/kept-unread";
import { displayName } from "../state/people";
import type { Message, Thread } from "../wire/types";
import { words } from "../words";
import { laterWords } from "../words/later";
import { editing, reacting, removing, rowOf, versionsOf } from "./at-work";
import { AnswerBody } from "./answer/body";
import { AssistantAvatar, AssistantHead } from "./answer/row";
import { Avatar, faceOf } from "./avatar";
import { Confirm } from "./confirm";
import { EditBox } from "./edit-box";
import { Files } from "./files";
import { Icon } from "./icon";
import { PinMark, PinNotice } from "./pin-mark";
import { copyLink, linkSaid } from "./link-to";
import { LinkPreviews } from "./link-previews";
import { renderMarkdown } from "./markdown";
import { Tools } from "./message-tools";
import { clockTime } from "./moments";
import { Says } from "./says";
import { problemText } from "./problem-text";
import { pinnedBy } from "../state/beside";
import { useSpace } from "./space";

/** Where nothing hovers a button on every row shows what can be done with it. */
const fingers = matchMedia("(hover: none)");

interface MessageRowProps {
  message: Message;
  joined: boolean;
  thread?: Thread | undefined;
  /** Whether the reader may remove what others wrote in this channel. */
  moderates: boolean;
  inThread?: boolean;
}

export function MessageRow({ message, joined, thread, moderates, inThread = false }: MessageRowProps): JSX.Element {
  const space = useSpace();
  const [trouble, setTrouble] = useState<string | null>(null);
  // Most rows only pass by: their tools, more than half of a row, are made when one turns to it.
  const [atHand, setAtHand] = useState(false);
  const turnTo = (): void => setAtHand(true);
  // A webhook may call itself otherwise with every message.
  const isBot = message.author?.is_bot === true;
  const author = (isBot ? undefined : space.people.byId.value.get(message.author_id)) ?? message.author ?? undefined;
  const face = isBot ? faceOf(displayName(author)) : { emoji: null, name: displayName(author) };
  const { name } = face;
  const time = clockTime(message.created_at);
  const isAnswer = message.message_type === "llm_response";
  // An answer mentions its asker, so that they hear of it; it is about the data all the same.
  const aboutMe = message.mentions.includes(space.me) && !message.is_deleted && !isAnswer;
  const asker = isAnswer ? space.people.get(message.mentions[0]) : undefined;
  const mine = message.author_id === space.me;
  const row = rowOf(message, inThread);
  const mayAct = !message.is_deleted && space.api !== null;
  const mayRemove = mayAct && (mine || moderates);
  const busy = editing.value === row || removing.value === row;
  const attempt = (what: Promise<void>): void => {
    setTrouble(null);
    what.catch((error: unknown) => setTrouble(words.message.notChanged(problemText(error))));
  };
  const key = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "e" && mine && mayAct) editing.value = row;
    else if (event.key === "r" && !inThread && space.api !== null) space.openThreadRoot.value = message.id;
    else if (event.key === "c" && mayAct) void copyLink(message);
    else if (event.key === "p" && mayAct) attempt(space.beside.togglePin(message));
    else if (event.key === "u" && mayAct && !inThread) keepUnread(space, message);
    else if (event.key === "+" && mayAct) reacting.value = row;
    else if (event.key === "Delete" && mayRemove) removing.value = row;
    else return;
    event.preventDefault();
  };
  return (
    <article class={`msg ${joined ? "cont" : ""} ${isAnswer ? "with-ans" : ""} ${aboutMe ? "you" : ""}`} tabIndex={-1} aria-label={words.message.by(name, time)} data-seq={message.seq} data-key={message.client_message_id} onKeyDown={key} onFocusIn={turnTo} onMouseMove={turnTo}>
      {joined ? <time class="gut">{time}</time> : isAnswer ? <AssistantAvatar /> : <Avatar user={author ?? { id: message.author_id, username: "" }} emoji={face.emoji} />}
      <div>
        {isAnswer && <AssistantHead at={message.created_at} name={name} asker={asker === undefined ? null : displayName(asker)} />}
        {!joined && !isAnswer && <div class="hd"><b>{name}</b>{isBot && <span class="bot">{laterWords.bot}</span>}<Says user={isBot ? undefined : space.people.byId.value.get(message.author_id)} short /><time dateTime={message.created_at}>{time}</time></div>}
        {editing.value === row ? (
          <EditBox message={message} row={row} onSave={(text) => attempt(actions.edit(space, message, text))} />
        ) : isAnswer && !message.is_deleted ? (
          <AnswerBody message={message} />
        ) : (
          <Text message={message} />
        )}
        <Files files={message.attachments} />
        <LinkPreviews message={message} mayRemove={mayRemove} onRemove={(url) => attempt(actions.removePreview(space, message, url))} />
        <PinMark message={message} />
        {removing.value === row && mayRemove && (
          <Confirm
            question={words.message.removeSure}
            yes={words.message.removeYes}
            no={words.message.keep}
            onNo={() => (removing.value = null)}
            onYes={() => {
              removing.value = null;
              attempt(actions.remove(space, message));
            }}
          />
        )}
        <Reactions message={message} onToggle={(emoji) => attempt(actions.react(space, message, emoji))} />
        {linkSaid.value?.id === message.id && <p class="state" role="status"><Icon name="check" size="s" />{linkSaid.value.text}</p>}
        {trouble !== null && <p class="state bad" role="status"><Icon name="warn" size="s" />{trouble}</p>}
        {thread !== undefined && thread.message_count > 0 && !inThread && (
          <button class="rep" type="button" onClick={() => (space.openThreadRoot.value = message.id)}>
            <Faces thread={thread} />
            <b>{words.message.replies(thread.message_count)}</b>
            <span>{words.message.lastReply(clockTime(thread.updated_at))}</span>
          </button>
        )}
        {mayAct && (
          <>
            {fingers.matches && <button class="ib more" type="button" tabIndex={-1} aria-label={words.message.more} onMouseDown={(event) => event.preventDefault()} onClick={(event) => event.currentTarget.closest("article")?.focus()}><Icon name="more" /></button>}
            {(atHand || reacting.value === row) && !busy && <Tools message={message} mine={mine} mayRemove={mayRemove} inThread={inThread} attempt={attempt} />}
          </>
        )}
      </div>
    </article>
  );
}

function Text({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  if (message.is_deleted) return <p class="tx t3">{words.message.deleted}</p>;
  if (pinnedBy(message) !== null) return <PinNotice message={message} />;
  if (message.content === "" && message.attachments.length > 0) return <></>;
  const html = renderMarkdown(message.content, {
    me: space.user.value.username.toLowerCase(),
    version: `${space.people.byId.value.size} ${space.beside.groups.value.map((group) => group.handle).join()}`,
    mine: (handle) => space.beside.groupOf(handle)?.member_ids.includes(space.me) === true,
    known: (username) => {
      const wanted = username.toLowerCase();
      for (const user of space.people.byId.value.values()) {
        if (user.username.toLowerCase() === wanted) return true;
      }
      return space.beside.groupOf(wanted) !== undefined;
    },
  });
  return (
    <>
      <div class="tx" dangerouslySetInnerHTML={{ __html: html }} />
      {message.is_edited && <Edited message={message} />}
    </>
  );
}

function Edited({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  const text = `(${words.message.edited})`;
  if (space.api === null) return <span class="hint">{text}</span>;
  return <button class="hint edited" type="button" title={words.history.title} onClick={() => (versionsOf.value = message)}>{text}</button>;
}

function Reactions({ message, onToggle }: { message: Message; onToggle(emoji: string): void }): JSX.Element | null {
  const space = useSpace();
  const entries = Object.entries(message.reactions);
  if (entries.length === 0) return null;
  return (
    <div class="rx">
      {entries.map(([emoji, reaction]) => (
        <button key={emoji} type="button" aria-pressed={reaction.mine} aria-label={words.message.reaction(emoji, reaction.count, reaction.mine)} title={reaction.users.map((id) => displayName(space.people.get(id))).join(", ")} onClick={() => onToggle(emoji)}>
          {emoji} {reaction.count}
        </button>
      ))}
    </div>
  );
}

/** Who wrote last in a thread; an icon where nobody of them is known. */
function Faces({ thread }: { thread: Thread }): JSX.Element {
  const people = useSpace().people.byId.value;
  const known = (thread.recent_participants ?? []).flatMap((id) => people.get(id) ?? []);
  if (known.length === 0) return <Icon name="thread" size="s" />;
  return <span class="faces">{known.map((user) => <Avatar key={user.id} user={user} size="x" />)}</span>;
}
