/** What a log shows in place of messages: none yet, none read, still reading. */

import type { JSX } from "preact";
import { Icon } from "../components/icon";
import { channelTitle, isRoom, useSpace } from "../components/space";
import type { Conversation } from "../state/conversation";
import type { Workspace } from "../state/workspace";
import type { Channel } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";

export function startOf(space: Workspace, channel: Channel): string {
  const title = channelTitle(space, channel);
  return isRoom(channel) ? words.channel.startOf(title) : words.channel.startWith(title);
}

/** The first page could not be read. */
export function Unread({ conversation }: { conversation: Conversation }): JSX.Element {
  return (
    <div class="void">
      <Icon name="warn" size="l" />
      <p class="b6">{words.channel.loadFailed}</p>
      <p>{words.start.unreachableWhy}</p>
      <button class="btn sm" type="button" onClick={() => void conversation.open(true)}>{words.message.tryAgain}</button>
    </div>
  );
}

/** Nobody has written yet: what this is, and one thing to do. */
export function Empty({ channel, onDetails }: { channel: Channel; onDetails(): void }): JSX.Element {
  const space = useSpace();
  if (space.asking.sessionChannels.value.has(channel.id)) {
    return (
      <div class="void">
        <Icon name="ask" size="l" />
        <p class="b6">{askWords.session.start}</p>
        <p>{askWords.session.startWhy}</p>
      </div>
    );
  }
  const what = channel.kind === "private" ? words.channel.private : isRoom(channel) ? words.channel.public : words.channel.direct;
  return (
    <div class="void">
      <Icon name={isRoom(channel) ? (channel.kind === "private" ? "lock" : "hash") : "chat"} size="l" />
      <p class="b6">{startOf(space, channel)}</p>
      <p>{channel.topic || what}</p>
      {space.api !== null && isRoom(channel) && <button class="btn sm" type="button" onClick={onDetails}><Icon name="people" size="s" />{words.channel.addPeople}</button>}
    </div>
  );
}

export function Skeleton(): JSX.Element {
  return (
    <div class="skeleton" aria-busy="true" aria-label={words.start.opening}>
      {[0, 1, 2].map((index) => (
        <div class="msg" key={index}><span class="av sk" /><div class="sk-lines"><span class="sk short" /><span class="sk" /></div></div>
      ))}
    </div>
  );
}
