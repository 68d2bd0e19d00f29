/** The files of a version of the page, as its document names them. */

/** They change with every version: their names come from their content. */
export function assetsOf(document: string): string[] {
  return [...new Set([...document.matchAll(/(?:src|href)="(\/assets\/[\w.-]+)"/g)].flatMap((match) => match[1] ?? []))];
}

export function isAsset(path: string): boolean {
  return /^\/assets\/[\w.-]+$/.test(path);
}
