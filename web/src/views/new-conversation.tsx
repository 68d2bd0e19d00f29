/** A conversation with one person, or with some: whoever is picked with "also" makes it a group. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Frame } from "../components/dialog";
import { Icon } from "../components/icon";
import { PersonSearch } from "../components/person-search";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import * as actions from "../state/actions";
import { displayName } from "../state/people";
import type { User } from "../wire/types";
import { words } from "../words";

export function NewConversation({ onClose, onOpened }: { onClose(): void; onOpened(): void }): JSX.Element {
  const space = useSpace();
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [error, setError] = useState<unknown>(null);
  const add = (user: User): void => setChosen([...chosen, user]);
  const pick = (user: User): void => {
    if (chosen.length > 0) return add(user);
    actions.startDirect(space, user).then(onOpened, setError);
  };
  const start = (): void => {
    const [only] = chosen;
    const begun = chosen.length === 1 && only !== undefined ? actions.startDirect(space, only) : actions.startGroup(space, chosen);
    begun.then(onOpened, setError);
  };
  return (
    <Frame title={words.side.newDirect} onClose={onClose}>
      <div class="body">
        {chosen.length > 0 && (
          <div class="chips" role="group" aria-label={words.dialog.chosen}>
            {chosen.map((user) => (
              <button key={user.id} class="btn sm" type="button" aria-label={words.dialog.notWith(displayName(user))} onClick={() => setChosen(chosen.filter((other) => other.id !== user.id))}>
                {displayName(user)}<Icon name="x" size="s" />
              </button>
            ))}
          </div>
        )}
        <PersonSearch
          onPick={pick}
          barred={(user) => (chosen.some((other) => other.id === user.id) ? words.dialog.chosen : null)}
          beside={(user) => (
            <button class="ib" type="button" title={words.dialog.alsoWith(displayName(user))} aria-label={words.dialog.alsoWith(displayName(user))} onClick={() => add(user)}><Icon name="plus" size="s" /></button>
          )}
        />
        <Trouble error={error} />
        {chosen.length > 0 && <div class="acts"><button class="btn pri" type="button" onClick={start}>{words.dialog.startGroup(chosen.length + 1)}</button></div>}
      </div>
    </Frame>
  );
}
