/** One box for everything: jump to a channel or a person, do something, or ask the data. */

import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../components/icon";
import { useReturnFocus } from "../components/return-focus";
import { useSpace } from "../components/space";
import { ranked } from "../state/palette";
import type { User } from "../wire/types";
import { words } from "../words";
import { pageWords } from "../words/page";
import type { DialogName } from "./dialogs";
import { offersOf, type Deed } from "./offers";

const say = pageWords.palette;

/** People are searched for when typing has paused this long: requests are limited. */
const SEARCH_PAUSE_MS = 200;

interface PaletteProps {
  onClose(): void;
  /** Something was opened that the main pane now shows. */
  onOpened(): void;
  onDialog(name: DialogName): void;
}

export function Palette({ onClose, onOpened, onDialog }: PaletteProps): JSX.Element {
  const space = useSpace();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = usePeople(query);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useReturnFocus();
  // Before the paint: whoever types at once types into the box.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const offers = ranked(offersOf(space, { query, found, onOpened, onDialog }), query);
  const current = Math.min(at, Math.max(offers.length - 1, 0));
  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [current, query]);

  const run = (deed: Deed | undefined): void => {
    if (deed === undefined) return;
    onClose();
    void deed.run();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setAt((current + 1) % Math.max(offers.length, 1));
    else if (event.key === "ArrowUp") setAt((current - 1 + offers.length) % Math.max(offers.length, 1));
    else if (event.key === "Home" && event.ctrlKey) setAt(0);
    else if (event.key === "End" && event.ctrlKey) setAt(Math.max(offers.length - 1, 0));
    else if (event.key === "Enter" && !event.isComposing) run(offers[current]);
    else if (event.key === "k" && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="pal" aria-label={say.title} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <div class="in-d">
        <div class="q">
          <Icon name="search" />
          <input
            role="combobox"
            aria-label={say.label}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={offers.length === 0 ? undefined : `${id}-${current}`}
            autoFocus
            autocomplete="off"
            spellcheck={false}
            placeholder={say.open}
            value={query}
            onInput={(event) => { setQuery(event.currentTarget.value); setAt(0); }}
            onKeyDown={key}
          />
          <button class="ib" type="button" aria-label={words.dialog.close} onClick={onClose}><Icon name="x" /></button>
        </div>
        <div class="found" role="listbox" id={`${id}-list`} aria-label={say.title} ref={list}>
          <Groups offers={offers} current={current} id={id} onRun={run} onPoint={setAt} />
        </div>
        {offers.length === 0 && <p class="none t3">{say.none}</p>}
        <div class="sr" role="status">{query === "" ? "" : offers.length === 0 ? say.none : say.found(offers.length)}</div>
        <footer aria-hidden="true"><span><kbd>↑</kbd> <kbd>↓</kbd> {say.footer.move}</span><span><kbd>↵</kbd> {say.footer.open}</span><span><kbd>Esc</kbd> {say.footer.close}</span></footer>
      </div>
    </dialog>
  );
}

interface GroupsProps {
  offers: readonly Deed[];
  current: number;
  id: string;
  onRun(deed: Deed): void;
  onPoint(at: number): void;
}

function Groups({ offers, current, id, onRun, onPoint }: GroupsProps): JSX.Element {
  const groups = [...new Set(offers.map((offer) => offer.group))];
  return (
    <>
      {groups.map((group) => (
        <div role="group" aria-label={say.groups[group]} key={group}>
          <h3 aria-hidden="true">{say.groups[group]}</h3>
          {offers.map((offer, index) => offer.group === group && (
            <div key={offer.id} class="row" role="option" id={`${id}-${index}`} aria-selected={index === current} onPointerMove={() => index !== current && onPoint(index)} onClick={() => onRun(offer)}>
              {offer.sign}
              <span class="cut">{offer.name}</span>
              {offer.hint && <span class="t3 cut">{offer.hint}</span>}
              <span class="grow" />
              {offer.keys && <kbd>{offer.keys}</kbd>}
            </div>
          ))}
        </div>
      ))}
    </>
  );
}

/** People beyond those that the page has met. */
function usePeople(query: string): readonly User[] {
  const space = useSpace();
  const [found, setFound] = useState<readonly User[]>([]);
  const wanted = useMemo(() => query.trim(), [query]);
  useEffect(() => {
    if (wanted === "" || space.api === null) return setFound([]);
    let current = true;
    const timer = setTimeout(() => {
      space.api?.users(wanted).then((users) => current && setFound(users), () => undefined);
    }, SEARCH_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
