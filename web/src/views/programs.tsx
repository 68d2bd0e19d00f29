/** Webhooks and bots, for those who look after channels: each list, and what makes one more. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { CopyButton } from "../components/copy";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { displayName } from "../state/people";
import type { Bot, Delivery, IncomingHook, OutgoingHook } from "../wire/programs";
import type { Id } from "../wire/types";
import { laterWords } from "../words/later";

const text = laterWords.programs;

export function Programs(): JSX.Element {
  const space = useSpace();
  return (
    <>
      <Incoming />
      <Outgoing />
      {space.user.value.role === "admin" && <Bots />}
    </>
  );
}

/** A list that is read at first and after every change, with the last failure. */
function useList<T>(load: () => Promise<T[]> | undefined): { items: T[]; error: unknown; attempt(what: Promise<unknown> | undefined): Promise<void> } {
  const [items, setItems] = useState<T[]>([]);
  const [error, setError] = useState<unknown>(null);
  const read = async (): Promise<void> => setItems((await load()) ?? []);
  useEffect(() => void read().catch(setError), []);
  const attempt = async (what: Promise<unknown> | undefined): Promise<void> => {
    setError(null);
    try {
      await what;
      await read();
    } catch (failure) {
      setError(failure);
    }
  };
  return { items, error, attempt };
}

function Incoming(): JSX.Element {
  const space = useSpace();
  const api = space.api?.programs;
  const { items, error, attempt } = useList<IncomingHook>(() => api?.incoming());
  const [name, setName] = useState("");
  const [channel, setChannel] = useState<Id>(space.channels.rooms.value[0]?.id ?? "");
  const [url, setUrl] = useState<string | null>(null);
  const make = (event: Event): void => {
    event.preventDefault();
    void attempt(
      api?.makeIncoming(channel, name.trim()).then((made) => {
        // The server knows where it listens; only this page knows by what address it is reached.
        setUrl(made.url === undefined ? null : `${location.origin}/hooks/${made.url.split("/").at(-1) ?? ""}`);
        setName("");
      }),
    );
  };
  return (
    <form class="part" aria-label={text.incoming} onSubmit={make}>
      <h3>{text.incoming}</h3>
      <p class="hint">{text.incomingHint}</p>
      <div class="pair">
        <Field id="hook-name" label={text.name}><input class="in" id="hook-name" required maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <ChannelField id="hook-channel" value={channel} onChange={setChannel} />
      </div>
      <Trouble error={error} />
      <Secret label={text.newUrl} value={url} />
      <ul class="list">
        {items.map((hook) => (
          <Row key={hook.id} name={hook.name} about={`${nameOf(space.channels.get(hook.channel_id)?.name)} · ${hook.is_active ? (hook.last_used_at === null ? text.neverUsed : text.lastUsed(momentName(hook.last_used_at))) : text.off}`} onRemove={() => void attempt(api?.removeIncoming(hook.id))} />
        ))}
      </ul>
      <div class="acts"><button class="btn" type="submit" disabled={channel === ""}>{text.make}</button></div>
    </form>
  );
}

function Outgoing(): JSX.Element {
  const space = useSpace();
  const api = space.api?.programs;
  const isAdmin = space.user.value.role === "admin";
  const { items, error, attempt } = useList<OutgoingHook>(() => api?.outgoing());
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [channel, setChannel] = useState<Id>(space.channels.rooms.value[0]?.id ?? "");
  const [triggers, setTriggers] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const [shown, setShown] = useState<Id | null>(null);
  const make = (event: Event): void => {
    event.preventDefault();
    const words = triggers.split(/[\s,]+/).filter((word) => word !== "");
    const hook = { name: name.trim(), url: address.trim(), trigger_words: words, ...(channel === "" ? {} : { channel_id: channel }) };
    void attempt(
      api?.makeOutgoing(hook).then((made) => {
        setSecret(made.secret ?? null);
        setName("");
        setAddress("");
        setTriggers("");
      }),
    );
  };
  return (
    <form class="part" aria-label={text.outgoing} onSubmit={make}>
      <h3>{text.outgoing}</h3>
      <p class="hint">{text.outgoingHint}</p>
      <div class="pair">
        <Field id="out-name" label={text.name}><input class="in" id="out-name" required maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <ChannelField id="out-channel" value={channel} every={isAdmin} onChange={setChannel} />
      </div>
      <div class="pair">
        <Field id="out-url" label={text.url}><input class="in" id="out-url" type="url" required maxLength={2000} value={address} onInput={(event) => setAddress(event.currentTarget.value)} /></Field>
        <Field id="out-words" label={text.triggers}><input class="in" id="out-words" value={triggers} onInput={(event) => setTriggers(event.currentTarget.value)} /></Field>
      </div>
      <Trouble error={error} />
      <Secret label={text.newSecret} value={secret} />
      <ul class="list">
        {items.map((hook) => {
          const state = hook.is_active ? (hook.failing_since === null ? "" : ` · ${text.failing}`) : ` · ${hook.disabled_reason ?? text.off}`;
          return (
            <Row key={hook.id} name={hook.name} about={`${hook.url}${state}`} onRemove={() => void attempt(api?.removeOutgoing(hook.id))}>
              {!hook.is_active && <button class="btn sm" type="button" onClick={() => void attempt(api?.switchOutgoing(hook.id, true))}>{text.switchOn}</button>}
              {hook.is_active && <button class="btn sm" type="button" onClick={() => void attempt(api?.ping(hook.id))}>{text.ping}</button>}
              <button class="btn sm" type="button" aria-expanded={shown === hook.id} onClick={() => setShown(shown === hook.id ? null : hook.id)}>{text.log}</button>
              {shown === hook.id && <Deliveries hook={hook} />}
            </Row>
          );
        })}
      </ul>
      <div class="acts"><button class="btn" type="submit">{text.make}</button></div>
    </form>
  );
}

