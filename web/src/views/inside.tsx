/** The workspace on screen: sidebar, channel, thread; on a phone one of them at a time. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { enlarged, planning, reminding, versionsOf } from "../components/at-work";
import { Icon } from "../components/icon";
import { later } from "../components/later";
import { deadLink } from "../components/link-trouble";
import { channelTitle, SpaceContext, useSpace } from "../components/space";
import { Speaker } from "../components/speaker";
import * as actions from "../state/actions";
import { addressOf, sectionAt } from "../state/ask/section";
import { jumpToAddress } from "../state/jump";
import { restoreUnread } from "../state/kept-unread";
import type { Workspace } from "../state/workspace";
import type { Channel } from "../wire/types";
import { words } from "../words";
import { askWords } from "../words/ask";
import { pageWords } from "../words/page";
import { ChannelPane } from "./channel";
import { Dialog, type DialogName } from "./dialogs";
import { Sidebar } from "./sidebar";
import { ThreadPanel } from "./thread";
import { useKeys } from "./keys";
import { Enlarged } from "./enlarged";
import { Versions } from "./versions";

const LAST_STORED_AS = "starling.channel";

const AdminSection = later(() => import("./admin/section").then((module) => module.AdminSection));
const SearchPanel = later(() => import("./search").then((module) => module.SearchPanel));
const DataSection = later(() => import("./data/section").then((module) => module.DataSection));
const SendLater = later(() => import("./send-later").then((module) => module.SendLater), true);
const Remind = later(() => import("./remind").then((module) => module.Remind), true);

export function Inside({ space }: { space: Workspace }): JSX.Element {
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const [drawer, setDrawer] = useState(false);
  const [pane, setPane] = useState<"list" | "channel">("channel");
  const openId = space.openChannel.value;
  const channel = space.channels.get(openId);
  const rootId = space.openThreadRoot.value;
  const section = space.asking.section.value;
  const conversation = openId === null ? null : space.conversation(openId);
  const root = section !== null || conversation === null || rootId === null ? undefined : conversation.find(rootId);
  useEffect(() => {
    if (conversation !== null) conversation.root.value = root ?? null;
  }, [conversation, root]);
  useAddress(space);
  useReturn(space);
  useDrawer(drawer, () => setDrawer(false));
  useKeys(space, { help: () => setDialog("help"), jump: () => setDialog("jump"), day: () => setDialog("day") });
  const attention = space.channels.attention.value;
  const title = section !== null ? `${section.name === "admin" ? pageWords.side.admin : askWords.side.data} · ` : channel === undefined ? "" : `${channelTitle(space, channel)} · `;
  useEffect(() => {
    document.title = `${attention > 0 ? `(${attention}) ` : ""}${title}${words.product}`;
    return () => void (document.title = words.product);
  }, [attention, title]);
  // On a phone a section that was just opened is what one wants to see.
  useEffect(() => {
    if (section === null) return;
    setDrawer(false);
    setPane("channel");
  }, [section]);
  const target = section === null ? "log" : "page";
  const withThread = channel !== undefined && root !== undefined;
  const searching = space.search.open.value && !withThread;
  const showing = withThread || searching ? "show-thread" : pane === "list" || (openId === null && section === null) ? "show-list" : "show-channel";
  const ask = (): void => {
    space.asking.section.value = { name: "private" };
    setPane("channel");
  };
  const toChannel = (): void => {
    setDialog(null);
    setDrawer(false);
    setPane("channel");
  };
  return (
    <SpaceContext.Provider value={space}>
      <a class="skip" href={`#${target}`} onClick={(event) => { event.preventDefault(); document.getElementById(target)?.focus(); }}>{section === null ? words.side.skip : words.side.skipToData}</a>
      <div class={`app ${withThread || searching ? "with-thread" : ""} ${showing} ${drawer ? "drawer" : ""}`}>
        <Sidebar onOpen={toChannel} onDrawer={() => setDrawer(true)} onDialog={setDialog} />
        <button class="scrim" type="button" tabIndex={-1} aria-hidden="true" onClick={() => setDrawer(false)} />
        {section === null ? <ChannelPane onBack={() => setPane("list")} onDialog={setDialog} /> : section.name === "admin" ? <AdminSection tab={section.tab} onBack={() => setPane("list")} /> : <DataSection section={section} onBack={() => setPane("list")} />}
        {withThread && <ThreadPanel key={root.id} channel={channel} root={root} />}
        {searching && <SearchPanel />}
        {showing !== "show-thread" && <TabBar attention={attention} listed={showing === "show-list"} onChannels={() => setPane("list")} onAsk={ask} onDialog={setDialog} />}
      </div>
      {dialog !== null && <Dialog key={dialog} name={dialog} onClose={() => setDialog((held) => (held === dialog ? null : held))} onOpened={toChannel} onDialog={setDialog} />}
      {versionsOf.value !== null && <Versions message={versionsOf.value} />}
      {enlarged.value !== null && <Enlarged file={enlarged.value} />}
      {planning.value !== null && <SendLater {...planning.value} />}
      {reminding.value !== null && <Remind message={reminding.value} />}
      <Speaker />
    </SpaceContext.Provider>
  );
}

interface TabBarProps {
  attention: number;
  listed: boolean;
  onChannels(): void;
  onAsk(): void;
  onDialog(name: DialogName): void;
}

/** Thumbs reach these on a phone; wider screens have the sidebar. */
function TabBar({ attention, listed, onChannels, onAsk, onDialog }: TabBarProps): JSX.Element {
  const space = useSpace();
  const asking = space.asking.section.value?.name === "private";
  return (
    <nav class="tabbar" aria-label={words.side.screens}>
      <button type="button" aria-current={listed ? "page" : undefined} onClick={onChannels}><Icon name="chat" size="l" />{words.side.channels}{attention > 0 && <span class="badge">{attention}</span>}</button>
      <button type="button" onClick={() => onDialog("jump")}><Icon name="search" size="l" />{pageWords.tabs.jump}</button>
      {space.api !== null && <button type="button" aria-current={asking && !listed ? "page" : undefined} onClick={onAsk}><Icon name="ask" size="l" />{pageWords.tabs.ask}</button>}
      <button type="button" onClick={() => onDialog("settings")}><Icon name="user" size="l" />{words.side.you}</button>
    </nav>
  );
}

