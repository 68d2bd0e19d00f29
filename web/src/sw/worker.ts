/**
 * The service worker: what the browser keeps for the page while no window of it is open. Each module adds
 * its own listeners; this file says which there are.
 */

import { listenToPushes } from "./pushes";

declare const self: ServiceWorkerGlobalScope;

// A new version counts at once: it has no state of its own that an old window could miss.
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

listenToPushes(self);
