/**
 * Whether the server has a newer page than this one.
 *
 * The page looks after every reconnection, for a server comes back with another version or this page was
 * shown from what is kept, and once in a while. A newer one is loaded by itself while nobody looks at the
 * page; who looks at it is asked. Words that wait to be sent and those in composers outlive that.
 */

import { signal } from "@preact/signals";
import { assetsOf } from "../sw/assets";

/** A page that stays connected for days hears of a new version within this time. */
const LOOK_MS = 3_600_000;

export const outdated = signal(false);

/** A newer version names a file that this page does not have: their names come from their content. */
export async function lookForNewer(): Promise<void> {
  if (!import.meta.env.PROD) return;
  const here = new Set([...document.querySelectorAll("script[src], link[href]")].map((element) => element.getAttribute("src") ?? element.getAttribute("href")));
  if (!(await newest()).some((path) => !here.has(path))) return;
  outdated.value = true;
  reloadUnseen();
}

/** What the server's document names; nothing where it does not answer. */
async function newest(): Promise<string[]> {
  try {
    const response = await fetch("/", { cache: "no-store", headers: { Accept: "text/html" } });
    return response.ok ? assetsOf(await response.text()) : [];
  } catch {
    return [];
  }
}

function reloadUnseen(): void {
  if (outdated.value && document.visibilityState === "hidden") location.reload();
}

export function watchVersion(): void {
  document.addEventListener("visibilitychange", reloadUnseen);
  setInterval(() => void lookForNewer(), LOOK_MS);
}
