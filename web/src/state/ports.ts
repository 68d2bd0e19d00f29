/** The browser behind the outbox: ids, time, and storage that outlives a reload of this tab. */

import type { AckFrame } from "../wire/frames";
import type { Id } from "../wire/types";
import type { FileLinkPorts } from "./file-links";
import type { OutboxEntry, OutboxPorts } from "./outbox";

export function outboxPorts(
  owner: () => Id,
  send: (entry: OutboxEntry) => Promise<AckFrame>,
  stored: (entry: OutboxEntry, ack: AckFrame) => void,
): OutboxPorts {
  const key = (): string => `starling.outbox.${owner()}`;
  return {
    send,
    stored,
    newId: newClientId,
    now: () => new Date().toISOString(),
    later: (ms, what) => void setTimeout(what, ms),
    load: () => parse(sessionStorage.getItem(key())),
    save: (entries) => {
      // Per tab on purpose: two tabs that share an outbox would send everything twice.
      if (entries.length === 0) sessionStorage.removeItem(key());
      else sessionStorage.setItem(key(), JSON.stringify(entries));
    },
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

function parse(text: string | null): OutboxEntry[] {
  if (text === null) return [];
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? (entries as OutboxEntry[]) : [];
  } catch {
    return [];
  }
}
