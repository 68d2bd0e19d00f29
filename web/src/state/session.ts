/** Who is using the page, and how the connection stands. One per page. */

import { effect, signal } from "@preact/signals";
import { Api } from "../wire/api";
import { Problem } from "../wire/problem";
import { Rest } from "../wire/rest";
import type { Bootstrap } from "../wire/types";
import { forgetKept, keep, loadKept } from "./keeper";
import { recall, type Kept } from "./kept";
import { OUTBOX } from "./ports";
import { renew, turnOff } from "./pushes";
import { pickUpSignOn } from "./single-sign-on";
import { lookForNewer } from "./version";
import { forgetOutboxes } from "./tab-outbox";
import { Workspace } from "./workspace";

const GUEST_STORED_AS = "starling.guest";
/** A server that takes longer to answer the first question is waited for behind what was kept. */
const PATIENCE_MS = 3_000;

export type Phase = "starting" | "door" | "inside" | "unreachable";

export const phase = signal<Phase>("starting");
export const workspace = signal<Workspace | null>(null);
/** Why the last session ended, said on the door. */
export const endedBecause = signal<"revoked" | "refused" | "policy" | null>(null);

let stopKeeping: () => void = () => undefined;
const rest = new Rest(localStorage);
export const api = new Api(rest, () => workspace.value?.me ?? null);

/** Picks up the session of before, if there is one. */
export async function start(): Promise<void> {
  await pickUpSignOn(rest);
  const guest = sessionStorage.getItem(GUEST_STORED_AS);
  if (guest !== null) return enterAsGuest(guest);
  // Whoever signs in at the door may be someone else.
  if (!rest.tokens.signedIn) return refuse();
  phase.value = "starting";
  await enter();
}

export async function signIn(email: string, password: string): Promise<void> {
  await api.login(email, password);
  await enter();
}

export async function signUp(registration: Parameters<Api["register"]>[0]): Promise<void> {
  await api.register(registration);
  await enter();
}

/** Until the server says hello, or that this guest may not come in. */
export async function enterAsGuest(username: string): Promise<void> {
  sessionStorage.setItem(GUEST_STORED_AS, username);
  endedBecause.value = null;
  const guest = Workspace.forGuest(username, leave, guestArrived);
  workspace.value = guest;
  guest.connect();
  await new Promise<void>((resolve) => {
    const stop = effect(() => {
      if (phase.value !== "inside" && workspace.value === guest) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

/** A guest is inside once the server has said hello; until then the door stays. */
function guestArrived(): void {
  phase.value = "inside";
}

export async function signOut(): Promise<void> {
  const guest = workspace.value?.guestName !== null;
  const me = workspace.value?.me;
  close();
  if (me !== undefined) forgetOutboxes(`${OUTBOX}${me}.`, localStorage);
  await forgetKept();
  if (!guest) {
    await turnOff(api.notifications).catch(() => undefined);
    await api.logout().catch(() => undefined);
  }
  sessionStorage.clear();
  phase.value = "door";
}

/** Once more, without a word until it is known what came of it. */
export async function tryAgain(): Promise<void> {
  if (phase.value === "unreachable") await enter();
}

async function enter(): Promise<void> {
  const asked = api.bootstrap();
  try {
    const early = await Promise.race([asked, patience()]);
    const kept = early === null ? await loadKept() : null;
    if (kept !== null) return begin(kept.bootstrap, kept);
    begin(early ?? (await asked), null);
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return refuse();
    const kept = await loadKept();
    if (kept !== null) begin(kept.bootstrap, kept);
    else phase.value = "unreachable";
  } finally {
    // Who went on with what was kept hears of it by the socket.
    asked.catch(() => undefined);
  }
}

function begin(bootstrap: Bootstrap, kept: Kept | null): void {
  endedBecause.value = null;
  // A server that was away may have come back as another version; one that was never asked may be one.
  let wasAway = kept !== null;
  const space = new Workspace(api, bootstrap, null, leave, () => {
    if (wasAway) void lookForNewer();
    wasAway = true;
  });
  if (kept !== null) recall(space, kept);
  workspace.value = space;
  phase.value = "inside";
  stopKeeping = keep(space);
  space.connect();
  void renew(api.notifications, space.me).catch(() => undefined);
}

function refuse(): void {
  void forgetKept();
  phase.value = "door";
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
}

function leave(reason: "revoked" | "refused" | "policy"): void {
  close();
  void forgetKept();
  void turnOff(null).catch(() => undefined);
  rest.tokens.forget();
  sessionStorage.removeItem(GUEST_STORED_AS);
  endedBecause.value = reason;
  phase.value = "door";
}

function close(): void {
  stopKeeping();
  stopKeeping = () => undefined;
  workspace.value?.close();
  workspace.value = null;
}
