/** Search beside the channel: a field, filters, what was found. Enter goes to a message in its place. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { Icon } from "../components/icon";
import { Marked } from "../components/marked";
import { momentName } from "../components/moments";
import { useReturnFocus } from "../components/return-focus";
import { channelTitle, isRoom, useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import * as actions from "../state/actions";
import { jumpTo } from "../state/jump";
import { displayName } from "../state/people";
import { hasPart, togglePart } from "../state/search";
import type { Hit, SearchPage, SearchSort } from "../wire/search";
import type { Channel, Message } from "../wire/types";
import { searchWords as say } from "../words/search";
import "../styles/search.css";

/** What is typed is looked for when the person pauses this long. */
const PAUSE_MS = 350;

export function SearchPanel(): JSX.Element {
  const space = useSpace();
  const { search } = space;
  const field = useRef<HTMLInputElement>(null);
  const text = search.text.value;
  const found = search.found.value;
  useReturnFocus(search.summons.value);
  // Before the paint: what is typed or closed next is meant for the field.
  useLayoutEffect(() => field.current?.select(), [search.summons.value]);
  useEffect(() => {
    const timer = setTimeout(() => void search.look(), found === null ? PAUSE_MS / 2 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, search.sort.value]);
  const keys = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    if (event.key === "Escape") search.hide();
    else if (!walk(event)) return;
    event.preventDefault();
  };
  return (
    <aside class="thread search" aria-label={say.title} onKeyDown={keys}>
      <header class="bar">
        <button class="ib back" type="button" aria-label={say.back} onClick={() => search.hide()}><Icon name="left" size="l" /></button>
        <h2>{say.title}</h2>
        <span class="grow" />
        <button class="ib shut" type="button" aria-label={say.close} onClick={() => search.hide()}><Icon name="x" /></button>
      </header>
      <form class="search-form" role="search" onSubmit={(event) => { event.preventDefault(); void search.look(); }}>
        <input ref={field} class="in" type="search" aria-label={say.field} placeholder={say.hint} value={text} maxLength={1000} autocomplete="off" spellcheck={false} onInput={(event) => (search.text.value = event.currentTarget.value)} />
        <Chips />
      </form>
      <Trouble error={search.error.value} />
      <p class="search-count" role="status">{search.looking.value === "first" && found === null ? say.looking : found === null ? "" : say.count(found.total, found.exact)}</p>
      <div class="search-results" tabIndex={-1}>
        {found === null ? <Teach /> : <Results found={found} />}
      </div>
    </aside>
  );
}

/** Filters that a click puts into the search or takes out; what is typed by hand shows on them, too. */
function Chips(): JSX.Element {
  const space = useSpace();
  const { search } = space;
  const here = space.channels.get(space.openChannel.value);
  const chips: [string, string][] = [["from:me", say.chips.me]];
  if (here !== undefined) chips.push([inside(here), say.chips.here]);
  chips.push(["has:link", say.chips.link], ["has:file", say.chips.file], ["has:answer", say.chips.answer], ["is:thread", say.chips.thread]);
  return (
    <div class="chips" role="group" aria-label={say.filters}>
      {chips.map(([part, label]) => (
        <button key={part} class="chip" type="button" aria-pressed={hasPart(search.text.value, part)} onClick={() => (search.text.value = togglePart(search.text.value, part))}>{label}</button>
      ))}
      <select class="chip" aria-label={say.sort} value={search.sort.value} onChange={(event) => (search.sort.value = event.currentTarget.value as SearchSort)}>
        <option value="relevance">{say.sorts.relevance}</option>
        <option value="newest">{say.sorts.newest}</option>
      </select>
    </div>
  );
}

/** Conversations have no name to write. */
function inside(channel: Channel): string {
  const name = isRoom(channel) ? (channel.name ?? channel.id) : channel.id;
  return /\s/.test(name) ? `in:"${name}"` : `in:${name}`;
}

