/** Who is in the organization, what they may do, and whether they may sign in. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../../components/avatar";
import { Confirm } from "../../components/confirm";
import { Erase } from "../../components/erase";
import { momentName } from "../../components/moments";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { displayName } from "../../state/people";
import type { OrgRole, Person } from "../../wire/types";
import { words as everyWords } from "../../words";
import { adminWords } from "../../words/admin";
import { keepingWords } from "../../words/keeping";
import { DataPage } from "../data/page";
import { Groups } from "./groups";
import { OrganizationCard } from "./organization";
import { Tabs } from "./section";

const words = adminWords.people;
const ROLES: readonly OrgRole[] = ["admin", "analyst", "viewer"];
const SEARCH_PAUSE_MS = 250;

export function People({ onBack }: { onBack(): void }): JSX.Element {
  const space = useSpace();
  const [query, setQuery] = useState("");
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<unknown>(null);
  const read = async (cursor: string | null): Promise<void> => {
    const page = await space.api?.people(query.trim(), cursor);
    if (page === undefined) return;
    setPeople((held) => (cursor === null ? page.people : [...(held ?? []), ...page.people]));
    setNext(page.next);
  };
  useEffect(() => {
    const timer = setTimeout(() => void read(null).then(() => setError(null), setError), query === "" ? 0 : SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [query]);
  const change = async (person: Person, what: { role?: OrgRole; is_active?: boolean }): Promise<void> => {
    setError(null);
    setSaid("");
    try {
      const changed = await space.api?.changePerson(person.id, what);
      if (changed === undefined) return;
      setPeople((held) => (held ?? []).map((other) => (other.id === changed.id ? changed : other)));
      setSaid(words.saved(displayName(changed)));
    } catch (failure) {
      setError(failure);
    }
  };
  const erased = async (person: Person): Promise<void> => {
    setError(null);
    setSaid(keepingWords.erase.done(displayName(person)));
    // The form goes, and the button that opened it.
    document.getElementById("people-find")?.focus();
    const show = (left: Person): void => setPeople((held) => (held ?? []).map((other) => (other.id === left.id ? left : other)));
    // They are erased, whether or not it can be read what stands in their place.
    show({ ...person, username: "", full_name: null, is_erased: true });
    const left = await space.api?.person(person.id).catch(() => undefined);
    if (left === undefined) return;
    space.people.meet([{ id: left.id, username: left.username, full_name: left.full_name ?? null, custom_status: null }]);
    show(left);
  };
  return (
    <DataPage icon="people" title={words.title} actions={<Tabs tab="people" />} onBack={onBack}>
      <OrganizationCard />
      <Groups />
      <div class="field narrow"><label for="people-find">{words.find}</label><input class="in" id="people-find" type="search" autocomplete="off" value={query} onInput={(event) => setQuery(event.currentTarget.value)} /></div>
      <p class="hint">{words.rolesWhy}</p>
      <Trouble error={error} />
      <p class="said" role="status">{said}</p>
      {people?.length === 0 && <p class="t3">{words.none}</p>}
      <ul class="people">
        {(people ?? []).map((person) => <Row key={person.id} person={person} onChange={(what) => change(person, what)} onErased={() => void erased(person)} />)}
      </ul>
      {next !== null && <div class="acts"><button class="btn sm" type="button" onClick={() => void read(next).catch(setError)}>{words.more}</button></div>}
    </DataPage>
  );
}

interface RowProps {
  person: Person;
  onChange(what: { role?: OrgRole; is_active?: boolean }): Promise<void>;
  onErased(): void;
}

function Row({ person, onChange, onErased }: RowProps): JSX.Element {
  const space = useSpace();
  const [sure, setSure] = useState(false);
  const [erasing, setErasing] = useState(false);
  const name = displayName(person);
  const own = person.id === space.me;
  const active = person.is_active !== false;
  const isGuest = person.role === "guest";
  if (person.is_erased === true) return <Erased person={person} />;
  const notes = [own ? words.you : "", person.is_superuser ? words.superuser : "", active ? "" : words.inactive].filter((note) => note !== "");
  return (
    <li class={active ? "" : "off"}>
      <Avatar user={person} size="m" status={person.status ?? "offline"} />
      <div class="grow who">
        <p class="cut"><b class="b5">{name}</b>{notes.length > 0 && <span class="t3"> · {notes.join(" · ")}</span>}</p>
        <p class="hint cut">{person.username}{person.email ? ` · ${person.email}` : ""}{person.created_at ? ` · ${words.since} ${momentName(person.created_at)}` : ""}</p>
      </div>
      {isGuest ? (
        <span class="chip">{words.roles.guest}</span>
      ) : (
        <select class="in sm" aria-label={words.roleOf(name)} value={person.role ?? "viewer"} disabled={own} onChange={(event) => void onChange({ role: event.currentTarget.value as OrgRole })}>
          {ROLES.map((role) => <option key={role} value={role}>{words.roles[role]}</option>)}
        </select>
      )}
      <button class={`btn sm ${active ? "quiet" : ""}`} type="button" disabled={own} aria-label={active ? words.switchOffOf(name) : words.switchOnOf(name)} onClick={() => (active ? setSure(true) : void onChange({ is_active: true }))}>{active ? words.switchOff : words.switchOn}</button>
      {!own && person.is_superuser !== true && person.is_bot !== true && <button class="btn sm quiet" type="button" aria-label={keepingWords.erase.of(name)} aria-expanded={erasing} onClick={() => setErasing(!erasing)}>{keepingWords.erase.button}</button>}
      {erasing && <Erase person={person} onErased={onErased} onNo={() => setErasing(false)} />}
      {sure && (
        <Confirm
          question={words.switchOffSure(name)}
          yes={words.switchOffYes}
          no={words.keep}
          onNo={() => setSure(false)}
          onYes={() => {
            setSure(false);
            void onChange({ is_active: false });
          }}
        />
      )}
    </li>
  );
}

/** Somebody of whom nothing is known any more. */
function Erased({ person }: { person: Person }): JSX.Element {
  return (
    <li class="off">
      <Avatar user={person} size="m" />
      <div class="grow who">
        <p class="cut"><b class="b5">{everyWords.people.erased}</b><span class="t3"> · {keepingWords.erase.erased}</span></p>
        <p class="hint cut">{person.username}</p>
      </div>
    </li>
  );
}
