/** Says that the connection is gone, after it has been gone for a moment; a blip says nothing. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../words";
import { Icon } from "./icon";
import { useSpace } from "./space";

const SILENT_MS = 2_000;

export function OfflineStrip(): JSX.Element | null {
  const space = useSpace();
  const away = space.linkState.value !== "ready";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) return setShown(false);
    const timer = setTimeout(() => setShown(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [away]);
  if (!shown) return null;
  return (
    <div class="note warn" role="status">
      <Icon name="refresh" size="s" />
      <span><b class="b6">{words.offline.strip}</b> {words.offline.kept}</span>
      <span class="grow" />
      <button class="link" type="button" onClick={() => space.link.open()}>{words.offline.now}</button>
    </div>
  );
}
