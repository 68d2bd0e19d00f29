/** How one is told when one is away: settings, browsers, and a letter to try it out. */

import type { Rest } from "./rest";
import type { Id } from "./types";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

export interface QuietHours {
  from: string;
  to: string;
  days: Day[];
}

export interface NotifySettings {
  email_available: boolean;
  email: boolean;
  email_after_minutes: number;
  email_problem: { message: string; at: string } | null;
  push: boolean;
  push_key: string | null;
  time_zone: string;
  quiet_hours: QuietHours | null;
  do_not_disturb_until: string | null;
}

export type NotifyChange = Partial<Pick<NotifySettings, "email" | "email_after_minutes" | "push" | "time_zone" | "quiet_hours" | "do_not_disturb_until">>;

/** A browser that is pushed to. */
export interface PushBrowser {
  id: Id;
  name: string;
  created_at: string;
  last_used_at: string | null;
}

export interface MailTrial {
  is_sent: boolean;
  error: string | null;
}

export class NotificationsApi {
  constructor(private readonly rest: Rest) {}

  settings(): Promise<NotifySettings> {
    return this.rest.call("GET", "/notifications/settings");
  }

  change(change: NotifyChange): Promise<NotifySettings> {
    return this.rest.call("PATCH", "/notifications/settings", change);
  }

  testEmail(): Promise<MailTrial> {
    return this.rest.call("POST", "/notifications/test-email");
  }

  async browsers(): Promise<PushBrowser[]> {
    return (await this.rest.call<{ data: PushBrowser[] }>("GET", "/push/subscriptions")).data;
  }

  subscribe(subscription: PushSubscriptionJSON): Promise<PushBrowser> {
    const { endpoint, keys } = subscription;
    return this.rest.call("POST", "/push/subscriptions", { endpoint, keys });
  }

  unsubscribe(id: Id): Promise<void> {
    return this.rest.call("DELETE", `/push/subscriptions/${id}`);
  }
}
