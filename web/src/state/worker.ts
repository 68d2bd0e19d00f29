/** The page's service worker: started with the page, and heard when it leads to a message. */

import { ownPath } from "../sw/notice";

/** Where the build puts it: at the root, so that it stands for the whole page. */
const FILE = "/worker.js";

/** The worker, once it runs; null where the browser has none (an address without HTTPS, a private window). */
export let worker: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);

export function startWorker(): void {
  if (!import.meta.env.PROD || typeof navigator === "undefined" || !("serviceWorker" in navigator)) return;
  worker = navigator.serviceWorker
    .register(FILE)
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => {
      // The first time, the page was loaded before there was a worker to keep it.
      registration.active?.postMessage({ type: "loaded", paths: loadedPaths() });
      return registration;
    })
    .catch(() => null);
  navigator.serviceWorker.addEventListener("message", (event: MessageEvent<unknown>) => {
    const path = pathOf(event.data);
    if (path !== null) location.assign(path);
  });
}

/** What this window has loaded from its own server. */
function loadedPaths(): string[] {
  return performance.getEntriesByType("resource").flatMap(({ name }) => (name.startsWith(`${location.origin}/`) ? [new URL(name).pathname] : []));
}

/** The path that the worker leads to; null for its other words. */
export function pathOf(data: unknown): string | null {
  if (typeof data !== "object" || data === null) return null;
  const { type, path } = data as { type?: unknown; path?: unknown };
  return type === "open" && typeof path === "string" ? ownPath(path) : null;
}
