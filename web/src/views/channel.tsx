/** The open channel: its bar, its log, who is typing, and the composer. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Composer, type AskHere } from "../components/composer";
import { CommandReply } from "../components/command-reply";
import { Icon } from "../components/icon";
import { editing, rowOf } from "../components/at-work";
import { channelName, channelTitle, isRoom, useSpace } from "../components/space";
import { LinkTrouble } from "../components/link-trouble";
import { OfflineStrip } from "../components/offline";
import * as actions from "../state/actions";
import * as privately from "../state/ask/privately";
import { displayName } from "../state/people";
import type { Workspace } from "../state/workspace";
import type { Channel } from "../wire/types";
import { channelOf } from "../state/ask/asking";
import { words } from "../words";
import { askWords } from "../words/ask";
import { jumpWords } from "../words/jump";
import { searchWords } from "../words/search";
import type { DialogName } from "./dialogs";
import { Log } from "./log";
import { SessionButtons, SessionSheet } from "./session-bar";

interface PaneProps {
  onBack(): void;
  onDialog(name: DialogName): void;
}

export function ChannelPane({ onBack, onDialog }: PaneProps): JSX.Element {
  const space = useSpace();
  const channel = space.channels.get(space.openChannel.value);
  if (channel === undefined) {
    return (
      <main class="pane">
        <OfflineStrip />
        <div class="void">
          <Icon name="hash" size="l" />
          <p class="b6">{words.channel.none}</p>
          <p>{words.channel.noneWhy}</p>
          {space.api !== null && <button class="btn sm" type="button" onClick={() => onDialog("browse")}>{words.side.browse}</button>}
        </div>
      </main>
    );
  }
  return <OpenChannel key={channel.id} channel={channel} onBack={onBack} onDialog={onDialog} />;
}

function OpenChannel({ channel, onBack, onDialog }: PaneProps & { channel: Channel }): JSX.Element {
  const space = useSpace();
  const conversation = space.conversation(channel.id);
  const named = isRoom(channel);
  const session = space.asking.sessions.value.find((held) => channelOf(held) === channel.id);
  const [sheet, setSheet] = useState<"rename" | "remove" | null>(null);
  const editLast = (): void => {
    const mine = conversation.messages.value.findLast((message) => message.author_id === space.me && !message.is_deleted);
    if (mine === undefined) return;
    // Written anew in its place: that is shown first.
    if (document.querySelector(`.pane .log article[data-seq="${mine.seq}"]`) === null) {
      conversation.toNewest();
      conversation.spotlight.value = mine;
    }
    editing.value = rowOf(mine, false);
  };
  return (
    <main class="pane">
      <header class="bar">
        <button class="ib back" type="button" aria-label={words.side.back} onClick={onBack}><Icon name="left" size="l" /></button>
        <h1>
          {(named || session !== undefined) && <Icon name={session !== undefined ? "ask" : channel.kind === "private" ? "lock" : "hash"} />}
          <span class="cut">{session === undefined ? channelName(space, channel) : session.title || askWords.side.newPrivate}</span>
        </h1>
        <span class="grow cut t3 topic">{session === undefined ? channel.topic || channel.description : askWords.seenByYou}</span>
        {session !== undefined && <SessionButtons session={session} onOpen={setSheet} />}
        {space.api !== null && <button class="ib" type="button" aria-label={searchWords.open} title={searchWords.open} onClick={() => space.search.show()}><Icon name="search" /></button>}
        {space.api !== null && <button class="ib" type="button" aria-label={jumpWords.toDay} title={jumpWords.toDay} onClick={() => onDialog("day")}><Icon name="calendar" /></button>}
        {space.api !== null && session === undefined && (
          <button class="btn sm quiet" type="button" aria-label={words.channel.members(channel.member_count ?? 0)} title={words.channel.details} onClick={() => onDialog("details")}>
            <Icon name="people" />
            {channel.member_count}
          </button>
        )}
      </header>
      <OfflineStrip />
      <LinkTrouble />
      {session !== undefined && sheet !== null && <SessionSheet session={session} what={sheet} onClose={() => setSheet(null)} />}
      <Log channel={channel} conversation={conversation} onDetails={() => onDialog("details")} />
      <Typing channel={channel} />
      <CommandReply channel={channel.id} />
      <Composer
        draftKey={channel.id}
        label={words.composer.to(channelTitle(space, channel))}
        action={words.composer.send}
        ask={askHere(space, channel)}
        place={space.api === null || session !== undefined ? null : { channel: channel.id, thread: null }}
        onSend={(text, files) => actions.post(space, channel.id, null, text, files)}
        onTyping={(isTyping) => actions.typing(space, channel.id, isTyping)}
        onEditLast={editLast}
      />
    </main>
  );
}

/** Guests have no questions; a private conversation with the data has nothing else. */
function askHere(space: Workspace, channel: Channel): AskHere | null {
  if (space.api === null) return null;
  const always = space.asking.sessionChannels.value.has(channel.id);
  return {
    always,
    audience: always ? askWords.seenByYou : isRoom(channel) ? askWords.seenBy(channelTitle(space, channel)) : askWords.seenByMembers,
    onCancel: () => actions.cancelAsked(space, { channel: channel.id, thread: null }),
    onAsk: (question, connection) => (always ? privately.ask(space, channel.id, question, connection) : space.asking.questions.ask({ channel: channel.id, thread: null }, question, connection)),
  };
}

function Typing({ channel }: { channel: Channel }): JSX.Element {
  const space = useSpace();
  const names = (space.people.typists.value.get(channel.id) ?? []).map((typist) => {
    return displayName(space.people.get(typist.user_id) ?? { username: typist.username });
  });
  return (
    <div class="typing">
      {names.length > 0 ? <><i><b /></i>{words.channel.typing(names)}</> : seenBy(space, channel)}
    </div>
  );
}

/** In a conversation: who has read what I wrote last. In a channel that would be a crowd. */
function seenBy(space: Workspace, channel: Channel): string | null {
  if (isRoom(channel)) return null;
  const last = space.conversation(channel.id).messages.value.at(-1);
  if (last === undefined || last.author_id !== space.me) return null;
  const readers = [...(space.people.readBy.value.get(channel.id) ?? [])].filter(([id, seq]) => id !== space.me && seq >= last.seq);
  if (readers.length === 0) return null;
  if (channel.kind === "direct") return words.channel.seen;
  return words.channel.seenBy(readers.map(([id]) => displayName(space.people.get(id))).join(", "));
}
