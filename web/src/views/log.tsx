/**
 * The messages of the open channel, as a virtual list that keeps its place.
 *
 * It follows the newest row while that is in sight; scrolled up, new rows only count in a button.
 */

import type { JSX, RefObject } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { QuestionRow } from "../components/answer/progress";
import { Icon } from "../components/icon";
import { MessageRow } from "../components/message";
import { rove } from "../components/rove";
import { PendingRow } from "../components/pending";
import { dayName } from "../components/moments";
import { channelTitle, isRoom, mayModerate, useSpace } from "../components/space";
import { heightOf } from "../components/row-height";
import { useSpotlight } from "../components/use-spotlight";
import { END_THRESHOLD_PX, roomOf, useVirtualizer, type Room } from "../components/use-virtualizer";
import { jumpToUnread } from "../state/jump";
import { RowBuilder, type Row } from "../state/rows";
import type { Timeline } from "../state/timeline";
import type { Conversation } from "../state/conversation";
import type { Channel, Id, Thread } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";
import { pageWords } from "../words/page";
import { Empty, Skeleton, startOf, Unread } from "./log-states";

/** The next page is asked for when this much is left above, or below: a fast turn of the wheel. */
const PAGE_WITHIN_PX = 1_200;
/** So far above the end, some screens, one does not read what arrives there. */
const LEAVE_END_PX = 4_000;

interface LogProps {
  channel: Channel;
  conversation: Conversation;
  onDetails(): void;
}

export function Log({ channel, conversation, onDetails }: LogProps): JSX.Element {
  const space = useSpace();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const messages = conversation.shown.value;
  const hasOlder = conversation.shownHasOlder.value;
  const past = conversation.past.value;
  const newAfter = conversation.newAfter.value;
  const entries = space.outbox.entries.value;
  const open = space.asking.questions.open.value;
  const questions = useMemo(() => [...open.values()].filter((asked) => asked.channel === channel.id && asked.thread === null), [open, channel.id]);
  const [builder] = useState(() => new RowBuilder());
  const rows = useMemo(() => {
    const pending = entries.filter((entry) => entry.channel_id === channel.id && entry.thread_id === null);
    // What is on its way belongs to the end of the channel.
    const ends = past === null ? { pending, questions } : { pending: [], questions: [] };
    return builder.of({ messages, ...ends, newAfter, me: space.me, hasOlder });
  }, [messages, past, entries, questions, newAfter, hasOlder, channel.id, space.me]);
  const wasPast = useRef(false);
  // What one reads stays in its place when the past and the end become one.
  const keyOf = useCallback((index: number) => rows[index]?.key ?? String(index), [rows]);
  const list = useVirtualizer({
    count: rows.length,
    keyOf,
    isPlace: (index) => isWritten(rows[index]) && isWritten(rows[index - 1]),
    guess: (index) => heightOf(rows[index]),
    scroller: () => scroller.current,
    follows: past === null && !wasPast.current,
    onMove: () => moved(),
  });
  const settled = useRef(false);
  const seenUpTo = useRef(0);
  const head = conversation.messages.value;
  const last = head.at(-1)?.seq ?? 0;
  const atNewest = atEnd && past === null;
  if (atNewest) seenUpTo.current = last;
  const below = countNew(head, seenUpTo.current, space.me);

  useEffect(() => {
    if (settled.current || messages.length === 0) return;
    settled.current = true;
    list.scrollToEnd();
  }, [messages.length > 0]);
  useEffect(() => {
    const ownJustNow = rows.at(-1)?.kind === "pending";
    if (ownJustNow) list.scrollToEnd();
  }, [entries.length]);
  useEffect(() => {
    if (questions.at(-1)?.mine) list.scrollToEnd();
  }, [questions.length]);
  useSpotlight(conversation, scroller, (wanted) => {
    const index = rows.findIndex((row) => row.kind === "message" && row.message.id === wanted.id);
    if (index === -1) return false;
    settled.current = true;
    list.scrollToIndex(index, { align: "center" });
    return true;
  }, rows);
  const toNewest = (): void => {
    conversation.toNewest();
    // After the rows of the end are drawn.
    requestAnimationFrame(() => list.scrollToEnd());
  };
  useEffect(() => {
    wasPast.current = past !== null;
    if (past !== null) setAtEnd(false);
  }, [past]);
  // What is read further up stays; at the end the list need not grow for ever.
  useEffect(() => {
    conversation.readingUp = !atNewest;
    return () => void (conversation.readingUp = false);
  }, [conversation, atNewest]);
  useStayAtEnd(scroller, atNewest, () => list.scrollToEnd());
  useReading(channel, atNewest && !conversation.keptUnread.value && conversation.loading.value !== "first");
  useEffect(() => {
    // The rows around a place that is still to be shown are enough to begin with.
    if (conversation.spotlight.value !== null) return;
    readOn(conversation, roomOf(list, atEnd));
  }, [messages.length, conversation.loading.value]);

  // Out of sight above: read from where one left off, or go on at the end.
  const newAt = useMemo(() => rows.findIndex((row) => row.kind === "new"), [rows]);
  const newAbove = newAt === -1 ? newAfter !== null && hasOlder && (messages[0]?.seq ?? 0) > newAfter : newAt < (list.range?.startIndex ?? 0);
  const moved = (): void => {
    const room = roomOf(list, false);
    setAtEnd(room.below < END_THRESHOLD_PX);
    readOn(conversation, room);
  };
  return (
    <div class="log-frame">
      <div class="log" id="log" ref={scroller} role="log" aria-live="off" aria-label={words.channel.log(channelTitle(space, channel))} tabIndex={0} onKeyDown={rove}>
        {conversation.loading.value === "first" && messages.length === 0 ? (
          <Skeleton />
        ) : conversation.loading.value === "failed" && messages.length === 0 ? (
          <Unread conversation={conversation} />
        ) : rows.length === 1 && !hasOlder ? (
          <Empty channel={channel} onDetails={onDetails} />
        ) : (
          <div class="sizer" style={{ height: `${list.getTotalSize()}px` }}>
            {list.getVirtualItems().map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : (
                <div key={item.key} class={`slot ${item.index === 0 ? "first" : ""}`} data-index={item.index} ref={list.measureElement} style={{ top: `${item.start}px` }}>
                  <RowView row={row} channel={channel} conversation={conversation} />
                </div>
              );
            })}
          </div>
        )}
      </div>
      {newAbove && (
        <button class="btn sm jump-unread" type="button" onClick={() => void jumpToUnread(space, channel)}>
          <Icon name="up" size="s" />
          {pageWords.log.toUnread}
        </button>
      )}
      {!atNewest && (
        <button class="btn sm jump-new" type="button" onClick={toNewest}>
          <Icon name="down" size="s" />
          {words.channel.jumpNew(below)}
        </button>
      )}
    </div>
  );
}

