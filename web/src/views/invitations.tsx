/** For admins: links that bring people in, and those that wait to be used. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import type { Invitation, OrgRole } from "../wire/types";
import { words } from "../words";
import { notifyWords } from "../words/notifications";

const ROLES: readonly OrgRole[] = ["analyst", "viewer", "admin"];

export function Invitations(): JSX.Element {
  const space = useSpace();
  const [waiting, setWaiting] = useState<Invitation[]>([]);
  const [link, setLink] = useState<string | null>(null);
  const [mailed, setMailed] = useState(false);
  const [role, setRole] = useState<OrgRole>("analyst");
  const [email, setEmail] = useState("");
  const [error, setError] = useState<unknown>(null);
  const read = (): Promise<void> => space.api?.invitations().then(setWaiting) ?? Promise.resolve();
  useEffect(() => void read().catch(setError), []);
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    setError(null);
    try {
      const made = await space.api?.invite(role, email.trim());
      // The server knows where it listens; only this page knows by what address people reach it.
      setLink(made === undefined ? null : `${location.origin}/?invite=${made.invite_token ?? ""}`);
      setMailed(made?.is_mailed === true);
      setEmail("");
      await read();
    } catch (failure) {
      setError(failure);
    }
  };
  const withdraw = (invitation: Invitation): void => {
    setLink(null);
    space.api?.withdraw(invitation.id).then(read).catch(setError);
  };
  return (
    <form class="part" aria-label={words.settings.invitations} onSubmit={(event) => void make(event)}>
      <h3>{words.settings.invitations}</h3>
      <p class="hint">{words.settings.inviteHint}</p>
      <div class="pair">
        <div class="field">
          <label for="invite-email">{words.settings.inviteEmail}</label>
          <input class="in" id="invite-email" type="email" autocomplete="off" value={email} aria-describedby="invite-email-hint" onInput={(event) => setEmail(event.currentTarget.value)} />
          <p class="hint" id="invite-email-hint">{words.settings.inviteEmailHint}</p>
        </div>
        <fieldset>
          <legend class="lab">{words.settings.inviteRole}</legend>
          <div class="seg">
            {ROLES.map((name) => <button key={name} type="button" aria-pressed={role === name} onClick={() => setRole(name)}>{words.settings.roles[name]}</button>)}
          </div>
        </fieldset>
      </div>
      <Trouble error={error} />
      {link !== null && <LinkToCopy link={link} />}
      {link !== null && mailed && <p class="hint">{notifyWords.mailed}</p>}
      <ul class="list">
        {waiting.map((invitation) => {
          const whom = invitation.email ?? words.settings.anyone;
          return (
            <li class="row two" key={invitation.id}>
              <span class="grow cut">{whom}<span class="hint">{words.settings.roles[invitation.role]} · {words.settings.until(momentName(invitation.expires_at))}</span></span>
              <button class="btn sm" type="button" aria-label={words.settings.withdraw(whom)} onClick={() => withdraw(invitation)}>{words.settings.withdrawShort}</button>
            </li>
          );
        })}
      </ul>
      <div class="acts"><button class="btn" type="submit">{words.settings.invite}</button></div>
    </form>
  );
}

function LinkToCopy({ link }: { link: string }): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  useEffect(() => setSaid(""), [link]);
  const copy = async (): Promise<void> => {
    box.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setSaid(words.settings.copied);
    } catch {
      // Without a secure context there is no clipboard; the marked text is one key away from it.
      setSaid(words.settings.copyYourself);
    }
  };
  return (
    <div class="field">
      <label for="invite-link">{words.settings.link}</label>
      <div class="with-button">
        <input class="in" id="invite-link" readOnly ref={box} value={link} onFocus={(event) => event.currentTarget.select()} />
        <button class="btn pri" type="button" onClick={() => void copy()}>{words.settings.copy}</button>
      </div>
      <p class="hint" role="status">{said}</p>
    </div>
  );
}
