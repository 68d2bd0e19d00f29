/** Writes to the clipboard; says whether it could. */

/** The clipboard exists in secure contexts only; elsewhere the old way still works. */
export async function writeToClipboard(text: string): Promise<boolean> {
  if (navigator.clipboard === undefined) return writeBySelection(text);
  return navigator.clipboard.writeText(text).then(() => true, () => writeBySelection(text));
}

function writeBySelection(text: string): boolean {
  const held = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (held instanceof HTMLElement) held.focus();
  return copied;
}
