/**
 * Pushes to this browser: turned on by a click, for one person, for as long as they are signed in here.
 *
 * Whose browser it is is remembered beside the browser's own subscription, so that nobody who signs in after
 * somebody else gets pushes that they never asked for.
 */

import type { NotificationsApi } from "../wire/notifications";
import type { Id } from "../wire/types";
import { worker } from "./worker";

const OWNER_STORED_AS = "starling.push";
/** What the server knows this browser by, to take it back. */
const ID_STORED_AS = "starling.push.id";

/** `none`: this browser or address cannot; `denied`: its person said no to all notifications of this page. */
export type Standing = "none" | "denied" | "off" | "on";

export function standing(me: Id): Standing {
  if (!("Notification" in globalThis) || !("PushManager" in globalThis) || !("serviceWorker" in navigator)) return "none";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && localStorage.getItem(OWNER_STORED_AS) === me ? "on" : "off";
}

/** Asks the browser's person, subscribes, and tells the server. Only to be called by a click. */
export async function turnOn(api: NotificationsApi, me: Id, key: string): Promise<Standing> {
  if (standing(me) === "none") return "none";
  const registration = await worker;
  if (registration === null) return "none";
  if ((await Notification.requestPermission()) !== "granted") return standing(me);
  // One that was made with another key would be refused for ever.
  const before = await registration.pushManager.getSubscription();
  if (before !== null && !hasKey(before, key)) await before.unsubscribe();
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  await tell(api, me, subscription);
  return standing(me);
}

/** After a sign-in or a reload: the server forgets a browser with the sign-in that it came by. */
export async function renew(api: NotificationsApi, me: Id): Promise<void> {
  const owner = localStorage.getItem(OWNER_STORED_AS);
  if (owner === null) return;
  const subscription = await (await worker)?.pushManager.getSubscription();
  if (subscription === null || subscription === undefined) return forget();
  if (owner === me) await tell(api, me, subscription);
  else await turnOff(null);
}

/** Without the server (it does not answer, or the sign-in is over) the browser alone ends it. */
export async function turnOff(api: NotificationsApi | null): Promise<void> {
  const id = localStorage.getItem(ID_STORED_AS);
  forget();
  if (id !== null) await api?.unsubscribe(id).catch(() => undefined);
  await (await (await worker)?.pushManager.getSubscription())?.unsubscribe();
}

async function tell(api: NotificationsApi, me: Id, subscription: PushSubscription): Promise<void> {
  const { id } = await api.subscribe(subscription.toJSON());
  localStorage.setItem(OWNER_STORED_AS, me);
  localStorage.setItem(ID_STORED_AS, id);
}

function forget(): void {
  localStorage.removeItem(OWNER_STORED_AS);
  localStorage.removeItem(ID_STORED_AS);
}

/** Whether this browser is one of those that the server pushes to. */
export function isThisBrowser(id: Id): boolean {
  return localStorage.getItem(ID_STORED_AS) === id;
}

function hasKey(subscription: PushSubscription, key: string): boolean {
  const own = subscription.options.applicationServerKey;
  const wanted = bytesOf(key);
  return own !== null && own.byteLength === wanted.length && new Uint8Array(own).every((byte, place) => byte === wanted[place]);
}

/** The bytes of a text in base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** A browser by what it calls itself: the program and the system that people know. */
export function browserName(userAgent: string): string {
  const programs: [RegExp, string][] = [[/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"]];
  const systems: [RegExp, string][] = [[/Android/, "Android"], [/iPhone|iPad/, "iOS"], [/Windows/, "Windows"], [/Mac OS/, "macOS"], [/Linux/, "Linux"]];
  const named = (list: [RegExp, string][]): string | undefined => list.find(([mark]) => mark.test(userAgent))?.[1];
  const parts = [named(programs), named(systems)].filter((part) => part !== undefined);
  return parts.length === 0 ? userAgent.slice(0, 60) : parts.join(" · ");
}
