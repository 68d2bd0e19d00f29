/** Who is using the page, and how the connection stands. One per page. */

import { effect, signal } from "@preact/signals";
import { Api } from "../wire/api";
import { Problem } from "../wire/problem";
import { Rest } from "../wire/rest";
import type { Bootstrap } from "../wire/types";
import { pickUpSignOn } from "./single-sign-on";
import { Workspace } from "./workspace";

const GUEST_STORED_AS = "starling.guest";

export type Phase = "starting" | "door" | "inside" | "unreachable";

export const phase = signal<Phase>("starting");
export const workspace = signal<Workspace | null>(null);
/** Why the last session ended, said on the door. */
export const endedBecause = signal<"revoked" | "refused" | "policy" | null>(null);

const rest = new Rest(localStorage);
export const api = new Api(rest, () => workspace.value?.me ?? null);

/** Picks up the session of before, if there is one. */
export async function start(): Promise<void> {
  await pickUpSignOn(rest);
  const guest = sessionStorage.getItem(GUEST_STORED_AS);
  if (guest !== null) return enterAsGuest(guest);
  if (!rest.tokens.signedIn) {
    phase.value = "door";
    return;
  }
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
  close();
  if (!guest) await api.logout().catch(() => undefined);
  sessionStorage.clear();
  phase.value = "door";
}

async function enter(): Promise<void> {
  let bootstrap: Bootstrap;
  try {
    bootstrap = await api.bootstrap();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      phase.value = "door";
    } else {
      phase.value = "unreachable";
    }
    return;
  }
  endedBecause.value = null;
  const space = new Workspace(api, bootstrap, null, leave);
  workspace.value = space;
  phase.value = "inside";
  space.connect();
}

function leave(reason: "revoked" | "refused" | "policy"): void {
  close();
  rest.tokens.forget();
  sessionStorage.removeItem(GUEST_STORED_AS);
  endedBecause.value = reason;
  phase.value = "door";
}

function close(): void {
  workspace.value?.close();
  workspace.value = null;
}
