/** One method per request that the page makes. Names follow the contract, not the views. */

import { BesideApi } from "./beside";
import { DataApi } from "./data/api";
import { wholeMessage } from "./frames";
import { NotificationsApi } from "./notifications";
import { PlansApi } from "./plans";
import { Problem } from "./problem";
import { ProgramsApi } from "./programs";
import type { Rest } from "./rest";
import { upload } from "./upload";
import type { RawSearch, SearchPage, SearchSort } from "./search";
import type {
  Attachment,
  Bootstrap,
  Channel,
  ChannelKind,
  ChannelRole,
  DataExport,
  FileLinkList,
  Id,
  Invitation,
  Login,
  Membership,
  Message,
  Methods,
  NotificationLevel,
  Organization,
  OrganizationDetails,
  OrgRole,
  PeoplePage,
  Person,
  PersonalToken,
  RawMessage,
  RegistrationMode,
  Retention,
  Thread,
  TokenPair,
  User,
  Version,
} from "./types";

/** Messages per page of history: two screens of a tall window. */
export const PAGE_MESSAGES = 50;

export interface Registration {
  email: string;
  password: string;
  username?: string;
  full_name?: string;
  org_name?: string;
  org_slug?: string;
  invite_token?: string;
}

export interface NewChannel {
  name?: string;
  description?: string;
  topic?: string;
  kind: ChannelKind;
  member_ids?: Id[];
}

export interface ChannelChange {
  name?: string;
  description?: string;
  topic?: string;
}

export interface HistoryPage {
  messages: Message[];
  hasMore: boolean;
}

export class Api {
  /** Everything about asking the data. */
  readonly data: DataApi;
  /** Drafts, what is sent later, reminders, commands. */
  readonly plans: PlansApi;
  /** Webhooks and bots. */
  readonly programs: ProgramsApi;
  /** Pins, groups, what one says of oneself, previews of links. */
  readonly beside: BesideApi;
  readonly notifications: NotificationsApi;

  constructor(
    private readonly rest: Rest,
    private readonly me: () => Id | null,
  ) {
    this.data = new DataApi(rest);
    this.plans = new PlansApi(rest);
    this.programs = new ProgramsApi(rest);
    this.beside = new BesideApi(rest, me);
    this.notifications = new NotificationsApi(rest);
  }

  /** The ways in that the server has. */
  async methods(): Promise<Methods> {
    return this.rest.open<Methods>("GET", "/auth/methods");
  }

  async login(email: string, password: string): Promise<TokenPair> {
    return this.keep(await this.rest.open<TokenPair>("POST", "/auth/login", { email, password }));
  }

  async register(registration: Registration): Promise<TokenPair> {
    return this.keep(await this.rest.open<TokenPair>("POST", "/auth/register", registration));
  }

  async logout(): Promise<void> {
    try {
      await this.rest.call("POST", "/auth/logout", { refresh_token: this.rest.tokens.refreshToken });
    } finally {
      this.rest.tokens.forget();
    }
  }

  /** If there is an account with this e-mail, a link goes there; the answer never says. */
  askForPassword(email: string): Promise<void> {
    return this.rest.open("POST", "/auth/password-reset", { email });
  }

  choosePassword(token: string, password: string): Promise<void> {
    return this.rest.open("POST", "/auth/password-reset/confirm", { token, password });
  }

  async ticket(): Promise<string> {
    return (await this.rest.call<{ ticket: string }>("POST", "/auth/ws-ticket")).ticket;
  }

  async bootstrap(): Promise<Bootstrap> {
    try {
      return await this.rest.call<Bootstrap>("GET", "/bootstrap");
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      return this.bootstrapInPieces();
    }
  }

  /** A server that has no single call for the start says the same in four. */
  private async bootstrapInPieces(): Promise<Bootstrap> {
    const [user, org, channels, users] = await Promise.all([
      this.rest.call<User>("GET", "/users/me"),
      this.rest.call<Organization>("GET", "/orgs/current").catch(() => null),
      this.channels(),
      this.users("").catch(() => []),
    ]);
    return { user, org, channels, users };
  }

  channels(): Promise<Channel[]> {
    return this.rest.call("GET", "/channels/");
  }

  channel(id: Id): Promise<Channel> {
    return this.rest.call("GET", `/channels/${id}`);
  }

