/** What a channel is for, who is in it, what it may disturb one with, and the way out of it. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Confirm } from "../components/confirm";
import { Frame } from "../components/dialog";
import { ChannelKeeping } from "../components/keeping";
import { channelTitle, isRoom, mayModerate, useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { useFocus, useFocusBack } from "../components/use-focus";
import * as actions from "../state/actions";
import type { Channel, NotificationLevel } from "../wire/types";
import { words } from "../words";
import { Members } from "./members";
import { Pins } from "./pins";

const LEVELS: readonly NotificationLevel[] = ["all", "mentions", "none"];

export function ChannelDetails({ onClose }: { onClose(): void }): JSX.Element | null {
  const space = useSpace();
  const channel = space.channels.get(space.openChannel.value);
  const [leaving, setLeaving] = useState(false);
  const leave = useFocusBack<HTMLButtonElement>(leaving);
  const [error, setError] = useState<unknown>(null);
  if (channel === undefined) return null;
  const level = channel.membership?.notification_level ?? "all";
  return (
    <Frame title={channelTitle(space, channel)} onClose={onClose}>
      <div class="body">
        {isRoom(channel) && <About channel={channel} />}
        <fieldset>
          <legend class="lab">{words.details.notify}</legend>
          <div class="seg">
            {LEVELS.map((name) => (
              <button key={name} type="button" aria-pressed={level === name} onClick={() => actions.notify(space, channel, name).then(() => setError(null), setError)}>{words.details.levels[name]}</button>
            ))}
          </div>
        </fieldset>
        <Pins channel={channel} onClose={onClose} />
        <ChannelKeeping channel={channel.id} />
        <Members channel={channel} />
        <Trouble error={error} />
        {isRoom(channel) && (leaving ? (
          <Confirm
            question={channel.kind === "private" ? words.channel.leavePrivate : words.channel.leaveSure}
            yes={words.details.sure}
            no={words.details.stay}
            onNo={() => setLeaving(false)}
            onYes={() => actions.leaveChannel(space, channel).then(onClose, setError)}
          />
        ) : (
          <div class="acts"><button class="btn danger" type="button" ref={leave} onClick={() => setLeaving(true)}>{words.channel.leave}</button></div>
        ))}
      </div>
    </Frame>
  );
}

function About({ channel }: { channel: Channel }): JSX.Element {
  const space = useSpace();
  const [editing, setEditing] = useState(false);
  const edit = useFocusBack<HTMLButtonElement>(editing);
  if (editing) return <AboutForm channel={channel} onDone={() => setEditing(false)} />;
  return (
    <div class="about">
      <div class="grow">
        <p class={channel.topic ? "b5" : "t3"}>{channel.topic || words.details.noTopic}</p>
        {channel.description && <p class="t2">{channel.description}</p>}
        <p class="hint">{channel.kind === "private" ? words.channel.private : words.channel.public}</p>
      </div>
      {mayModerate(space, channel) && <button class="btn sm" type="button" ref={edit} onClick={() => setEditing(true)}>{words.details.edit}</button>}
    </div>
  );
}

function AboutForm({ channel, onDone }: { channel: Channel; onDone(): void }): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  const first = useFocus<HTMLInputElement>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const value = (name: string): string => String(form.get(name) ?? "").trim();
    const change = { name: value("name"), topic: value("topic"), description: value("description") };
    actions.changeChannel(space, channel, change).then(onDone, setError);
  };
  return (
    <form class="fields" onSubmit={submit}>
      <div class="field"><label for="about-name">{words.details.name}</label><input class="in" id="about-name" name="name" required maxLength={80} value={channel.name ?? ""} ref={first} /></div>
      <div class="field"><label for="about-topic">{words.details.topic}</label><input class="in" id="about-topic" name="topic" maxLength={250} value={channel.topic ?? ""} /></div>
      <div class="field"><label for="about-description">{words.details.description}</label><textarea class="in area" id="about-description" name="description" rows={3} maxLength={1000} value={channel.description ?? ""} /></div>
      <Trouble error={error} />
      <div class="acts">
        <button class="btn quiet" type="button" onClick={onDone}>{words.details.cancel}</button>
        <button class="btn pri" type="submit">{words.details.save}</button>
      </div>
    </form>
  );
}