function Deliveries({ hook }: { hook: OutgoingHook }): JSX.Element {
  const space = useSpace();
  const { items, error } = useList<Delivery>(() => space.api?.programs.deliveries(hook.id));
  return (
    <div class="deliveries">
      <Trouble error={error} />
      {items.length === 0 && <p class="hint">{text.noDeliveries}</p>}
      <ol class="plain" aria-label={text.logOf(hook.name)}>
        {items.map((one) => (
          <li key={one.id} class="hint">
            {momentName(one.created_at)} · {one.event} · <b>{text.states[one.state]}</b>
            {one.response_status !== null && ` (${one.response_status})`} · {text.attempts(one.attempts)}{one.error !== null && ` · ${one.error}`}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Bots(): JSX.Element {
  const space = useSpace();
  const api = space.api?.programs;
  const { items, error, attempt } = useList<Bot>(() => api?.bots());
  const [username, setUsername] = useState("");
  const [fullName, setFullName] = useState("");
  const [token, setToken] = useState<string | null>(null);
  const make = (event: Event): void => {
    event.preventDefault();
    void attempt(
      api?.makeBot(username.trim(), fullName.trim()).then((made) => {
        setToken(made.token.token);
        setUsername("");
        setFullName("");
      }),
    );
  };
  const active = items.filter((bot) => bot.user.is_active !== false);
  return (
    <form class="part" aria-label={text.bots} onSubmit={make}>
      <h3>{text.bots}</h3>
      <p class="hint">{text.botsHint}</p>
      <div class="pair">
        <Field id="bot-username" label={text.username}><input class="in" id="bot-username" required maxLength={50} autocomplete="off" value={username} onInput={(event) => setUsername(event.currentTarget.value)} /></Field>
        <Field id="bot-name" label={text.name}><input class="in" id="bot-name" maxLength={200} autocomplete="off" value={fullName} onInput={(event) => setFullName(event.currentTarget.value)} /></Field>
      </div>
      <Trouble error={error} />
      <Secret label={text.newToken} value={token} />
      <ul class="list">
        {active.map((bot) => <Row key={bot.user.id} name={displayName(bot.user)} about={`@${bot.user.username}`} onRemove={() => void attempt(api?.removeBot(bot.user.id))} />)}
      </ul>
      <div class="acts"><button class="btn" type="submit">{text.make}</button></div>
    </form>
  );
}

function Field({ id, label, children }: { id: string; label: string; children: ComponentChildren }): JSX.Element {
  return <div class="field"><label for={id}>{label}</label>{children}</div>;
}

interface ChannelFieldProps {
  id: string;
  value: Id;
  every?: boolean;
  onChange(channel: Id): void;
}

function ChannelField({ id, value, every = false, onChange }: ChannelFieldProps): JSX.Element {
  const space = useSpace();
  return (
    <Field id={id} label={text.channel}>
      <select class="in" id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {every && <option value="">{text.everyChannel}</option>}
        {space.channels.rooms.value.map((channel) => <option key={channel.id} value={channel.id}>#{channel.name}</option>)}
      </select>
    </Field>
  );
}

interface RowProps {
  name: string;
  about: string;
  onRemove(): void;
  children?: ComponentChildren;
}

function Row({ name, about, onRemove, children }: RowProps): JSX.Element {
  return (
    <li class="row two wrap">
      <span class="grow cut">{name}<span class="hint">{about}</span></span>
      <button class="btn sm" type="button" aria-label={text.removeOf(name)} onClick={onRemove}>{text.remove}</button>
      {children}
    </li>
  );
}

function Secret({ label, value }: { label: string; value: string | null }): JSX.Element | null {
  if (value === null) return null;
  return (
    <div class="field" role="status">
      <span class="lab">{label}</span>
      <div class="with-button"><input class="in" readOnly aria-label={label} value={value} onFocus={(event) => event.currentTarget.select()} /><CopyButton text={value} /></div>
    </div>
  );
}

function nameOf(name: string | null | undefined): string {
  return name === null || name === undefined ? "" : `#${name}`;
}