  createChannel(channel: NewChannel): Promise<Channel> {
    return this.rest.call("POST", "/channels/", channel);
  }

  joinChannel(id: Id): Promise<Membership> {
    return this.rest.call("POST", `/channels/${id}/join`);
  }

  leaveChannel(id: Id): Promise<void> {
    return this.rest.call("POST", `/channels/${id}/leave`);
  }

  changeChannel(id: Id, change: ChannelChange): Promise<Channel> {
    return this.rest.call("PATCH", `/channels/${id}`, change);
  }

  retention(id: Id): Promise<Retention> {
    return this.rest.call("GET", `/channels/${id}/retention`);
  }

  /** Null: like all channels. */
  changeRetention(id: Id, days: number | null): Promise<Retention> {
    return this.rest.call("PUT", `/channels/${id}/retention`, { days });
  }

  defaultRetention(): Promise<{ days: number }> {
    return this.rest.call("GET", "/orgs/current/retention");
  }

  changeDefaultRetention(days: number): Promise<{ days: number }> {
    return this.rest.call("PUT", "/orgs/current/retention", { days });
  }

  /** There is no way back. */
  erasePerson(id: Id, deleteMessages: boolean): Promise<void> {
    return this.rest.call("POST", `/users/${id}/erase`, { delete_messages: deleteMessages });
  }

  dataExports(): Promise<DataExport[]> {
    return this.rest.call("GET", "/exports");
  }

  dataExport(id: Id): Promise<DataExport> {
    return this.rest.call("GET", `/exports/${id}`);
  }

  askDataExport(): Promise<DataExport> {
    return this.rest.call("POST", "/exports", {});
  }

  addMember(id: Id, userId: Id): Promise<Membership> {
    return this.rest.call("POST", `/channels/${id}/members`, { user_id: userId });
  }

  removeMember(id: Id, userId: Id): Promise<void> {
    return this.rest.call("DELETE", `/channels/${id}/members/${userId}`);
  }

  changeMember(
    id: Id,
    userId: Id,
    change: { role?: ChannelRole; notification_level?: NotificationLevel },
  ): Promise<Membership> {
    return this.rest.call("PATCH", `/channels/${id}/members/${userId}`, change);
  }

  async members(id: Id): Promise<(Membership & { user?: User })[]> {
    return this.rest.call("GET", `/channels/${id}/members`);
  }

  user(id: Id): Promise<User> {
    return this.rest.call("GET", `/users/${id}`);
  }

  users(query: string): Promise<User[]> {
    return this.rest.call("GET", `/users?query=${encodeURIComponent(query)}`);
  }

  /** For admins: everyone, a page at a time. */
  async people(query: string, cursor: string | null): Promise<PeoplePage> {
    const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await this.rest.callWhole<Person[]>("GET", `/users?query=${encodeURIComponent(query)}${from}`);
    return { people: answer.body, next: answer.headers.get("X-Next-Cursor") };
  }

  person(id: Id): Promise<Person> {
    return this.rest.call("GET", `/users/${id}`);
  }

  changePerson(id: Id, change: { role?: OrgRole; is_active?: boolean }): Promise<Person> {
    return this.rest.call("PATCH", `/users/${id}`, change);
  }

  organization(): Promise<OrganizationDetails> {
    return this.rest.call("GET", "/orgs/current");
  }

  changeOrganization(change: { name?: string; registration?: RegistrationMode; settings?: Record<string, unknown> }): Promise<OrganizationDetails> {
    return this.rest.call("PATCH", "/orgs/current", change);
  }

  tokens(): Promise<PersonalToken[]> {
    return this.rest.call("GET", "/tokens");
  }

  makeToken(name: string, days: number | null): Promise<PersonalToken> {
    return this.rest.call("POST", "/tokens", { name, ...(days === null ? {} : { expires_in_days: days }) });
  }

