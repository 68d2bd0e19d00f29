/** What needs a few fields: a new channel, channels to join, people to write to. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Frame } from "../components/dialog";
import { later } from "../components/later";
import { Icon } from "../components/icon";
import { Trouble } from "../components/trouble";
import { useSpace } from "../components/space";
import * as actions from "../state/actions";
import { words } from "../words";
import { NewConversation } from "./new-conversation";
import { ChannelDetails } from "./details";
import { Help } from "./help";
import { Palette } from "./palette";

const JumpDay = later(() => import("./jump-day").then((module) => module.JumpDay), true);
const Settings = later(() => import("./settings").then((module) => module.Settings), true);

export type DialogName = "create" | "browse" | "direct" | "details" | "settings" | "help" | "jump" | "day";

interface DialogProps {
  onDialog(name: DialogName): void;
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
      return <NewConversation {...props} />;
    case "details":
      return <ChannelDetails onClose={props.onClose} />;
    case "settings":
      return <Settings onClose={props.onClose} />;
    case "help":
      return <Help onClose={props.onClose} />;
    case "jump":
      return <Palette {...props} />;
    case "day":
      return <JumpDay {...props} />;
  }
}

function CreateChannel({ onClose, onOpened }: Omit<DialogProps, "onDialog">): JSX.Element {
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

function BrowseChannels({ onClose, onOpened }: Omit<DialogProps, "onDialog">): JSX.Element {
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
