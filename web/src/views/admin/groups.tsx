/** Groups: made, filled and deleted by admins. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { PersonSearch } from "../../components/person-search";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { displayName } from "../../state/people";
import { plain } from "../../state/plain";
import type { Group, GroupChange } from "../../wire/beside";
import type { User } from "../../wire/types";
import { words as pageWords } from "../../words";
import { besideWords } from "../../words/beside";

const say = besideWords.groups;

export function Groups(): JSX.Element {
  const space = useSpace();
  const [handle, setHandle] = useState("");
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>(null);
  const change = async (what: Promise<unknown> | undefined): Promise<void> => {
    setError(null);
    try {
      await what;
    } catch (failure) {
      setError(failure);
    }
    await space.beside.readGroups();
  };
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    await change(space.api?.beside.makeGroup({ handle: handle.trim(), name: name.trim(), description: "", member_ids: [] }).then(() => {
      setHandle("");
      setName("");
    }));
  };
  return (
    <section class="card" aria-label={say.title}>
      <div class="head"><h2 class="b6 grow">{say.title}</h2></div>
      <p class="hint">{say.hint}</p>
      <Trouble error={error} />
      {space.beside.groups.value.length === 0 && <p class="t3">{say.none}</p>}
      <ul class="groups">
        {space.beside.groups.value.map((group) => (
          <GroupRow key={group.id} group={group} onChange={(what) => change(space.api?.beside.changeGroup(group.id, what))} onRemove={() => change(space.api?.beside.removeGroup(group.id))} />
        ))}
      </ul>
      <form class="group-form" onSubmit={(event) => void make(event)}>
        <div class="field"><label for="group-handle">{say.handle}</label><input class="in" id="group-handle" required maxLength={64} autocomplete="off" value={handle} onInput={(event) => setHandle(event.currentTarget.value)} /></div>
        <div class="field"><label for="group-name">{say.name}</label><input class="in" id="group-name" maxLength={200} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} /></div>
        <button class="btn" type="submit" disabled={handle.trim() === ""}>{say.make}</button>
      </form>
    </section>
  );
}

interface GroupRowProps {
  group: Group;
  onChange(what: GroupChange): Promise<void>;
  onRemove(): Promise<void>;
}

function GroupRow({ group, onChange, onRemove }: GroupRowProps): JSX.Element {
  const space = useSpace();
  const [open, setOpen] = useState(false);
  const inside = new Set(group.member_ids);
  const add = (user: User): void => {
    space.people.meet([user]);
    void onChange({ member_ids: [...group.member_ids, user.id] });
  };
  const person = (id: string): string => displayName(space.people.get(id));
  return (
    <li>
      <div class="row wrap">
        <button class="link grow cut" type="button" aria-expanded={open} onClick={() => setOpen(!open)}><Icon name={open ? "down" : "right"} size="s" /><b class="cut">@{group.handle}</b> {group.name !== group.handle && <span class="cut">{plain(group.name)}</span>} <span class="t3">{say.members(group.member_ids.length)}</span></button>
        <button class="btn sm quiet danger" type="button" aria-label={say.removeGroup(group.handle)} onClick={() => void onRemove()}>{say.removeShort}</button>
      </div>
      {open && (
        <div class="part">
          <ul>
            {group.member_ids.map((id) => (
              <li class="row" key={id}>
                <span class="grow cut">{person(id)}</span>
                <button class="ib" type="button" aria-label={say.remove(person(id))} title={say.remove(person(id))} onClick={() => void onChange({ member_ids: group.member_ids.filter((other) => other !== id) })}><Icon name="x" size="s" /></button>
              </li>
            ))}
          </ul>
          <p class="b5">{say.add}</p>
          <PersonSearch onPick={add} barred={(user) => (inside.has(user.id) ? pageWords.details.inside : null)} />
        </div>
      )}
    </li>
  );
}
