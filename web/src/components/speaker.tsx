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
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const say = (): void => {
    timer.current = undefined;
    if (openId === null) return;
    const now = space.conversation(openId).messages.peek();
    const fresh = now.slice(now.findLastIndex((message) => message.seq <= saidUpTo.current.seq) + 1).filter((message) => message.author_id !== space.me);
    saidUpTo.current = { channel: openId, seq: now.at(-1)?.seq ?? 0 };
    const [only] = fresh;
    if (only === undefined) return;
    const author = space.people.get(only.author_id) ?? only.author;
    setSpoken(fresh.length === 1 ? words.channel.spoken(displayName(author), only.content) : words.channel.spokenMany(fresh.length));
  };
  useEffect(() => {
    if (saidUpTo.current.channel !== openId || saidUpTo.current.seq === 0) {
      clearTimeout(timer.current);
      timer.current = undefined;
      saidUpTo.current = { channel: openId, seq: last };
      return;
    }
    // What comes while one waits is in the same batch: in a busy channel there is never a pause.
    timer.current ??= setTimeout(say, BATCH_MS);
  }, [openId, last]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return <div class="sr" role="status">{spoken}</div>;
}
