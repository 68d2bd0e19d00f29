/** The organization itself: its name, who may come in, and how much of its limits is used. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { AllKeeping } from "../../components/keeping";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import type { OrganizationDetails, RegistrationMode } from "../../wire/types";
import { besideWords } from "../../words/beside";
import { adminWords } from "../../words/admin";
import { locale } from "../../words/language";

const words = adminWords.organization;
const REGISTRATIONS: readonly RegistrationMode[] = ["open", "invite", "closed"];

export function OrganizationCard(): JSX.Element {
  const space = useSpace();
  const [held, setHeld] = useState<OrganizationDetails | null>(null);
  const [name, setName] = useState("");
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const take = (details: OrganizationDetails | undefined): void => {
    if (details === undefined) return;
    setHeld(details);
    setName(details.name);
    space.org.value = details;
  };
  useEffect(() => void space.api?.organization().then(take, setError), []);
  const change = async (what: { name?: string; registration?: RegistrationMode; settings?: Record<string, unknown> }): Promise<void> => {
    setError(null);
    setSaid(false);
    try {
      take(await space.api?.changeOrganization(what));
      setSaid(true);
    } catch (failure) {
      setError(failure);
    }
  };
  const of = (used: number, most: number | null): string => (most === null ? used.toLocaleString(locale) : words.of(used.toLocaleString(locale), most.toLocaleString(locale)));
  return (
    <form class="card" aria-label={words.title} onSubmit={(event) => { event.preventDefault(); void change({ name: name.trim() }); }}>
      <div class="head"><h2 class="b6 grow">{words.title}</h2>{held !== null && <span class="t3 num">{words.people}: {of(held.users, held.max_users)} · {words.connections}: {of(held.connections, held.max_connections)}</span>}</div>
      <div class="two">
        <div class="field"><label for="org-name">{words.name}</label><div class="with-button"><input class="in" id="org-name" required maxLength={100} value={name} onInput={(event) => { setName(event.currentTarget.value); setSaid(false); }} /><button class="btn" type="submit" disabled={held === null || name.trim() === held.name}>{words.save}</button></div></div>
        <fieldset>
          <legend class="lab">{words.registration}</legend>
          <div class="seg">
            {REGISTRATIONS.map((mode) => <button key={mode} type="button" aria-pressed={held?.registration === mode} onClick={() => void change({ registration: mode })}>{words.registrations[mode]}</button>)}
          </div>
        </fieldset>
      </div>
      <label class="check"><input type="checkbox" checked={held?.settings?.["link_previews"] !== false} disabled={held === null} onChange={(event) => void change({ settings: { link_previews: event.currentTarget.checked } })} /> {besideWords.links.orgSwitch} <span class="hint">{besideWords.links.orgHint}</span></label>
      <AllKeeping />
      <Trouble error={error} />
      <p class="said" role="status">{said && words.saved}</p>
    </form>
  );
}
