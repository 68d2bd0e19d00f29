/** Answers the page's loads of itself: its document and its files. Everything else goes its usual way. */

import { isAsset } from "./assets";
import { Shell } from "./shell";

export function answerLoads(scope: ServiceWorkerGlobalScope): void {
  const shell = new Shell({
    caches: scope.caches,
    fetch: (input) => scope.fetch(input),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  scope.addEventListener("install", (event) => event.waitUntil(shell.refresh().catch(() => undefined)));
  // The request for the document does not wait for the worker to start.
  scope.addEventListener("activate", (event) => event.waitUntil(scope.registration.navigationPreload.enable().catch(() => undefined)));
  scope.addEventListener("message", (event) => {
    const { type, paths } = (event.data ?? {}) as { type?: unknown; paths?: unknown };
    if (type === "loaded" && Array.isArray(paths)) event.waitUntil(shell.keepLoaded(paths));
  });
  scope.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== scope.location.origin) return;
    if (request.mode === "navigate" && url.pathname === "/") {
      event.respondWith(shell.page(preloaded(scope, event), (more) => event.waitUntil(more)));
    } else if (isAsset(url.pathname) && url.search === "") {
      event.respondWith(shell.asset(request));
    }
  });
}

async function preloaded(scope: ServiceWorkerGlobalScope, event: FetchEvent): Promise<Response> {
  const response = (await event.preloadResponse) as Response | undefined;
  return response ?? scope.fetch(event.request);
}
