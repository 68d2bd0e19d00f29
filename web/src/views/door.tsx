/** Sign in, sign up, or come in as a guest. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon, Mark } from "../components/icon";
import { later } from "../components/later";
import { SingleSignOn } from "../components/single-sign-on";
import { Sky } from "../components/sky";
import { Trouble } from "../components/trouble";
import { api, endedBecause, enterAsGuest, signIn, signUp } from "../state/session";
import { words } from "../words";
import { notifyWords } from "../words/notifications";

type Way = "in" | "up" | "guest" | "lost";

const LostPassword = later(() => import("./lost-password").then((module) => module.LostPassword));

const invitation = new URLSearchParams(location.search).get("invite") ?? new URLSearchParams(location.search).get("invite_token");
/** A link of a letter that lets one choose a new password. */
const reset = new URLSearchParams(location.search).get("reset");

export function Door(): JSX.Element {
  const [way, setWay] = useState<Way>(reset !== null ? "lost" : invitation === null ? "in" : "up");
  const [token, setToken] = useState(reset);
  const [error, setError] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const go = (next: Way): void => {
    setError(null);
    setWay(next);
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "").trim();
    setError(null);
    setWorking(true);
    try {
      if (way === "guest") await enterAsGuest(value("username"));
      else if (way === "in") await signIn(value("login"), String(form.get("password") ?? ""));
      else {
        await signUp(registration(value, String(form.get("password") ?? "")));
        // An invitation works once: it has no place in the address any more.
        if (invitation !== null) history.replaceState(null, "", location.pathname);
      }
    } catch (failure) {
      setError(failure);
    } finally {
      setWorking(false);
    }
  };
  // The link counts once: it has no place in the address any more.
  const back = (): void => {
    history.replaceState(null, "", location.pathname);
    setToken(null);
    go("in");
  };
  const ended = endedBecause.value;
  return (
    <div class="door">
      <main class="form">
        <div class="top"><Mark />{words.product}</div>
        {way === "lost" ? <LostPassword token={token} onBack={back} /> : <form key={way} onSubmit={(event) => void submit(event)}>
          <div><h1>{way === "in" ? words.door.signInTitle : way === "up" ? words.door.signUpTitle : words.door.guestTitle}</h1><p class="t2">{location.host}</p></div>
          {ended !== null && error === null && <Trouble error={words.door.ended[ended]} />}
          {way === "up" && invitation !== null && <p class="hint">{words.door.invited}</p>}
          <Fields way={way} />
          <Trouble error={error} />
          <button class="btn pri wide" type="submit" disabled={working}>
            {working ? words.door.working : way === "in" ? words.door.signIn : way === "up" ? words.door.signUp : words.door.guest}
          </button>
          {way !== "guest" && <SingleSignOn />}
          <Others way={way} go={go} />
        </form>}
        <div class="foot"><span>{words.door.footer}</span></div>
      </main>
      <div class="sky" aria-hidden="true"><Sky /></div>
    </div>
  );
}

function registration(value: (name: string) => string, password: string): Parameters<typeof signUp>[0] {
  const optional = {
    ...(value("full_name") === "" ? {} : { full_name: value("full_name") }),
    ...(value("username") === "" ? {} : { username: value("username") }),
    ...(value("org_name") === "" ? {} : { org_name: value("org_name") }),
    ...(invitation === null ? {} : { invite_token: invitation }),
  };
  return { email: value("email"), password, ...optional };
}

function Fields({ way }: { way: Way }): JSX.Element {
  if (way === "guest") {
    return <Field name="username" label={words.door.username} autocomplete="nickname" first hint={words.door.guestHint} />;
  }
  if (way === "in") {
    return <><Field name="login" label={words.door.login} autocomplete="username" first /><Password autocomplete="current-password" /></>;
  }
  return (
    <>
      <Field name="full_name" label={words.door.fullName} autocomplete="name" first />
      <Field name="email" label={words.door.email} type="email" autocomplete="email" />
      <Password autocomplete="new-password" hint={words.door.passwordRule} />
      {invitation === null && <Field name="org_name" label={words.door.organization} autocomplete="organization" hint={words.door.organizationHint} optional />}
    </>
  );
}

interface FieldProps {
  name: string;
  label: string;
  autocomplete: string;
  type?: "text" | "email";
  hint?: string;
  optional?: boolean;
  /** Has the focus when the form appears. */
  first?: boolean;
}

function Field({ name, label, autocomplete, type = "text", hint, optional = false, first = false }: FieldProps): JSX.Element {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input class="in" id={name} name={name} {...(type === "email" ? { type: "email" as const } : { type: "text" as const })} autocomplete={autocomplete} required={!optional} autoFocus={first} aria-describedby={hint === undefined ? undefined : `${name}-hint`} />
      {hint !== undefined && <p class="hint" id={`${name}-hint`}>{hint}</p>}
    </div>
  );
}

function Password({ autocomplete, hint }: { autocomplete: string; hint?: string }): JSX.Element {
  const [shown, setShown] = useState(false);
  return (
    <div class="field">
      <label for="password">{words.door.password}</label>
      <div class="suffix">
        <input class="in" id="password" name="password" {...(shown ? { type: "text" as const } : { type: "password" as const })} autocomplete={autocomplete} required minLength={hint === undefined ? 1 : 8} maxLength={128} aria-describedby={hint === undefined ? undefined : "password-hint"} />
        <button class="ib" type="button" aria-label={shown ? words.door.hidePassword : words.door.showPassword} aria-pressed={shown} onClick={() => setShown(!shown)}><Icon name="eye" /></button>
      </div>
      {hint !== undefined && <p class="hint" id="password-hint">{hint}</p>}
    </div>
  );
}

function Others({ way, go }: { way: Way; go(way: Way): void }): JSX.Element {
  const link = (to: Way, text: string): JSX.Element => <button class="link" type="button" onClick={() => go(to)}>{text}</button>;
  const [canReset, setCanReset] = useState(false);
  useEffect(() => void api.methods().then((methods) => setCanReset(methods.password_reset), () => undefined), []);
  if (way === "in") {
    return <p class="t2 other">{canReset && <>{link("lost", notifyWords.lost)} </>}{words.door.newHere} {link("up", words.door.createAccount)} {words.door.or} {link("guest", words.door.joinAsGuest)}</p>;
  }
  return <p class="t2 other">{words.door.haveAccount} {link("in", words.door.signIn)}</p>;
}
