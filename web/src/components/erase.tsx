/**
 * Erases somebody: the account becomes nobody's, for good.
 *
 * There is no way back, so it is asked for by the name, typed: a hand that hits the wrong row stops there.
 */

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { displayName } from "../state/people";
import type { Person } from "../wire/types";
import { keepingWords } from "../words/keeping";
import { onEscape } from "./confirm";
import { useReturnFocus } from "./return-focus";
import { useSpace } from "./space";
import { Trouble } from "./trouble";
import { useFocus } from "./use-focus";

const words = keepingWords.erase;

/** Whether the name of who is to be erased was typed; neither case nor spaces around it matter. */
export function isTyped(typed: string, username: string): boolean {
  return typed.trim().toLowerCase() === username.toLowerCase();
}

interface EraseProps {
  person: Person;
  onErased(): void;
  onNo(): void;
}

export function Erase({ person, onErased, onNo }: EraseProps): JSX.Element {
  const space = useSpace();
  const [typed, setTyped] = useState("");
  const [deletesToo, setDeletesToo] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useFocus<HTMLInputElement>();
  const id = useId();
  useReturnFocus();
  const name = displayName(person);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || !isTyped(typed, person.username)) return;
    setBusy(true);
    setError(null);
    try {
      await space.api?.erasePerson(person.id, deletesToo);
      onErased();
    } catch (failure) {
      setBusy(false);
      setError(failure);
    }
  };
  return (
    <form class="confirm erase" aria-label={words.of(name)} onSubmit={(event) => void submit(event)} onKeyDown={onEscape(onNo)}>
      <p>{words.sure(name)}</p>
      <label class="check"><input type="checkbox" checked={deletesToo} onChange={(event) => setDeletesToo(event.currentTarget.checked)} />{words.all}</label>
      <div class="field"><label for={id}>{words.type(person.username)}</label><input class="in" id={id} ref={field} autocomplete="off" spellcheck={false} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} /></div>
      <Trouble error={error} />
      <div class="acts">
        <button class="btn sm" type="button" onClick={onNo}>{keepingWords.no}</button>
        <button class="btn sm danger" type="submit" disabled={busy || !isTyped(typed, person.username)}>{words.yes}</button>
      </div>
    </form>
  );
}
