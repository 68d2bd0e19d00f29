/** What needs a few fields: a new channel, channels to join, people to write to, settings. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Avatar } from "../components/avatar";
import { Frame } from "../components/dialog";
import { Icon } from "../components/icon";
import { Trouble } from "../components/trouble";
import { useSpace } from "../components/space";
import * as actions from "../state/actions";
import { displayName } from "../state/people";
import { signOut } from "../state/session";
import { theme, type Theme } from "../state/theme";
import type { User } from "../wire/types";
import { words } from "../words";
import { ChannelDetails } from "./details";

export type DialogName = "create" | "browse" | "direct" | "details" | "settings";

/** People are searched for when typing has paused this long: requests are limited. */
const SEARCH_PAUSE_MS = 250;

interface DialogProps {
  onClose(): void;
  /** Something was opened that the channel pane now shows. */
  onOpened(): void;
}

export function Dialog({ name, ...props }: DialogProps & { name: DialogName }): JSX.Element {
  switch (name) {
    case "create":
      return <CreateChannel {...props} />;
    case "browse":
      return <BrowseChannels {...props} />;
    case "direct":
      return <NewDirect {...props} />;
    case "details":
      return <ChannelDetails onClose={props.onClose} />;
    case "settings":
      return <Settings {...props} />;
  }
}

function CreateChannel({ onClose, onOpened }: DialogProps): JSX.Element {
  const space = useSpace();
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await actions.createChannel(space, name.trim(), topic.trim(), isPrivate);
      onOpened();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Frame title={words.side.addChannel} onClose={onClose}>
      <form class="body" onSubmit={(event) => void submit(event)}>
        <div class="field"><label for="channel-name">{words.dialog.name}</label><input class="in" id="channel-name" autoFocus required maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} /></div>
        <div class="field"><label for="channel-topic">{words.dialog.topic}</label><input class="in" id="channel-topic" maxLength={250} value={topic} aria-describedby="topic-hint" onInput={(event) => setTopic(event.currentTarget.value)} /><p class="hint" id="topic-hint">{words.dialog.topicHint}</p></div>
        <fieldset>
          <span class="lab">{words.dialog.who}</span>
          <div class="seg">
            <button type="button" aria-pressed={!isPrivate} onClick={() => setPrivate(false)}>{words.dialog.everyone}</button>
            <button type="button" aria-pressed={isPrivate} onClick={() => setPrivate(true)}>{words.dialog.invited}</button>
          </div>
        </fieldset>
        <Trouble error={error} />
        <div class="acts"><button class="btn pri" type="submit">{words.dialog.create}</button></div>
      </form>
    </Frame>
  );
}

function BrowseChannels({ onClose, onOpened }: DialogProps): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    space.api?.channels().then((all) => all.filter((channel) => !channel.membership).forEach((channel) => space.channels.put(channel)), setError);
  }, []);
  const joinable = space.channels.joinable.value;
  return (
    <Frame title={words.side.browse} onClose={onClose}>
      <div class="body">
        <Trouble error={error} />
        {joinable.length === 0 && <p class="t3">{words.dialog.noneToJoin}</p>}
        <ul class="list">
          {joinable.map((channel) => (
            <li class="row" key={channel.id}>
              <Icon name="hash" />
              <span class="cut">{channel.name} <span class="t3">{channel.topic}</span></span>
              <button class="btn sm" type="button" onClick={() => actions.joinChannel(space, channel).then(onOpened, setError)}>{words.dialog.join}</button>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}

function NewDirect({ onClose, onOpened }: DialogProps): JSX.Element {
  const space = useSpace();
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<User[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      space.api?.users(query.trim()).then((users) => current && setFound(users.filter((user) => user.id !== space.me)), (failure) => current && setError(failure));
    }, SEARCH_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query]);
  return (
    <Frame title={words.side.newDirect} onClose={onClose}>
      <div class="body">
        <div class="field"><label for="person">{words.dialog.person}</label><input class="in" id="person" autoFocus value={query} onInput={(event) => setQuery(event.currentTarget.value)} /></div>
        <Trouble error={error} />
        {found?.length === 0 && <p class="t3">{words.dialog.nobody}</p>}
        <ul class="list">
          {(found ?? []).map((user) => (
            <li key={user.id}>
              <button class="row" type="button" onClick={() => actions.startDirect(space, user).then(onOpened, setError)}>
                <Avatar user={user} size="m" />
                <span class="cut">{displayName(user)} <span class="t3">{user.username}</span></span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}

function Settings({ onClose }: DialogProps): JSX.Element {
  const space = useSpace();
  const status = space.people.get(space.me)?.status ?? "online";
  const setStatus = (wanted: "online" | "away" | "dnd"): void => {
    space.link.request({ type: "presence", status: wanted }).then(() => space.people.status(space.me, wanted), () => undefined);
  };
  return (
    <Frame title={displayName(space.user.value)} onClose={onClose}>
      <div class="body">
        <fieldset>
          <span class="lab">{words.dialog.theme}</span>
          <div class="seg">
            {(["system", "light", "dark"] as Theme[]).map((name) => (
              <button key={name} type="button" aria-pressed={theme.value === name} onClick={() => (theme.value = name)}>{words.dialog.themes[name]}</button>
            ))}
          </div>
        </fieldset>
        <fieldset>
          <span class="lab">{words.dialog.status}</span>
          <div class="seg">
            {(["online", "away", "dnd"] as const).map((name) => (
              <button key={name} type="button" aria-pressed={status === name} onClick={() => setStatus(name)}>{words.dialog.statuses[name]}</button>
            ))}
          </div>
        </fieldset>
        <div class="acts"><button class="btn danger" type="button" onClick={() => void signOut()}>{words.dialog.signOut}</button></div>
      </div>
    </Frame>
  );
}
