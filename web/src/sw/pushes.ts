/**
 * Shows what the server pushes to someone who is away, and leads them to the message.
 *
 * A click goes to a window that is open, which is told where to (`{ type: "open", path }`), or opens one.
 */

import { ownPath, shownOf } from "./notice";

export function listenToPushes(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener("push", (event) => event.waitUntil(show(scope, event.data)));
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close();
    const { path } = (event.notification.data ?? {}) as { path?: unknown };
    event.waitUntil(open(scope, typeof path === "string" ? ownPath(path) : "/"));
  });
}

async function show(scope: ServiceWorkerGlobalScope, data: PushMessageData | null): Promise<void> {
  const { title, body, tag, path } = shownOf(parsed(data));
  await scope.registration.showNotification(title, { body, tag, icon: "/starling.svg", data: { path } });
}

function parsed(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return undefined;
  }
}

async function open(scope: ServiceWorkerGlobalScope, path: string): Promise<void> {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const window = windows.find((one) => one.visibilityState === "visible") ?? windows[0];
  if (window === undefined) {
    await scope.clients.openWindow(path);
    return;
  }
  window.postMessage({ type: "open", path });
  await window.focus();
}
