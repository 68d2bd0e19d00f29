/** What the palette can offer in this workspace, each with what happens when it is taken. */

import type { JSX } from "preact";
import { Avatar } from "../components/avatar";
import { Icon, type IconName } from "../components/icon";
import { channelName, isRoom, peersOf } from "../components/space";
import * as actions from "../state/actions";
import * as privately from "../state/ask/privately";
import type { Section } from "../state/ask/section";
import { jumpToUnread } from "../state/jump";
import type { Offer } from "../state/palette";
import { displayName } from "../state/people";
import { signOut } from "../state/session";
import { theme, type Theme } from "../state/theme";
import type { Workspace } from "../state/workspace";
import type { Channel, User } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";
import { jumpWords } from "../words/jump";
import { besideWords } from "../words/beside";
import { pageWords } from "../words/page";
import { searchWords } from "../words/search";
import type { DialogName } from "./dialogs";

const say = pageWords.palette;
const THEMES: readonly Theme[] = ["light", "dark", "system"];
const STATUSES = ["online", "away", "dnd"] as const;
/** Fewer letters are no question yet. */
const QUESTION_CHARS_MIN = 4;

export interface Deed extends Offer {
  sign: JSX.Element;
  hint?: string;
  keys?: string;
  run(): void | Promise<unknown>;
}

export interface OffersOf {
  query: string;
  found: readonly User[];
  onOpened(): void;
  onDialog(name: DialogName): void;
}

export function offersOf(space: Workspace, ports: OffersOf): Deed[] {
  return [...channels(space, ports), ...people(space, ports), ...places(space, ports), ...deeds(space, ports), ...question(space, ports)];
}

/** What is unread first: that is where one most likely wants to go. */
function channels(space: Workspace, { onOpened }: OffersOf): Deed[] {
  const listed = [...space.channels.rooms.value, ...space.channels.conversations.value].filter((channel) => !space.asking.sessionChannels.value.has(channel.id));
  const inOrder = listed.sort((a, b) => Number((b.unread_count ?? 0) > 0) - Number((a.unread_count ?? 0) > 0));
  const mine = inOrder.map((channel): Deed => ({
    ...channelOffer(space, channel),
    ...((channel.unread_count ?? 0) > 0 ? { hint: words.side.unread } : {}),
    run: () => {
      actions.openChannel(space, channel.id);
      onOpened();
    },
  }));
  const joinable = space.channels.joinable.value.map((channel): Deed => ({
    ...channelOffer(space, channel),
    hint: say.join,
    run: () => actions.joinChannel(space, channel).then(onOpened),
  }));
  return [...mine, ...joinable];
}

function channelOffer(space: Workspace, channel: Channel): Omit<Deed, "run"> {
  const [peer] = isRoom(channel) ? [] : peersOf(space, channel);
  const icon: IconName = channel.kind === "private" ? "lock" : isRoom(channel) ? "hash" : "people";
  return {
    id: channel.id,
    group: "go",
    name: channelName(space, channel),
    also: `${channel.topic ?? ""} ${peer?.username ?? ""}`.trim(),
    sign: peer !== undefined && channel.kind === "direct" ? <Avatar user={peer} size="x" status={peer.status ?? "offline"} /> : <Icon name={icon} />,
  };
}

/** People without a conversation yet; the others are among the channels. */
function people(space: Workspace, { found, onOpened }: OffersOf): Deed[] {
  if (space.api === null) return [];
  const talkingTo = new Set(space.channels.conversations.value.filter((channel) => channel.kind === "direct").flatMap((channel) => peersOf(space, channel).map((user) => user.id)));
  const all = new Map([...space.people.byId.value.values(), ...found].map((user) => [user.id, user]));
  return [...all.values()]
    .filter((user) => user.id !== space.me && !talkingTo.has(user.id))
    .map((user) => ({
      id: user.id,
      group: "people",
      name: displayName(user),
      also: user.username,
      hint: user.username,
      sign: <Avatar user={user} size="x" status={user.status ?? "offline"} />,
      run: () => actions.startDirect(space, user).then(onOpened),
    }));
}

function places(space: Workspace, { onOpened }: OffersOf): Deed[] {
  if (space.api === null) return [];
  const to = (section: Section, name: string, icon: IconName): Deed => ({
    id: `section ${name}`,
    group: "go",
    name,
    sign: <Icon name={icon} />,
    run: () => {
      space.asking.section.value = section;
      onOpened();
    },
  });
  const forAdmins = [to({ name: "admin", tab: "people" }, pageWords.side.people, "people"), to({ name: "admin", tab: "health" }, pageWords.side.health, "shield"), to({ name: "audit" }, pageWords.side.audit, "shield")];
  return [to({ name: "connections" }, askWords.side.data, "data"), to({ name: "private" }, askWords.side.newPrivate, "ask"), ...(space.asking.isAdmin ? forAdmins : [])];
}

function deeds(space: Workspace, { onDialog }: OffersOf): Deed[] {
  const doing = (name: string, icon: IconName, run: Deed["run"], keys?: string): Deed => ({ id: `do ${name}`, group: "do", name, sign: <Icon name={icon} />, ...(keys === undefined ? {} : { keys }), run });
  const here = space.asking.section.value === null ? space.channels.get(space.openChannel.value) : undefined;
  const unread = here !== undefined && space.conversation(here.id).newAfter.value !== null;
  const forReaders = here === undefined ? [] : [
    doing(jumpWords.toDay, "calendar", () => onDialog("day"), "G"),
    ...(unread ? [doing(jumpWords.toUnread, "up", () => jumpToUnread(space, here))] : []),
  ];
  const forMembers = [
    ...forReaders,
    doing(searchWords.open, "search", () => space.search.show(), "/"),
    doing(say.markAllRead, "check", () => actions.markAllRead(space), "⇧ Esc"),
    doing(words.side.newDirect, "edit", () => onDialog("direct")),
    doing(words.side.addChannel, "plus", () => onDialog("create")),
    doing(words.side.browse, "list", () => onDialog("browse")),
  ];
  return [
    ...(space.api === null ? [] : forMembers),
    ...(space.api === null || space.openChannel.value === null ? [] : [doing(besideWords.pins, "pin", () => onDialog("details"))]),
    doing(words.side.settings, "gear", () => onDialog("settings")),
    doing(words.side.keys, "keyboard", () => onDialog("help"), "?"),
    ...THEMES.filter((name) => name !== theme.value).map((name) => doing(say.theme(words.dialog.themes[name]), "eye", () => void (theme.value = name))),
    ...STATUSES.map((name) => doing(say.status(words.dialog.statuses[name]), "user", () => actions.setStatus(space, name).catch(() => undefined))),
    doing(say.signOut, "left", () => signOut()),
  ];
}

/** A question goes into a private conversation: who jumps has no audience in mind. */
function question(space: Workspace, { query, onOpened }: OffersOf): Deed[] {
  const asked = query.trim();
  if (space.api === null || asked.length < QUESTION_CHARS_MIN) return [];
  const begin = async (): Promise<void> => {
    const usable = await space.asking.readConnections().then(() => space.asking.usable.value, () => []);
    const only = usable.length === 1 ? (usable[0]?.id ?? null) : null;
    await privately.begin(space, asked, only).then(onOpened, () => {
      // Why it was refused is said there, and the words are kept.
      sessionStorage.setItem("starling.draft.private", asked);
      space.asking.section.value = { name: "private" };
      onOpened();
    });
  };
  return [{ id: "ask", group: "ask", name: say.ask(asked), hint: askWords.seenByYou, sign: <Icon name="ask" />, run: begin }];
}