/** An open drawer has the focus and goes with Esc; then the focus is back on what opened it. */
function useDrawer(open: boolean, close: () => void): void {
  // Before the paint: whoever sees the drawer can close it.
  useLayoutEffect(() => {
    if (!open) return;
    document.querySelector<HTMLElement>(".side .row[aria-current], .side .rooms .row")?.focus();
    const key = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented && document.querySelector("dialog[open]") === null) close();
    };
    addEventListener("keydown", key);
    return () => {
      removeEventListener("keydown", key);
      // What had the focus may be gone with the rest of the drawer.
      const held = document.activeElement;
      if (held === null || held === document.body || !held.checkVisibility()) document.querySelector<HTMLElement>(".drawer-open")?.focus();
    };
  }, [open]);
}

/** The channel of the last time, or the first with something new, or simply the first. */
function firstChannel(space: Workspace): Channel | undefined {
  const last = space.channels.get(localStorage.getItem(`${LAST_STORED_AS}.${space.me}`));
  if (last?.membership) return last;
  const all = [...space.channels.rooms.value, ...space.channels.conversations.value];
  return all.find((channel) => (channel.unread_count ?? 0) > 0) ?? all[0];
}

/** What is open is in the address, so that a reload and the back button find it. */
function useAddress(space: Workspace): void {
  const openId = space.openChannel.value;
  const section = space.asking.section.value;
  const address = section === null ? openId : addressOf(section);
  useEffect(() => {
    const follow = (): void => {
      const wanted = location.hash.slice(1);
      const named = space.api === null ? null : sectionAt(wanted);
      if (named !== null) space.asking.section.value = named;
      else if (wanted !== "") void jumpToAddress(space, wanted).then((arrived) => (deadLink.value = !arrived));
    };
    if (space.api !== null) restoreUnread(space);
    follow();
    const first = firstChannel(space);
    if (space.openChannel.value === null && space.asking.section.value === null && first !== undefined) actions.openChannel(space, first.id);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [space]);
  useEffect(() => {
    if (openId !== null) localStorage.setItem(`${LAST_STORED_AS}.${space.me}`, openId);
    if (address === null || location.hash === `#${address}`) return;
    if (location.hash === "") history.replaceState(null, "", `#${address}`);
    else history.pushState(null, "", `#${address}`);
  }, [openId, address]);
}

/** The network is back, or the person is: no need to wait for the next attempt. */
function useReturn(space: Workspace): void {
  useEffect(() => {
    const back = (): void => {
      if (document.visibilityState === "visible") space.link.probe();
    };
    addEventListener("online", back);
    document.addEventListener("visibilitychange", back);
    return () => {
      removeEventListener("online", back);
      document.removeEventListener("visibilitychange", back);
    };
  }, [space]);
}
