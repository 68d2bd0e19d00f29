/** The open workspace, for every component inside the door. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { displayName } from "../state/people";
import { plain } from "../state/plain";
import type { Workspace } from "../state/workspace";
import type { Channel, User } from "../wire/types";
import { words } from "../words";
import { laterWords } from "../words/later";

export const SpaceContext = createContext<Workspace | null>(null);

export function useSpace(): Workspace {
  const space = useContext(SpaceContext);
  if (space === null) throw new Error("used outside the workspace");
  return space;
}

/** The other people of a direct conversation, as far as they are known. */
export function peersOf(space: Workspace, channel: Channel): User[] {
  const members = space.peers.byChannel.value.get(channel.id) ?? [];
  return members.filter((id) => id !== space.me).flatMap((id) => space.people.get(id) ?? []);
}

export function channelName(space: Workspace, channel: Channel): string {
  if (isRoom(channel)) return plain(channel.name ?? "");
  const peers = peersOf(space, channel);
  if (peers.length > 0) return peers.map(displayName).join(", ");
  const isOwn = space.peers.byChannel.value.get(channel.id)?.every((id) => id === space.me) === true;
  return plain(channel.name ?? "") || (isOwn ? laterWords.ownChannel : words.side.direct);
}

/** The name as it is spoken of: `#orders`, or the person. */
export function channelTitle(space: Workspace, channel: Channel): string {
  const name = channelName(space, channel);
  return isRoom(channel) ? `#${name}` : name;
}

/** Has a name and changing members; the others are conversations. */
export function isRoom(channel: Channel): boolean {
  return channel.kind === "public" || channel.kind === "private";
}

/** May change the channel, its members and others' messages. The server has the last word. */
export function mayModerate(space: Workspace, channel: Channel | undefined): boolean {
  const role = channel?.membership?.role;
  if (role === "owner" || role === "admin") return true;
  return channel?.kind === "public" && space.user.value.role === "admin";
}
