/** What can be done with a private conversation: another title, a pin, an end. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Confirm } from "../components/confirm";
import { Icon } from "../components/icon";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { useFocus } from "../components/use-focus";
import { useReturnFocus } from "../components/return-focus";
import * as privately from "../state/ask/privately";
import type { ChatSession } from "../wire/data/types";
import { askWords } from "../words/ask";

const words = askWords.session;

export function SessionButtons({ session, onOpen }: { session: ChatSession; onOpen(what: "rename" | "remove"): void }): JSX.Element {
  const space = useSpace();
  const pin = session.is_pinned ? words.unpin : words.pin;
  return (
    <>
      <button class="ib" type="button" aria-label={pin} title={pin} aria-pressed={session.is_pinned} onClick={() => void privately.pin(space, session).catch(() => undefined)}><Icon name="pin" /></button>
      <button class="ib" type="button" aria-label={words.rename} title={words.rename} onClick={() => onOpen("rename")}><Icon name="edit" /></button>
      <button class="ib" type="button" aria-label={words.remove} title={words.remove} onClick={() => onOpen("remove")}><Icon name="bin" /></button>
    </>
  );
}

interface SheetProps {
  session: ChatSession;
  what: "rename" | "remove";
  onClose(): void;
}

/** Below the bar, while it is asked. */
export function SessionSheet({ session, what, onClose }: SheetProps): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  return (
    <div class="under-bar">
      {what === "remove" ? (
        <Confirm question={words.removeSure} yes={words.removeYes} no={words.keep} onNo={onClose} onYes={() => void privately.remove(space, session).then(onClose, setError)} />
      ) : (
        <Rename session={session} onClose={onClose} onTrouble={setError} />
      )}
      <Trouble error={error} />
    </div>
  );
}

function Rename({ session, onClose, onTrouble }: Omit<SheetProps, "what"> & { onTrouble(error: unknown): void }): JSX.Element {
  const space = useSpace();
  const [title, setTitle] = useState(session.title ?? "");
  const field = useFocus<HTMLInputElement>();
  useReturnFocus();
  const submit = (event: Event): void => {
    event.preventDefault();
    void privately.rename(space, session, title.trim()).then(onClose, onTrouble);
  };
  return (
    <form class="with-title" onSubmit={submit} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <input class="in" aria-label={words.title} required maxLength={200} ref={field} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
      <button class="btn pri" type="submit">{words.save}</button>
      <button class="btn quiet" type="button" onClick={onClose}>{words.cancel}</button>
    </form>
  );
}
