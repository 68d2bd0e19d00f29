/** Finds people by name, as one types. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { displayName } from "../state/people";
import type { User } from "../wire/types";
import { words } from "../words";
import { Avatar } from "./avatar";
import { useSpace } from "./space";
import { Trouble } from "./trouble";
import { useFocus } from "./use-focus";

/** People are searched for when typing has paused this long: requests are limited. */
const SEARCH_PAUSE_MS = 250;

interface PersonSearchProps {
  onPick(user: User): void;
  /** It appears because somebody asked for it: one writes at once. */
  summoned?: boolean;
  /** Why someone cannot be picked; null for everyone who can. */
  barred?(user: User): string | null;
  /** One more thing that can be done with a person, at the end of the row. */
  beside?(user: User): ComponentChildren;
}

export function PersonSearch({ onPick, summoned = false, barred = () => null, beside }: PersonSearchProps): JSX.Element {
  const space = useSpace();
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<User[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const field = useFocus<HTMLInputElement>(summoned);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      space.api?.users(query.trim()).then(
        (users) => current && setFound(users.filter((user) => user.id !== space.me)),
        (failure) => current && setError(failure),
      );
    }, SEARCH_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  // Who can be picked comes first.
  const ordered = [...(found ?? [])].sort((a, b) => Number(barred(a) !== null) - Number(barred(b) !== null));
  return (
    <>
      <div class="field">
        <label for="person">{words.dialog.person}</label>
        <input class="in" id="person" ref={field} autoFocus autocomplete="off" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      </div>
      <Trouble error={error} />
      {found?.length === 0 && <p class="t3">{words.dialog.nobody}</p>}
      <ul class="list">
        {ordered.map((user) => {
          const why = barred(user);
          return (
            <li class="pick" key={user.id}>
              <button class="row" type="button" disabled={why !== null} onClick={() => onPick(user)}>
                <Avatar user={user} size="m" status={user.status ?? "offline"} />
                <span class={`cut ${why === null ? "" : "t3"}`}>{displayName(user)} <span class="t3">{why ?? user.username}</span></span>
              </button>
              {why === null && beside?.(user)}
            </li>
          );
        })}
      </ul>
    </>
  );
}
