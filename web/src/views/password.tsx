/** Another password: the old one proves that it is oneself, and every other sign-in ends. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { pageWords } from "../words/page";

const words = pageWords.settings;
const CHARS_MIN = 8;

export function Password(): JSX.Element {
  const space = useSpace();
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    setError(null);
    try {
      await space.api?.changePassword(String(fields.get("current") ?? ""), String(fields.get("fresh") ?? ""));
      form.reset();
      setSaid(true);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <form class="part" aria-label={words.password} onSubmit={(event) => void submit(event)} onInput={() => setSaid(false)}>
      <h3>{words.password}</h3>
      <input class="sr" type="text" name="username" autocomplete="username" tabIndex={-1} aria-hidden="true" readOnly value={space.user.value.email ?? space.user.value.username} />
      <div class="pair">
        <div class="field"><label for="password-current">{words.currentPassword}</label><input class="in" id="password-current" name="current" type="password" required autocomplete="current-password" /></div>
        <div class="field"><label for="password-new">{words.newPassword}</label><input class="in" id="password-new" name="fresh" type="password" required minLength={CHARS_MIN} autocomplete="new-password" aria-describedby="password-new-hint" /><p class="hint" id="password-new-hint">{words.passwordHint}</p></div>
      </div>
      <Trouble error={error} />
      <div class="acts"><span class="said" role="status">{said && words.passwordChanged}</span><button class="btn" type="submit">{words.changePassword}</button></div>
    </form>
  );
}
