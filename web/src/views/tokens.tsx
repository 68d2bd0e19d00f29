/** Tokens for programs that act as oneself: made, shown once, deleted. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { CopyButton } from "../components/copy";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import type { PersonalToken } from "../wire/types";
import { pageWords } from "../words/page";

const words = pageWords.settings;
const DAYS_MAX = 3_650;

export function AccessTokens(): JSX.Element {
  const space = useSpace();
  const [tokens, setTokens] = useState<readonly PersonalToken[]>([]);
  const [fresh, setFresh] = useState<PersonalToken | null>(null);
  const [said, setSaid] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const shown = useRef<HTMLInputElement>(null);
  const read = async (): Promise<void> => setTokens((await space.api?.tokens()) ?? []);
  useEffect(() => void read().catch(setError), []);
  useEffect(() => shown.current?.select(), [fresh]);
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    setError(null);
    setSaid(false);
    try {
      await what();
      await read();
    } catch (failure) {
      setError(failure);
    }
  };
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const days = String(fields.get("days") ?? "").trim();
    void attempt(async () => {
      setFresh((await space.api?.makeToken(String(fields.get("name") ?? "").trim(), days === "" ? null : Number(days))) ?? null);
      form.reset();
    });
  };
  const remove = (token: PersonalToken): void =>
    void attempt(async () => {
      await space.api?.deleteToken(token.id);
      setFresh((held) => (held?.id === token.id ? null : held));
      setSaid(true);
    });
  return (
    <form class="part" aria-label={words.tokens} onSubmit={make}>
      <h3>{words.tokens}</h3>
      <p class="hint">{words.tokensHint}</p>
      <div class="pair">
        <div class="field"><label for="token-name">{words.tokenName}</label><input class="in" id="token-name" name="name" required maxLength={100} autocomplete="off" /></div>
        <div class="field"><label for="token-days">{words.tokenDays}</label><input class="in" id="token-days" name="days" type="number" min={1} max={DAYS_MAX} aria-describedby="token-days-hint" /><p class="hint" id="token-days-hint">{words.tokenDaysHint}</p></div>
      </div>
      <Trouble error={error} />
      {fresh?.token !== undefined && (
        <div class="field">
          <label for="token-made">{words.token}</label>
          <div class="with-button"><input class="in mono" id="token-made" readOnly ref={shown} value={fresh.token} aria-describedby="token-once" /><CopyButton text={fresh.token} /></div>
          <p class="hint" id="token-once" role="status">{words.tokenOnce}</p>
        </div>
      )}
      {tokens.length > 0 && (
        <ul class="list">
          {tokens.map((token) => (
            <li class="row two" key={token.id}>
              <span class="grow cut">{token.name}<span class="hint">{words.made(momentName(token.created_at))} · {token.expires_at === null ? words.forEver : words.until(momentName(token.expires_at))}</span></span>
              <button class="btn sm" type="button" aria-label={words.deleteToken(token.name)} onClick={() => remove(token)}>{words.deleteShort}</button>
            </li>
          ))}
        </ul>
      )}
      <div class="acts"><span class="said" role="status">{said && words.deleted}</span><button class="btn" type="submit">{words.makeToken}</button></div>
    </form>
  );
}
