/** The sidebar's places of data: connections, and one's private conversations with them. */

import type { JSX } from "preact";
import { Icon } from "../components/icon";
import { useSpace } from "../components/space";
import { openChannel } from "../state/actions";
import { channelOf } from "../state/ask/asking";
import type { ChatSession } from "../wire/data/types";
import { askWords } from "../words/ask";
import { pageWords } from "../words/page";

const words = askWords.side;

export function DataRow({ onOpen }: { onOpen(): void }): JSX.Element {
  const { section } = useSpace().asking;
  const current = section.value !== null && section.value.name !== "private" && section.value.name !== "admin";
  const open = (): void => {
    section.value = { name: "connections" };
    onOpen();
  };
  return (
    <li>
      <button class="row" type="button" title={words.data} aria-current={current ? "page" : undefined} onClick={open}>
        <Icon name="data" />
        <span class="grow cut">{words.data}</span>
      </button>
    </li>
  );
}

/** Where those who run the place look after it; shown to them only. */
export function AdminRow({ onOpen }: { onOpen(): void }): JSX.Element | null {
  const { asking } = useSpace();
  if (!asking.isAdmin) return null;
  const open = (): void => {
    asking.section.value = { name: "admin", tab: "people" };
    onOpen();
  };
  return (
    <li>
      <button class="row" type="button" title={pageWords.side.admin} aria-current={asking.section.value?.name === "admin" ? "page" : undefined} onClick={open}>
        <Icon name="shield" />
        <span class="grow cut">{pageWords.side.admin}</span>
      </button>
    </li>
  );
}

export function PrivateQuestions({ onOpen }: { onOpen(): void }): JSX.Element {
  const space = useSpace();
  const { section, sessions } = space.asking;
  const begin = (): void => {
    section.value = { name: "private" };
    onOpen();
  };
  const open = (session: ChatSession): void => {
    openChannel(space, channelOf(session));
    onOpen();
  };
  return (
    <>
      <h2>
        <span class="grow">{words.private}</span>
        <button class="ib" type="button" aria-label={words.newPrivate} title={words.newPrivate} aria-current={section.value?.name === "private" ? "page" : undefined} onClick={begin}><Icon name="plus" size="s" /></button>
      </h2>
      <ul class="rooms">
        {sessions.value.map((session) => {
          const current = section.value === null && space.openChannel.value === channelOf(session);
          const name = session.title || words.newPrivate;
          return (
            <li key={session.id}>
              <button class="row" type="button" title={name} aria-current={current ? "page" : undefined} onClick={() => open(session)}>
                <Icon name={session.is_pinned ? "pin" : "ask"} />
                <span class="grow cut">{name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
