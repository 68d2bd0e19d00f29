/** Where one is signed in, and the way to end it there. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { deviceName } from "../components/devices";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import type { Login } from "../wire/types";
import { words } from "../words";

export function Logins(): JSX.Element {
  const space = useSpace();
  const [logins, setLogins] = useState<Login[]>([]);
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const read = (): Promise<void> => space.api?.logins().then((found) => setLogins(inOrder(found))) ?? Promise.resolve();
  useEffect(() => void read().catch(setError), []);
  const end = async (what: Promise<void> | undefined): Promise<void> => {
    setError(null);
    try {
      await what;
      await read();
      setSaid(true);
    } catch (failure) {
      setError(failure);
    }
  };
  const others = logins.filter((login) => !login.is_current);
  return (
    <section class="part" aria-label={words.settings.sessions}>
      <h3>{words.settings.sessions}</h3>
      <Trouble error={error} />
      <ul class="list">
        {logins.map((login) => {
          const device = deviceName(login.user_agent);
          return (
            <li class="row two" key={login.id}>
              <span class="grow cut">
                {device}
                <span class="hint">{login.is_current ? words.settings.thisOne : words.settings.lastUsed(momentName(login.last_used_at))}{login.ip_address && ` · ${login.ip_address}`}</span>
              </span>
              {!login.is_current && <button class="btn sm" type="button" aria-label={words.settings.end(device)} onClick={() => void end(space.api?.endLogin(login.id))}>{words.settings.endShort}</button>}
            </li>
          );
        })}
      </ul>
      <div class="acts">
        <span class="said" role="status">{said && words.settings.ended}</span>
        {others.length > 0 && <button class="btn" type="button" onClick={() => void end(space.api?.endOtherLogins())}>{words.settings.endOthers}</button>}
      </div>
    </section>
  );
}

/** This browser first, then what was used last. */
function inOrder(logins: readonly Login[]): Login[] {
  return [...logins].sort((a, b) => Number(b.is_current) - Number(a.is_current) || b.last_used_at.localeCompare(a.last_used_at));
}
