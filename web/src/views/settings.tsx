/** One's own settings: each change counts at once and says so. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Frame } from "../components/dialog";
import { later } from "../components/later";
import { Parts } from "../components/parts";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import * as actions from "../state/actions";
import { displayName } from "../state/people";
import { signOut } from "../state/session";
import { theme, type Theme } from "../state/theme";
import { words } from "../words";
import { chooseLanguage, chosenLanguage, LANGUAGES } from "../words/language";
import { pageWords } from "../words/page";
import { Invitations } from "./invitations";
import { Logins } from "./logins";
import { SayOfSelf } from "./say-of-self";
import { Password } from "./password";
import { AccessTokens } from "./tokens";

const ModelSettings = later(() => import("./data/model-settings").then((module) => module.ModelSettings));
const LimitSettings = later(() => import("./data/limit-settings").then((module) => module.LimitSettings));
const MyData = later(() => import("./my-data").then((module) => module.MyData));
const Notifications = later(() => import("./notifications").then((module) => module.Notifications));
const Programs = later(() => import("./programs").then((module) => module.Programs));
const THEMES: readonly Theme[] = ["system", "light", "dark"];
const STATUSES = ["online", "away", "dnd"] as const;

export function Settings({ onClose }: { onClose(): void }): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  const status = space.people.get(space.me)?.status ?? "online";
  const isMember = space.api !== null;
  const body = useRef<HTMLDivElement>(null);
  return (
    <Frame title={displayName(space.user.value)} wide={isMember} onClose={onClose}>
      {isMember && <Parts label={pageWords.settings.parts} within={body} />}
      <div class="body" ref={body}>
        <div class="pair">
          <fieldset>
            <legend class="lab">{words.dialog.status}</legend>
            <div class="seg">
              {STATUSES.map((name) => (
                <button key={name} type="button" aria-pressed={status === name} onClick={() => actions.setStatus(space, name).then(() => setError(null), setError)}>
                  <i class={`pres still ${name}`} />{words.dialog.statuses[name]}
                </button>
              ))}
            </div>
          </fieldset>
          <fieldset>
            <legend class="lab">{words.dialog.theme}</legend>
            <div class="seg">
              {THEMES.map((name) => (
                <button key={name} type="button" aria-pressed={theme.value === name} onClick={() => (theme.value = name)}>{words.dialog.themes[name]}</button>
              ))}
            </div>
          </fieldset>
        </div>
        <Trouble error={error} />
        <LanguageChoice />
        {isMember && <SayOfSelf />}
        {isMember ? <Profile /> : <p class="hint">{words.settings.guest}</p>}
        {isMember && <Notifications />}
        {isMember && <Password />}
        {isMember && <Logins />}
        {isMember && <AccessTokens />}
        {isMember && <MyData />}
        {space.user.value.role === "admin" && <Invitations />}
        {isMember && space.user.value.role !== "viewer" && <Programs />}
        {space.user.value.role === "admin" && <ModelSettings />}
        {space.user.value.role === "admin" && <LimitSettings />}
        <div class="acts"><button class="btn danger" type="button" onClick={() => void signOut()}>{words.dialog.signOut}</button></div>
      </div>
    </Frame>
  );
}

/** A choice loads the page anew: no sentence is left over in the other language. */
function LanguageChoice(): JSX.Element {
  const chosen = chosenLanguage();
  const say = pageWords.settings;
  return (
    <fieldset aria-describedby="language-hint">
      <legend class="lab">{say.language}</legend>
      <div class="seg">
        {[null, ...LANGUAGES].map((name) => (
          <button key={name} type="button" lang={name ?? undefined} aria-pressed={chosen === name} onClick={() => name !== chosen && chooseLanguage(name)}>{say.languages[name ?? "system"]}</button>
        ))}
      </div>
      <p class="hint" id="language-hint">{say.languageHint}</p>
    </fieldset>
  );
}

function Profile(): JSX.Element {
  const space = useSpace();
  const user = space.user.value;
  const [fullName, setFullName] = useState(user.full_name ?? "");
  const [username, setUsername] = useState(user.username);
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = fullName.trim() !== (user.full_name ?? "") || username.trim() !== user.username;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setError(null);
    try {
      await actions.changeProfile(space, fullName.trim(), username.trim());
      setSaid(true);
    } catch (failure) {
      setError(failure);
    }
  };
  const write = (set: (text: string) => void) => (event: InputEvent): void => {
    setSaid(false);
    set((event.currentTarget as HTMLInputElement).value);
  };
  return (
    <form class="part" onSubmit={(event) => void save(event)}>
      <h3>{words.settings.profile}</h3>
      <div class="pair">
        <div class="field"><label for="own-name">{words.settings.fullName}</label><input class="in" id="own-name" maxLength={100} autocomplete="name" value={fullName} onInput={write(setFullName)} /></div>
        <div class="field"><label for="own-username">{words.settings.username}</label><input class="in" id="own-username" required maxLength={50} autocomplete="username" value={username} onInput={write(setUsername)} /></div>
      </div>
      <Trouble error={error} />
      <div class="acts">
        <span class="said" role="status">{said && words.settings.saved}</span>
        <button class="btn" type="submit" disabled={!changed}>{words.settings.save}</button>
      </div>
    </form>
  );
}
