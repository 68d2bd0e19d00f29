/** What stands beside messages and people: pins, what somebody says of themselves, groups, previews of links. */

import { wholeMessage } from "./frames";
import type { Rest } from "./rest";
import type { CustomStatus, Id, Message, RawMessage, User } from "./types";

export interface Pin {
  message: Message;
  pinned_by: Id;
  pinned_at: string;
}

interface RawPin extends Omit<Pin, "message"> {
  message: RawMessage;
}

/** People who are called by one name. */
export interface Group {
  id: Id;
  handle: string;
  name: string;
  description: string;
  member_ids: Id[];
}

export type GroupChange = Partial<Omit<Group, "id">>;

interface Listed<T> {
  data: T[];
}

export class BesideApi {
  constructor(
    private readonly rest: Rest,
    private readonly me: () => Id | null,
  ) {}

  async pins(channel: Id): Promise<Pin[]> {
    const found = await this.rest.call<Listed<RawPin>>("GET", `/channels/${channel}/pins`);
    return found.data.map((pin) => this.whole(pin));
  }

  async pin(message: Id): Promise<Pin> {
    return this.whole(await this.rest.call<RawPin>("POST", `/messages/${message}/pin`));
  }

  unpin(message: Id): Promise<void> {
    return this.rest.call("DELETE", `/messages/${message}/pin`);
  }

  /** Null: nothing any more. */
  say(status: CustomStatus | null): Promise<User> {
    return this.rest.call("PATCH", "/users/me", { custom_status: status });
  }

  async groups(): Promise<Group[]> {
    return (await this.rest.call<Listed<Group>>("GET", "/groups")).data;
  }

  makeGroup(group: Omit<Group, "id">): Promise<Group> {
    return this.rest.call("POST", "/groups", group);
  }

  changeGroup(id: Id, change: GroupChange): Promise<Group> {
    return this.rest.call("PATCH", `/groups/${id}`, change);
  }

  removeGroup(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/groups/${id}`);
  }

  removePreview(message: Id, url: string): Promise<void> {
    return this.rest.call("DELETE", `/messages/${message}/link_previews?url=${encodeURIComponent(url)}`);
  }

  private whole(raw: RawPin): Pin {
    return { ...raw, message: wholeMessage(raw.message, this.me()) };
  }
}
