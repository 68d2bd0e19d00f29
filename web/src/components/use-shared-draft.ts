/** Keeps a composer's words the same on all devices of a person. */

import { useEffect, useRef } from "preact/hooks";
import { placeName, type DraftPlace } from "../state/drafts";
import { useSpace } from "./space";

/** `write` shows words that came from elsewhere, as if they had been typed. */
export function useSharedDraft(place: DraftPlace | null, text: string, write: (text: string) => void): void {
  const space = useSpace();
  const name = place === null ? null : placeName(place);
  const known = name === null ? undefined : space.drafts.known.value.get(name);
  const last = useRef<{ name: string | null; text: string; known: string | undefined }>({ name, text, known });
  useEffect(() => {
    const before = last.current;
    last.current = { name, text, known };
    if (place === null || name === null) return;
    if (before.name === name && before.text !== text) space.drafts.wrote(place, text);
    // Another device wrote, or what it wrote earlier has just been read.
    else if (known !== before.known || before.name !== name) {
      const wanted = known ?? "";
      if (wanted !== text && (known !== undefined || before.name === name)) write(wanted);
    }
  }, [name, text, known]);
}
