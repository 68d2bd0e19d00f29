/** Saves a file by an address that counts now: the browser's own way of saving, with its progress. */

import type { FileLinks } from "../state/file-links";
import type { Attachment } from "../wire/types";

export async function saveFile(links: FileLinks, file: Attachment): Promise<boolean> {
  const link = await links.fresh(file.id);
  if (link === null) return false;
  const anchor = document.createElement("a");
  anchor.href = `${link.url}&download=true`;
  anchor.download = file.name;
  anchor.click();
  return true;
}
