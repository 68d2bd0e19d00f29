/** Writes what is kept into the browser's database: soon after a change, and when the page is left. */

import { effect } from "@preact/signals";
import { keptFrom, snapshotOf, type Kept } from "./kept";
import type { Workspace } from "./workspace";

const DATABASE = "starling";
const STORE = "kept";
/** There is one: of whoever is signed in with this browser. */
const KEY = "last";
/** A burst of messages is written once. */
const REST_MS = 3_000;

export async function loadKept(): Promise<Kept | null> {
  return keptFrom(await inStore("readonly", (store) => store.get(KEY)).catch(() => null));
}

/** After a sign-out nobody may read it. */
export async function forgetKept(): Promise<void> {
  await inStore("readwrite", (store) => store.clear()).catch(() => undefined);
}

/** Keeps a workspace until the returned function is called. */
export function keep(space: Workspace): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // A full disk or a private window: then there is nothing to show without the server.
    inStore("readwrite", (store) => store.put(snapshotOf(space, new Date()), KEY)).catch(() => undefined);
  };
  const leave = (): void => {
    if (timer !== undefined && document.visibilityState === "hidden") save();
  };
  const stop = effect(() => {
    const open = space.openChannel.value;
    void space.channels.mine.value;
    if (open !== null) void space.conversation(open).messages.value;
    // What is shown from before is kept already.
    if (space.asOf.value === null) timer ??= setTimeout(save, REST_MS);
  });
  document.addEventListener("visibilitychange", leave);
  return () => {
    stop();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", leave);
  };
}

async function inStore<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    return await settled(what(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser's database did not answer"));
  });
}
