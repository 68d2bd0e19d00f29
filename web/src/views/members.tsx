/** Who is in a channel: added by members, taken out by those who run it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { Icon } from "../components/icon";
import { PersonSearch } from "../components/person-search";
import { Says } from "../components/says";
import { isRoom, mayModerate, useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { displayName } from "../state/people";
import type { Channel, Membership, User } from "../wire/types";
import { words } from "../words";

export function Members({ channel }: { channel: Channel }): JSX.Element {
  const space = useSpace();
  const [members, setMembers] = useState<readonly Membership[]>([]);
  const [adding, setAdding] = useState(false);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<unknown>(null);
  const read = async (): Promise<void> => {
    const found = (await space.api?.members(channel.id)) ?? [];
    space.people.meet(found.flatMap((member) => member.user ?? []));
    setMembers(found);
  };
  useEffect(() => void read().catch(setError), [channel.id, channel.member_count]);
  const change = async (what: Promise<unknown> | undefined, done: string): Promise<void> => {
    setError(null);
    try {
      await what;
      await read();
      setSaid(done);
    } catch (failure) {
      setError(failure);
    }
  };
  const add = (user: User): void => void change(space.api?.addMember(channel.id, user.id), words.details.added(displayName(user)));
  const remove = (id: string, name: string): void => void change(space.api?.removeMember(channel.id, id), words.details.removed(name));
  const count = members.length || (channel.member_count ?? 0);
  const inside = new Set(members.map((member) => member.user_id));
  const mayAdd = isRoom(channel) && channel.membership !== null && channel.membership?.role !== "guest";
  return (
    <section class="part" aria-label={words.channel.members(count)}>
      <div class="about">
        <h3 class="grow">{words.channel.members(count)}</h3>
        {mayAdd && !adding && <button class="btn sm" type="button" onClick={() => setAdding(true)}><Icon name="plus" size="s" />{words.channel.addPeople}</button>}
      </div>
      <p class="said" role="status">{said}</p>
      <Trouble error={error} />
      {adding && <PersonSearch summoned onPick={add} barred={(user) => (inside.has(user.id) ? words.details.inside : null)} />}
      <ul class="list">
        {members.map((member) => {
          const user = space.people.get(member.user_id);
          const mayRemove = isRoom(channel) && mayModerate(space, channel) && member.role !== "owner" && member.user_id !== space.me;
          return user === undefined ? null : (
            <li class="row" key={member.user_id}>
              <Avatar user={user} size="m" status={user.status ?? "offline"} />
              <span class="grow cut">{displayName(user)} <Says user={user} /> <span class="t3">{user.username} {words.details.roles[member.role] && `· ${words.details.roles[member.role]}`}</span></span>
              {mayRemove && <button class="ib" type="button" title={words.details.remove(displayName(user))} aria-label={words.details.remove(displayName(user))} onClick={() => remove(member.user_id, displayName(user))}><Icon name="x" size="s" /></button>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
