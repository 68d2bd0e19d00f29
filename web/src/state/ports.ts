/** The browser behind the outbox: ids, time, and storage that outlives a reload of this tab. */

import type { AckFrame } from "../wire/frames";
import type { Id } from "../wire/types";
import type { FileLinkPorts } from "./file-links";
import type { OutboxEntry, OutboxPorts } from "./outbox";
import { entriesIn, TabOutbox } from "./tab-outbox";

/** Names begin so; the owner and the page follow. */
export const OUTBOX = "starling.outbox.";

/** A guest is one only in a tab, and so are their words; so are anyone's where there are no locks (plain HTTP). */
export function outboxPorts(
  owner: Id | null,
  send: (entry: OutboxEntry) => Promise<AckFrame>,
  stored: (entry: OutboxEntry, ack: AckFrame) => void,
): OutboxPorts {
  const kept = owner === null || typeof navigator === "undefined" || navigator.locks === undefined ? inTab() : overTabs(owner, navigator.locks);
  return {
    send,
    stored,
    newId: newClientId,
    now: () => new Date().toISOString(),
    later: (ms, what) => void setTimeout(what, ms),
    ...kept,
  };
}

type Keeping = Pick<OutboxPorts, "load" | "save" | "inherit" | "close">;

function overTabs(owner: Id, locks: LockManager): Keeping {
  const tab = new TabOutbox(`${OUTBOX}${owner}.`, {
    storage: localStorage,
    locks,
    newId: newClientId,
    onChange: (what) => {
      const heard = (event: StorageEvent): void => what(event.newValue === null ? null : event.key);
      addEventListener("storage", heard);
      return () => removeEventListener("storage", heard);
    },
  });
  return { load: () => [], save: (entries) => tab.save(entries), inherit: (take) => tab.inherit(take), close: () => tab.close() };
}

function inTab(): Keeping {
  return {
    load: () => entriesIn(sessionStorage.getItem(OUTBOX)),
    save: (entries) => {
      // Per tab on purpose: two tabs that share an outbox would send everything twice.
      if (entries.length === 0) sessionStorage.removeItem(OUTBOX);
      else sessionStorage.setItem(OUTBOX, JSON.stringify(entries));
    },
    inherit: () => undefined,
    close: () => undefined,
  };
}

export function fileLinkPorts(ask: FileLinkPorts["ask"]): FileLinkPorts {
  return { ask, now: () => Date.now(), soon: (what) => void setTimeout(what, 0) };
}

/** `crypto.randomUUID` exists in secure contexts only; a plain-HTTP server on a LAN has none. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
