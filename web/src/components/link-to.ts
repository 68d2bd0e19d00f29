/** The address of one message, for people: it opens the channel there, for everyone who may see it. */

import { signal } from "@preact/signals";
import type { Message } from "../wire/types";
import { writeToClipboard } from "./clipboard";
import { pageWords } from "../words/page";

/** Said once, by the page's speaker and beside the row. */
export const linkSaid = signal<{ id: string; text: string } | null>(null);

const SAID_MS = 2_000;

export function linkTo(message: Message): string {
  return `${location.origin}${location.pathname}#${message.channel_id}/${message.id}`;
}

export async function copyLink(message: Message): Promise<void> {
  const copied = await writeToClipboard(linkTo(message));
  const said = { id: message.id, text: copied ? pageWords.message.linkCopied : pageWords.message.linkNotCopied };
  linkSaid.value = said;
  setTimeout(() => {
    if (linkSaid.value === said) linkSaid.value = null;
  }, SAID_MS);
}
