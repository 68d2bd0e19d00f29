/**
 * The service worker: what the browser keeps for the page while no window of it is open. Each module adds
 * its own listeners; this file says which there are.
 */

import { answerLoads } from "./loads";
import { listenToPushes } from "./pushes";

declare const self: ServiceWorkerGlobalScope;

// A new version counts at once: files of an old window keep their names, and the document is the server's.
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

answerLoads(self);
listenToPushes(self);