function Results({ found }: { found: SearchPage }): JSX.Element {
  const space = useSpace();
  const { search } = space;
  return (
    <>
      {found.notes.map((note) => <p key={`${note.code} ${note.text}`} class="search-note">{say.notes[note.code]?.(note.text) ?? note.text}</p>)}
      {found.incomplete && <p class="search-note">{say.incomplete}</p>}
      {found.hits.length === 0 ? (
        <div class="void">
          <Icon name="search" size="l" />
          <p class="b6">{say.none}</p>
          <p>{say.noneWhy}</p>
        </div>
      ) : (
        <ol class="hits" aria-label={say.results}>
          {found.hits.map((hit) => <HitRow key={hit.message.id} hit={hit} />)}
        </ol>
      )}
      {found.next !== null && <button class="btn sm wide" type="button" disabled={search.looking.value === "more"} onClick={() => void search.more()}>{search.looking.value === "more" ? say.looking : say.more}</button>}
    </>
  );
}

function HitRow({ hit }: { hit: Hit }): JSX.Element {
  const space = useSpace();
  const [around, setAround] = useState<Message[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const { message } = hit;
  const channel = space.channels.get(message.channel_id);
  const author = space.people.get(message.author_id) ?? message.author ?? { id: message.author_id, username: "" };
  const where = channel === undefined ? "" : channelTitle(space, channel);
  const go = async (): Promise<void> => {
    setError(null);
    try {
      if (!(await jumpTo(space, message))) setAround((await space.api?.around(message.channel_id, message.id)) ?? []);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <li>
      <button class="hit" type="button" onClick={() => void go()}>
        <Avatar user={author} size="m" />
        <span class="hit-in">
          <span class="hit-hd"><b class="cut">{displayName(author)}</b> <span class="t3 cut">{say.inChannel(where)}{message.thread_id !== null && `, ${say.inThread}`}</span> <time class="t3" dateTime={message.created_at}>{momentName(message.created_at)}</time></span>
          <span class="hit-tx"><Marked content={message.content} ranges={hit.highlights} /></span>
        </span>
      </button>
      <Trouble error={error} />
      {around !== null && <Around message={message} channel={channel} messages={around} />}
    </li>
  );
}

/** What was said around a message that cannot be shown in its place. */
function Around({ message, channel, messages }: { message: Message; channel: Channel | undefined; messages: readonly Message[] }): JSX.Element {
  const space = useSpace();
  const name = channel === undefined ? "" : channelTitle(space, channel);
  const outside = channel !== undefined && !channel.membership;
  return (
    <section class="around" aria-label={say.around}>
      <p class="hint">{outside ? say.notJoined(name) : say.farBack}</p>
      {messages.map((held) => (
        <p key={held.id} class={held.id === message.id ? "here" : ""}><b>{displayName(space.people.get(held.author_id) ?? held.author ?? undefined)}</b> <Marked content={held.content} ranges={[]} /></p>
      ))}
      {outside && <button class="btn sm" type="button" onClick={() => void actions.joinChannel(space, channel)}>{say.join(name)}</button>}
    </section>
  );
}

/** Nothing was looked for yet: what one can say. */
function Teach(): JSX.Element {
  const { search } = useSpace();
  const add = (part: string): void => {
    search.text.value = togglePart(search.text.value, part);
    document.querySelector<HTMLInputElement>(".search-form .in")?.focus();
  };
  return (
    <div class="teach">
      <p class="b6">{say.teach}</p>
      <p class="t3">{say.teachWhy}</p>
      <dl>
        {say.operators.map(([part, what]) => (
          <div key={part}>
            <dt><button class="op" type="button" onClick={() => add(part)}>{part}</button></dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Arrows walk from the field through what was found, and back. */
function walk(event: KeyboardEvent): boolean {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return false;
  const panel = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  if (target.closest("select") !== null) return false;
  const stops = [...panel.querySelectorAll<HTMLElement>(".search-form .in, .hit")];
  const at = stops.findIndex((stop) => stop.contains(target));
  const next = stops[Math.max(at, 0) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
