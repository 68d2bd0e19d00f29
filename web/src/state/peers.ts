/**
 * Who a direct conversation is with. A channel does not say, so its members are asked for once
 * and remembered in this browser: requests are limited, and a pair never changes.
 */

import { signal } from "@preact/signals";
import type { Api } from "../wire/api";
import type { Id, User } from "../wire/types";

const STORED_AS = "starling.peers";

export class Peers {
  /** Everyone in the conversation, oneself too: another account may use this browser tomorrow. */
  readonly byChannel = signal<ReadonlyMap<Id, readonly Id[]>>(load());
  private readonly asked = new Set<Id>();

  know(channelId: Id, members: readonly Id[]): void {
    this.byChannel.value = new Map(this.byChannel.value).set(channelId, members);
    try {
      localStorage.setItem(STORED_AS, JSON.stringify([...this.byChannel.value]));
    } catch {
      // Full or forbidden storage only costs the same question again next time.
    }
  }

  /** Asks once per page for what is not known yet. */
  async find(channelId: Id, api: Api, meet: (users: User[]) => void, isMet: (id: Id) => boolean): Promise<void> {
    const known = this.byChannel.value.get(channelId);
    if (this.asked.has(channelId) || known?.every(isMet)) return;
    this.asked.add(channelId);
    try {
      const members = await api.members(channelId);
      const ids = members.map((member) => member.user_id);
      meet(members.flatMap((member) => member.user ?? []));
      meet(await Promise.all(ids.filter((id) => !isMet(id)).map((id) => api.user(id))));
      this.know(channelId, ids);
    } catch {
      this.asked.delete(channelId);
    }
  }
}

function load(): ReadonlyMap<Id, readonly Id[]> {
  try {
    const text = typeof localStorage === "undefined" ? null : localStorage.getItem(STORED_AS);
    return new Map(JSON.parse(text ?? "[]") as [Id, Id[]][]);
  } catch {
    return new Map();
  }
}
