/** Who may ask a connection: everyone of the organization, or chosen people. */

import type { JSX } from "preact";
import { Icon } from "../../components/icon";
import { PersonSearch } from "../../components/person-search";
import { useSpace } from "../../components/space";
import { displayName } from "../../state/people";
import type { Access } from "../../wire/data/types";
import { words as pageWords } from "../../words";
import { dataWords } from "../../words/data";

const words = dataWords.form;

export function AccessChoice({ access, onChange }: { access: Access; onChange(access: Access): void }): JSX.Element {
  const space = useSpace();
  const chosen = new Set(access.user_ids);
  const without = (id: string): void => onChange({ mode: "users", user_ids: access.user_ids.filter((held) => held !== id) });
  return (
    <fieldset class="access">
      <legend class="lab">{words.who}</legend>
      <div class="seg">
        <button type="button" aria-pressed={access.mode === "org"} onClick={() => onChange({ mode: "org", user_ids: [] })}>{words.everyone}</button>
        {/* Whoever limits it stays among those who may ask. */}
        <button type="button" aria-pressed={access.mode === "users"} onClick={() => access.mode === "org" && onChange({ mode: "users", user_ids: [space.me] })}>{words.people}</button>
      </div>
      {access.mode === "users" && (
        <>
          <div class="chips">
            {access.user_ids.map((id) => {
              const name = displayName(space.people.get(id));
              return <button key={id} class="btn sm" type="button" aria-label={words.remove(name)} onClick={() => without(id)}>{name}<Icon name="x" size="s" /></button>;
            })}
          </div>
          <PersonSearch
            barred={(user) => (chosen.has(user.id) ? pageWords.dialog.chosen : null)}
            onPick={(user) => {
              space.people.meet([user]);
              onChange({ mode: "users", user_ids: [...access.user_ids, user.id] });
            }}
          />
        </>
      )}
    </fieldset>
  );
}
