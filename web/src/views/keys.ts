/** Keys that work over the whole page. */

import { useLayoutEffect } from "preact/hooks";
import * as actions from "../state/actions";
import type { Workspace } from "../state/workspace";

/** In the order in which F6 goes through them. */
const REGIONS = [".side nav", ".pane .log", ".pane #page", ".pane .comp textarea", ".thread .log", ".thread .comp textarea", ".search .in"];

export interface Openers {
  help(): void;
  jump(): void;
  day(): void;
}

export function useKeys(space: Workspace, { help, jump, day }: Openers): void {
  // Whoever sees the page can use its keys.
  useLayoutEffect(() => {
    const key = (event: KeyboardEvent): void => {
      // A dialog is a world of its own.
      if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      if (isSearchKey(event) && space.api !== null) space.search.show();
      else if (event.key === "F6") nextRegion(event.shiftKey ? -1 : 1);
      else if (event.key === "k" && isCommand(event)) jump();
      else if (event.key === "Escape") return markRead(space, event.shiftKey);
      else if (event.key === "j" && isCommand(event)) turnToAsking();
      else if (event.key === "?" && !isWriting(event.target)) help();
      else if (event.key === "g" && space.api !== null && isInMessages(event)) day();
      else if (!event.altKey || !nextChannel(space, event)) return;
      event.preventDefault();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [space]);
}

/** With Ctrl, or with ⌘, and nothing else. */
function isCommand(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
}

/** What has nothing else to close closes the New line: the channel is read; with Shift all of them are. */
function markRead(space: Workspace, all: boolean): void {
  if (all) actions.markAllRead(space);
  else if (space.openChannel.value !== null && space.asking.section.value === null) actions.markRead(space, space.openChannel.value);
}

/** The composer that one is in, or the channel's. */
function turnToAsking(): void {
  const near = document.activeElement?.closest(".pane, .thread") ?? document;
  (near.querySelector<HTMLElement>(".ask-toggle") ?? document.querySelector<HTMLElement>(".ask-toggle"))?.click();
}

/** `/` where nobody writes; with Ctrl or ⌘ and Shift, F anywhere. */
function isSearchKey(event: KeyboardEvent): boolean {
  if (event.altKey) return false;
  const withControl = event.ctrlKey || event.metaKey;
  if (withControl) return event.shiftKey && event.key.toLowerCase() === "f";
  return event.key === "/" && !isWriting(event.target);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("textarea, input") !== null;
}

/** A plain letter counts on the messages and their rows only. */
function isInMessages(event: KeyboardEvent): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  return plain && event.target instanceof HTMLElement && event.target.matches(".pane .log, .pane .log article");
}

function nextRegion(step: 1 | -1): void {
  const regions = REGIONS.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []).filter(isShown);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const from = at === -1 && step === -1 ? 0 : at;
  const region = regions[(from + step + regions.length) % regions.length];
  if (region === undefined) return;
  // The sidebar itself takes no focus: its open channel does.
  const inside = region.matches("nav") ? (region.querySelector<HTMLElement>("[aria-current]") ?? region.querySelector<HTMLElement>("button.row")) : null;
  (inside ?? region).focus();
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

/** Alt with an arrow: the channel above or below; with Shift too, the next one that is unread. */
function nextChannel(space: Workspace, event: KeyboardEvent): boolean {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return false;
  const { rooms, conversations } = space.channels;
  const privates = space.asking.sessionChannels.value;
  // As the sidebar lists them: private questions stand between the two.
  const inOrder = [...privates].flatMap((id) => space.channels.get(id) ?? []);
  const listed = [...rooms.value.filter((room) => !privates.has(room.id)), ...inOrder, ...conversations.value.filter((held) => !privates.has(held.id))];
  if (event.key === "ArrowUp") listed.reverse();
  const at = listed.findIndex((channel) => channel.id === space.openChannel.value);
  const next = [...listed.slice(at + 1), ...listed.slice(0, Math.max(at, 0))].find(
    (channel) => !event.shiftKey || (channel.unread_count ?? 0) > 0,
  );
  if (next === undefined) return false;
  actions.openChannel(space, next.id);
  return true;
}
