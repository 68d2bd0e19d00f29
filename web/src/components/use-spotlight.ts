/** Brings the message that somebody jumped to into sight, gives it the focus and lights it until it loses that. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Conversation } from "../state/conversation";
import type { Message } from "../wire/types";

/** Frames until a row that was scrolled to is drawn, at most: half a second. */
const FRAMES_MAX = 30;

/** So long a jump is waited for: who reads on meanwhile is not taken away when the row comes after all. */
const PATIENCE_MS = 5_000;

/** `scroll` brings a message into sight and says whether it is here at all. */
export function useSpotlight(conversation: Conversation, log: RefObject<HTMLElement | null>, scroll: (message: Message) => boolean, changed: unknown): void {
  const wanted = conversation.spotlight.value;
  useEffect(() => {
    if (wanted === null) return undefined;
    const timer = setTimeout(() => {
      if (conversation.spotlight.value === wanted) conversation.spotlight.value = null;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => {
    if (wanted === null || !scroll(wanted)) return;
    conversation.spotlight.value = null;
    let left = FRAMES_MAX;
    const light = (): void => {
      const row = log.current?.querySelector<HTMLElement>(`article[data-seq="${wanted.seq}"]`);
      if (row === null || row === undefined) {
        left -= 1;
        if (left > 0) requestAnimationFrame(light);
        return;
      }
      row.scrollIntoView({ block: "center" });
      // Where it is being written anew, the caret is in it.
      if (!row.contains(document.activeElement)) (row.querySelector<HTMLElement>(".edit-box textarea") ?? row).focus({ preventScroll: true });
      row.dataset["lit"] = "";
      row.addEventListener("blur", () => delete row.dataset["lit"], { once: true });
    };
    requestAnimationFrame(light);
  }, [wanted, changed]);
}
