/** Light, dark, or as the system says. Kept in this browser. */

import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const STORED_AS = "starling.theme";

export const theme = signal<Theme>(stored());

export function applyTheme(root: HTMLElement): void {
  effect(() => {
    if (theme.value === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
    localStorage.setItem(STORED_AS, theme.value);
  });
}

function stored(): Theme {
  const value = localStorage.getItem(STORED_AS);
  return value === "light" || value === "dark" ? value : "system";
}
