/** Saves a file by an address that counts now: the browser's own way of saving, with its progress. */

import type { FileLinks } from "../state/file-links";
import type { Attachment } from "../wire/types";

export async function saveFile(links: FileLinks, file: Attachment): Promise<boolean> {
  const link = await links.fresh(file.id);
  if (link === null) return false;
  saveFrom(`${link.url}&download=true`, file.name);
  return true;
}

/** The page stays where it is, also when the address leads to nothing. Without a name the server gives one. */
export function saveFrom(address: string, name = ""): void {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
}
