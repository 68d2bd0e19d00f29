/** What the page says about files. */

import { inLanguage } from "./language";

export const english = {
  attach: "Attach files",
  attached: "Attached files",
  drop: "Drop files to attach them",
  tooMany: (most: number) => `At most ${most} files in one message.`,
  sending: (name: string) => `Uploading ${name}`,
  cancel: (name: string) => `Stop uploading ${name}`,
  remove: (name: string) => `Remove ${name}`,
  again: "Try again",
  failed: (reason: string) => `Not uploaded: ${reason}`,
  files: "Files",
  open: (name: string) => `Open ${name}`,
  download: (name: string) => `Download ${name}`,
  save: "Download",
  gone: "This file cannot be shown right now.",
  picture: (name: string) => `Picture: ${name}`,
} as const;

export const fileWords = await inLanguage(english, async () => (await import("./german-files")).germanFiles);
