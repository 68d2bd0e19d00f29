/** What a row says about pins: that it is pinned, or that somebody pinned another message. */

import type { JSX } from "preact";
import { pinnedBy } from "../state/beside";
import { jumpTo } from "../state/jump";
import { displayName } from "../state/people";
import type { Message } from "../wire/types";
import { besideWords } from "../words/beside";
import { Icon } from "./icon";
import { useSpace } from "./space";

export function PinMark({ message }: { message: Message }): JSX.Element | null {
  const space = useSpace();
  const pin = space.beside.pinOf(message);
  if (pin === undefined || message.is_deleted) return null;
  return <p class="pin-mark"><Icon name="pin" size="s" />{besideWords.pinnedBy(displayName(space.people.get(pin.pinned_by)))}</p>;
}

/** In place of the words of a notice, which are English whatever the reader speaks. */
export function PinNotice({ message }: { message: Message }): JSX.Element | null {
  const space = useSpace();
  const target = pinnedBy(message);
  if (target === null) return null;
  const show = async (): Promise<void> => {
    const found = space.conversation(message.channel_id).find(target) ?? (await space.api?.message(target).catch(() => undefined));
    if (found !== undefined) await jumpTo(space, found);
  };
  return (
    <p class="tx t2"><Icon name="pin" size="s" /> {besideWords.pinNotice} {space.api !== null && <button class="link" type="button" onClick={() => void show()}>{besideWords.showPinned}</button>}</p>
  );
}
