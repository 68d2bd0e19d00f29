/** Speaks new messages of the open channel to screen readers, in batches, so that a burst is one sentence. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { displayName } from "../state/people";
import { words } from "../words";
import { useSpace } from "./space";

const BATCH_MS = 1_000;

export function Speaker(): JSX.Element {
  const space = useSpace();
  const [spoken, setSpoken] = useState("");
  const openId = space.asking.section.value === null ? space.openChannel.value : null;
  const messages = openId === null ? [] : space.conversation(openId).messages.value;
  const last = messages.at(-1)?.seq ?? 0;
  const saidUpTo = useRef({ channel: openId, seq: last });
  useEffect(() => {
    if (saidUpTo.current.channel !== openId || saidUpTo.current.seq === 0) {
      saidUpTo.current = { channel: openId, seq: last };
      return;
    }
    const timer = setTimeout(() => {
      const fresh = messages.filter((message) => message.seq > saidUpTo.current.seq && message.author_id !== space.me);
      saidUpTo.current = { channel: openId, seq: last };
      const [only] = fresh;
      if (only === undefined) return;
      const author = space.people.get(only.author_id) ?? only.author;
      setSpoken(fresh.length === 1 ? words.channel.spoken(displayName(author), only.content) : words.channel.spokenMany(fresh.length));
    }, BATCH_MS);
    return () => clearTimeout(timer);
  }, [openId, last]);
  return <div class="sr" role="status">{spoken}</div>;
}
