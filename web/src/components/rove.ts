/** Arrow keys walk the rows of a log, a thread's too; Tab then reaches the actions of the row. */

export function rove(event: KeyboardEvent): void {
  if (event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const log = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  // Where the arrows have work of their own: writing, scrolling a table or SQL.
  if (target.closest("textarea, select, .dt-box, pre")) return;
  const rows = [...log.querySelectorAll<HTMLElement>("article.msg")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? rows.at(-1) : rows[at + (event.key === "ArrowUp" ? -1 : 1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
