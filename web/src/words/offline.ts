/** What is said while the server is away, and after. */

import { inLanguage } from "./language";

export const english = {
  asOf: (at: string) => `This is as of ${at}.`,
  newer: "Starling has a new version. What you have written is kept.",
  load: "Load it",
} as const;

export const offlineWords = await inLanguage(english, async () => (await import("./german-offline")).germanOffline);