  deleteToken(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/tokens/${id}`);
  }

  changePassword(current: string, fresh: string): Promise<void> {
    return this.rest.call("POST", "/auth/password", { current_password: current, new_password: fresh });
  }

  changeMe(change: { full_name?: string; username?: string }): Promise<User> {
    return this.rest.call("PATCH", "/users/me", change);
  }

  async logins(): Promise<Login[]> {
    return (await this.rest.call<{ data: Login[] }>("GET", "/auth/sessions")).data;
  }

  endLogin(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/auth/sessions/${id}`);
  }

  /** Ends every sign-in but this one. */
  endOtherLogins(): Promise<void> {
    return this.rest.call("DELETE", "/auth/sessions");
  }

  invitations(): Promise<Invitation[]> {
    return this.rest.call("GET", "/invitations");
  }

  invite(role: OrgRole, email: string): Promise<Invitation> {
    return this.rest.call("POST", "/invitations", { role, ...(email === "" ? {} : { email }) });
  }

  withdraw(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/invitations/${id}`);
  }

  /** A message's earlier texts, oldest first. */
  versions(id: Id): Promise<Version[]> {
    return this.rest.call("GET", `/messages/${id}/history`);
  }

  history(channelId: Id, before: number | null, limit = PAGE_MESSAGES): Promise<HistoryPage> {
    return this.page(channelId, limit, before === null ? "" : `&before=${before}`);
  }

  /** The messages after a position; `hasMore` tells of those after them. */
  after(channelId: Id, seq: number, limit: number): Promise<HistoryPage> {
    return this.page(channelId, limit, `&after=${seq}`);
  }

  /** The messages on both sides of a position; `hasMore` tells of those before them. */
  near(channelId: Id, seq: number, limit: number): Promise<HistoryPage> {
    return this.page(channelId, limit, `&around=${seq}`);
  }

  private async page(channelId: Id, limit: number, place: string): Promise<HistoryPage> {
    const answer = await this.rest.callWhole<RawMessage[]>("GET", `/messages/channel/${channelId}?limit=${limit}${place}`);
    return {
      messages: answer.body.map((raw) => wholeMessage(raw, this.me())),
      hasMore: answer.headers.get("X-Has-More") === "true",
    };
  }

  /** A few messages on both sides of one, replies in threads too. */
  async around(channelId: Id, id: Id): Promise<Message[]> {
    const raw = await this.rest.call<RawMessage[]>("GET", `/messages/channel/${channelId}?around=${id}&limit=7&include_threads=true`);
    return raw.map((message) => wholeMessage(message, this.me()));
  }

  async search(wish: { text: string; sort: SearchSort; cursor: string | null; limit?: number }): Promise<SearchPage> {
    // Days begin where the reader is.
    const query = new URLSearchParams({ q: wish.text, sort: wish.sort, utc_offset: String(-new Date().getTimezoneOffset()) });
    if (wish.cursor !== null) query.set("cursor", wish.cursor);
    if (wish.limit !== undefined) query.set("limit", String(wish.limit));
    const { body, headers } = await this.rest.callWhole<RawSearch>("GET", `/search?${query}`);
    return {
      hits: body.hits.map((hit) => ({ message: wholeMessage(hit.message, this.me()), highlights: hit.highlights ?? [] })),
      total: body.total,
      exact: body.total_is_exact,
      incomplete: body.incomplete,
      notes: body.notes ?? [],
      next: headers.get("X-Next-Cursor"),
    };
  }

  async message(id: Id): Promise<Message> {
    return wholeMessage(await this.rest.call<RawMessage>("GET", `/messages/${id}`), this.me());
  }

  threads(channelId: Id): Promise<Thread[]> {
    return this.rest.call("GET", `/threads?channel_id=${channelId}`);
  }

  thread(id: Id): Promise<Thread> {
    return this.rest.call("GET", `/threads/${id}`);
  }

  createThread(channelId: Id, rootMessageId: Id): Promise<Thread> {
    return this.rest.call("POST", "/threads/", {
      channel_id: channelId,
      root_message_id: rootMessageId,
    });
  }

  async threadMessages(id: Id): Promise<Message[]> {
    const raw = await this.rest.call<RawMessage[]>("GET", `/threads/${id}/messages?limit=200`);
    return raw.map((message) => wholeMessage(message, this.me()));
  }

  /** A file that hangs on no message yet. */
  uploadFile(file: File, progress: (share: number) => void, stop: AbortSignal): Promise<Attachment> {
    return upload<Attachment>(this.rest.tokens, "/files", file, progress, stop);
  }

  /** Addresses that the browser can load by itself, for some minutes. */
  fileLinks(ids: Id[]): Promise<FileLinkList> {
    return this.rest.call("POST", "/files/links", { ids });
  }

  private keep(pair: TokenPair): TokenPair {
    this.rest.tokens.keep(pair);
    return pair;
  }
}