function RowView({ row, channel, conversation }: { row: Row; channel: Channel; conversation: Conversation }): JSX.Element {
  const space = useSpace();
  switch (row.kind) {
    case "start":
      if (space.asking.sessionChannels.value.has(channel.id)) return <div class="begin"><p class="b6">{askWords.session.start}</p><p>{askWords.session.startWhy}</p></div>;
      return <div class="begin"><p class="b6">{startOf(space, channel)}</p><p>{channel.topic || (isRoom(channel) ? words.channel.startWhy : words.channel.direct)}</p></div>;
    case "older":
      return conversation.loading.value === "failed" ? (
        <div class="older">{words.channel.loadFailed} <button class="link" type="button" onClick={() => void conversation.open(true)}>{words.message.tryAgain}</button></div>
      ) : (
        <div class="older">{words.channel.older}</div>
      );
    case "day":
      return <div class="day" role="separator"><span>{dayName(row.at)}</span></div>;
    case "new":
      return <div class="new" role="separator"><span>{words.channel.newLine}</span></div>;
    case "message":
      return <SameRow row={row} thread={conversation.threadOf(row.message.id)} moderates={mayModerate(space, channel)} />;
    case "question":
      return <QuestionRow progress={row.progress} />;
    case "pending":
      return <PendingRow entry={row.entry} joined={row.joined} />;
  }
}

/** Drawn again when it changes itself, not whenever another row comes. */
function SameRow({ row, thread, moderates }: { row: Row & { kind: "message" }; thread: Thread | undefined; moderates: boolean }): JSX.Element {
  return useMemo(() => <MessageRow message={row.message} joined={row.joined} thread={thread} moderates={moderates} />, [row, thread, moderates]);
}

/** A strip above or a taller composer takes room from the log: what was at the end stays there. */
function useStayAtEnd(scroller: RefObject<HTMLDivElement | null>, atEnd: boolean, toEnd: () => void): void {
  const wanted = useRef({ atEnd, toEnd });
  wanted.current = { atEnd, toEnd };
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const shrunk = element.clientHeight < height;
      height = element.clientHeight;
      if (shrunk && wanted.current.atEnd) wanted.current.toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
}

/** What somebody wrote, or is about to be answered: the others say something about the rows around them. */
function isWritten(row: Row | undefined): boolean {
  return row?.kind === "message" || row?.kind === "question" || row?.kind === "pending";
}

/** Messages by others after the last that was in sight; they are in order, so the end is enough. */
function countNew(messages: Timeline, after: number, me: Id): number {
  let count = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (message === undefined || message.seq <= after) break;
    if (message.author_id !== me) count += 1;
  }
  return count;
}

/** Far from the end that is left alone. Near an edge the page beyond it is read; one at a time. */
function readOn(conversation: Conversation, { above, below }: Room): void {
  if (below > LEAVE_END_PX) conversation.leaveEnd();
  if (above < PAGE_WITHIN_PX) void conversation.older();
  if (below < PAGE_WITHIN_PX) void conversation.newer();
}

/** What is in sight at the end of a visible page counts as read. */
function useReading(channel: Channel, inSight: boolean): void {
  const space = useSpace();
  useEffect(() => {
    const look = (): void => {
      const visible = inSight && document.visibilityState === "visible";
      space.watching = visible ? channel.id : null;
      if (visible) space.readToHead(channel.id);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      if (space.watching === channel.id) space.watching = null;
    };
  }, [channel.id, inSight, channel.unread_count]);
}
