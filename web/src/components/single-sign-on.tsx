/** The way to another server's sign-in, where this one has it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../state/session";
import { signOnFailed } from "../state/single-sign-on";
import type { SignOn } from "../wire/types";
import { words } from "../words";
import { Trouble } from "./trouble";

export function SingleSignOn(): JSX.Element | null {
  const [way, setWay] = useState<SignOn | null>(null);
  useEffect(() => {
    // A server that does not say has none: the door works without it.
    api.methods().then((methods) => setWay(methods.oidc), () => undefined);
  }, []);
  const failed = signOnFailed.value;
  const reasons: Record<string, string> = words.signOn.failed;
  return (
    <>
      {failed !== null && <Trouble error={reasons[failed] ?? words.signOn.failed.unavailable} />}
      {way !== null && <a class="btn wide" href={way.login_url}>{way.label}</a>}
    </>
  );
}
