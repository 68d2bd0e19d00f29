/** A lost password: asks for a link by mail, and takes the new password that a link leads to. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Trouble } from "../components/trouble";
import { api } from "../state/session";
import { words } from "../words";
import { notifyWords } from "../words/notifications";

const CHARS_MIN = 8;

interface LostPasswordProps {
  /** What a link carries; null: none was opened. */
  token: string | null;
  onBack(): void;
}

export function LostPassword({ token, onBack }: LostPasswordProps): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const [done, setDone] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setError(null);
    setWorking(true);
    try {
      if (token === null) await api.askForPassword(String(fields.get("email") ?? "").trim());
      else await api.choosePassword(token, String(fields.get("password") ?? ""));
      setDone(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setWorking(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div><h1>{token === null ? notifyWords.lostTitle : notifyWords.chooseTitle}</h1><p class="t2">{location.host}</p></div>
      {done && <p role="status">{token === null ? notifyWords.lostSent : notifyWords.chosen}</p>}
      {!done && token === null && (
        <div class="field">
          <label for="lost-email">{words.door.email}</label>
          <input class="in" id="lost-email" name="email" type="email" required autoFocus autocomplete="email" aria-describedby="lost-hint" />
          <p class="hint" id="lost-hint">{notifyWords.lostHint}</p>
        </div>
      )}
      {!done && token !== null && (
        <div class="field">
          <label for="lost-password">{words.door.password}</label>
          <input class="in" id="lost-password" name="password" type="password" required autoFocus minLength={CHARS_MIN} maxLength={128} autocomplete="new-password" aria-describedby="lost-hint" />
          <p class="hint" id="lost-hint">{words.door.passwordRule}</p>
        </div>
      )}
      <Trouble error={error} />
      {!done && <button class="btn pri wide" type="submit" disabled={working}>{working ? words.door.working : token === null ? notifyWords.lostSend : notifyWords.choose}</button>}
      <p class="t2 other"><button class="link" type="button" onClick={onBack}>{notifyWords.back}</button></p>
    </form>
  );
}
