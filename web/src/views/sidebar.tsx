/** Channels and direct conversations, with what is unread. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { Icon, Mark } from "../components/icon";
import { Says } from "../components/says";
import { channelName, isRoom, peersOf, useSpace } from "../components/space";
import * as actions from "../state/actions";
import { keyName } from "../components/key-name";
import { badgeOf, isMuted } from "../state/channels";
import { displayName } from "../state/people";
import type { Channel } from "../wire/types";
import { words } from "../words";
import { pageWords } from "../words/page";
import { AdminRow, DataRow, PrivateQuestions } from "./side-data";
import type { DialogName } from "./dialogs";

interface SidebarProps {
  onOpen(): void;
  /** On a rail: show the whole sidebar over the page. */
  onDrawer(): void;
  onDialog(name: DialogName): void;
}

export function Sidebar({ onOpen, onDrawer, onDialog }: SidebarProps): JSX.Element {
  const space = useSpace();
  const isGuest = space.api === null;
  const open = (channel: Channel): void => {
    actions.openChannel(space, channel.id);
    onOpen();
  };
  const user = space.user.value;
  const privates = space.asking.sessionChannels.value;
  const isOpen = (channel: Channel): boolean => !privates.has(channel.id);
  const rooms = space.channels.rooms.value.filter(isOpen);
  const attention = rooms.reduce((sum, channel) => sum + badgeOf(channel), 0);
  return (
    <aside class="side" aria-label={words.side.label}>
      <div class="org"><Mark /><span class="grow cut">{space.org.value?.name ?? words.product}</span></div>
      <button class="jump" type="button" title={pageWords.palette.open} onClick={() => onDialog("jump")}><Icon name="search" size="s" /><span class="grow">{pageWords.palette.open}</span><kbd aria-hidden="true">{keyName("K")}</kbd></button>
      <nav aria-label={words.side.main}>
        <button class="row drawer-open" type="button" title={words.side.channels} aria-label={words.side.channels} onClick={onDrawer}>
          <Icon name="chat" />
          {attention > 0 && <span class="badge">{attention}</span>}
        </button>
        {!isGuest && <ul class="places"><DataRow onOpen={onOpen} /><AdminRow onOpen={onOpen} /></ul>}
        <h2>
          <span class="grow">{words.side.channels}</span>
          {!isGuest && <HeadButton icon="list" label={words.side.browse} onClick={() => onDialog("browse")} />}
          {!isGuest && <HeadButton icon="plus" label={words.side.addChannel} onClick={() => onDialog("create")} />}
        </h2>
        <ul class="rooms">
          {rooms.map((channel) => <ChannelRow key={channel.id} channel={channel} onOpen={open} />)}
        </ul>
        {!isGuest && (
          <>
            <PrivateQuestions onOpen={onOpen} />
            <h2>
              <span class="grow">{words.side.direct}</span>
              <HeadButton icon="plus" label={words.side.newDirect} onClick={() => onDialog("direct")} />
            </h2>
            <ul>
              {space.channels.conversations.value.filter(isOpen).map((channel) => <ChannelRow key={channel.id} channel={channel} onOpen={open} />)}
            </ul>
          </>
        )}
      </nav>
      <div class="me">
        <button class="self" type="button" title={words.side.settings} onClick={() => onDialog("settings")}>
          <Avatar user={user} size="m" status={space.linkState.value === "ready" ? (space.people.get(user.id)?.status ?? "online") : "offline"} />
          <span class="grow cut b5">{displayName(user)} <Says user={space.people.get(user.id)} short /></span>
          <span class="sr">{words.side.settings}</span>
          <Icon name="gear" />
        </button>
        <HeadButton icon="keyboard" label={words.side.keys} onClick={() => onDialog("help")} />
      </div>
    </aside>
  );
}

function HeadButton({ icon, label, onClick }: { icon: "plus" | "list" | "keyboard"; label: string; onClick(): void }): JSX.Element {
  return (
    <button class="ib" type="button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} size={icon === "keyboard" ? "" : "s"} />
    </button>
  );
}

function ChannelRow({ channel, onOpen }: { channel: Channel; onOpen(channel: Channel): void }): JSX.Element {
  const space = useSpace();
  const current = space.openChannel.value === channel.id && space.asking.section.value === null;
  const muted = isMuted(channel);
  const unread = (channel.unread_count ?? 0) > 0 && !muted;
  const badge = badgeOf(channel);
  const name = channelName(space, channel);
  // A press lasts a tenth of a second: often enough to have read the channel when it is to be shown.
  const foresee = (): void => void space.conversation(channel.id).open();
  return (
    <li>
      <button class={`row ${unread ? "unread" : ""} ${muted ? "muted" : ""}`} type="button" title={name} aria-current={current ? "page" : undefined} onPointerDown={foresee} onClick={() => onOpen(channel)}>
        <Sign channel={channel} />
        <span class="grow cut">{name}{channel.kind === "direct" && <> <Says user={peersOf(space, channel)[0]} short /></>}</span>
        {badge > 0 ? (
          <span class="badge">{badge > 99 ? "99+" : badge}<span class="sr"> {words.side.mentions(badge)}</span></span>
        ) : (
          unread && <span class="pip"><span class="sr">{words.side.unread}</span></span>
        )}
      </button>
    </li>
  );
}

function Sign({ channel }: { channel: Channel }): JSX.Element {
  const space = useSpace();
  const named = isRoom(channel);
  useEffect(() => {
    if (named || space.api === null) return;
    void space.peers.find(channel.id, space.api, (users) => space.people.meet(users), (id) => space.people.get(id) !== undefined);
  }, [channel.id]);
  if (named) return <Icon name={channel.kind === "private" ? "lock" : "hash"} />;
  const [peer] = peersOf(space, channel);
  if (channel.kind === "group" || peer === undefined) return <Icon name="people" />;
  const status = peer.status ?? "offline";
  return (
    <>
      <Avatar user={peer} size="x" status={status} />
      <span class="sr">{words.dialog.statuses[status]}</span>
    </>
  );
}
