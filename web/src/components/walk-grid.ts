/** Arrow keys go through the buttons of a grid. */
export function walkGrid(event: KeyboardEvent, columns: number): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : event.key === "ArrowDown" ? columns : event.key === "ArrowUp" ? -columns : 0;
  if (step === 0) return;
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  event.preventDefault();
  event.stopPropagation();
  all[all.findIndex((button) => button === document.activeElement) + step]?.focus();
}
