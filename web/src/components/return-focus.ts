/** Puts the focus back where it was before something that took it: a dialog, an edit box. */

import { useEffect, useState } from "preact/hooks";

export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Whatever opened it may be gone by now; then the composer is where one goes on.
      queueMicrotask(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (!lost) return;
        const wanted = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
        if (wanted === null) return document.querySelector<HTMLElement>(".pane .comp textarea")?.focus();
        wanted.focus();
        if (document.activeElement === wanted) return;
        // The tools of a row show only while it has the focus.
        wanted.closest<HTMLElement>("article")?.focus();
        wanted.focus();
      });
    },
    [],
  );
}
