/** What is pinned to a channel, the newest first; each leads to its message. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../components/icon";
import { dayName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { jumpTo } from "../state/jump";
import { displayName } from "../state/people";
import type { Channel } from "../wire/types";
import { besideWords } from "../words/beside";

/** As much of a message as tells which one it is. */
const SHOWN_CHARS = 140;

export function Pins({ channel, onClose }: { channel: Channel; onClose(): void }): JSX.Element | null {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  const pins = space.beside.pins.value.get(channel.id) ?? [];
  useEffect(() => void space.beside.readPins(channel.id), [channel.id]);
  if (space.api === null) return null;
  return (
    <section class="part pins" aria-label={besideWords.pins}>
      <h3>{besideWords.pins}</h3>
      <Trouble error={error} />
      {pins.length === 0 ? (
        <p class="hint">{besideWords.noPins}</p>
      ) : (
        <ul class="list">
          {pins.map(({ message, pinned_by }) => (
            <li class="row" key={message.id}>
              <button class="link grow cut" type="button" onClick={() => { onClose(); void jumpTo(space, message); }}>
                <b>{displayName(space.people.get(message.author_id) ?? message.author)}</b> <span>{excerpt(message.content || (message.attachments[0]?.name ?? ""))}</span>
                <span class="t3 pin-by">{besideWords.pinnedBy(displayName(space.people.get(pinned_by)))} · {dayName(message.created_at)}</span>
              </button>
              <button class="ib" type="button" title={besideWords.unpin} aria-label={besideWords.unpin} onClick={() => space.beside.togglePin(message).then(() => setError(null), setError)}><Icon name="x" size="s" /></button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function excerpt(content: string): string {
  const line = content.replace(/\s+/g, " ").trim();
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS)}…` : line;
}
