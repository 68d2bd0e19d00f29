/** What a channel is for, who is in it, and the way out of it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { Frame } from "../components/dialog";
import { channelTitle, useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import * as actions from "../state/actions";
import { displayName } from "../state/people";
import type { Id } from "../wire/types";
import { words } from "../words";

export function ChannelDetails({ onClose }: { onClose(): void }): JSX.Element | null {
  const space = useSpace();
  const channel = space.channels.get(space.openChannel.value);
  const [members, setMembers] = useState<Id[]>([]);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (channel === undefined) return;
    space.api?.members(channel.id).then((found) => {
      space.people.meet(found.flatMap((member) => member.user ?? []));
      setMembers(found.map((member) => member.user_id));
    }, setError);
  }, [channel?.id]);
  if (channel === undefined) return null;
  const leave = (): void => {
    actions.leaveChannel(space, channel).then(onClose, setError);
  };
  return (
    <Frame title={channelTitle(space, channel)} onClose={onClose}>
      <div class="body">
        {channel.topic && <p>{channel.topic}</p>}
        <Trouble error={error} />
        <p class="t3">{words.channel.members(channel.member_count ?? members.length)}</p>
        <ul class="list">
          {members.map((id) => {
            const user = space.people.get(id);
            return user === undefined ? null : (
              <li class="row" key={id}>
                <Avatar user={user} size="m" status={user.status ?? "offline"} />
                <span class="cut">{displayName(user)} <span class="t3">{user.username}</span></span>
              </li>
            );
          })}
        </ul>
        <div class="acts"><button class="btn danger" type="button" onClick={leave}>{words.channel.leave}</button></div>
      </div>
    </Frame>
  );
}
