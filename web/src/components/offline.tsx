/** Says that the connection is gone, after it has been gone for a moment, and that a newer page is there. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { outdated } from "../state/version";
import { words } from "../words";
import { offlineWords } from "../words/offline";
import { Icon } from "./icon";
import { momentName } from "./moments";
import { useSpace } from "./space";

/** A blip says nothing. */
const SILENT_MS = 2_000;

export function OfflineStrip(): JSX.Element | null {
  const space = useSpace();
  const away = space.linkState.value !== "ready";
  const [shown, setShown] = useState(false);
  const { value: asOf } = space.asOf;
  useEffect(() => {
    if (!away) return setShown(false);
    const timer = setTimeout(() => setShown(true), SILENT_MS);
    return () => clearTimeout(timer);
  }, [away]);
  if (!shown) return <NewerStrip />;
  return (
    <div class="note warn" role="status">
      <Icon name="refresh" size="s" />
      <span><b class="b6">{words.offline.strip}</b> {asOf !== null && offlineWords.asOf(momentName(asOf))} {words.offline.kept}</span>
      <span class="grow" />
      <button class="link" type="button" onClick={() => space.link.open()}>{words.offline.now}</button>
    </div>
  );
}

function NewerStrip(): JSX.Element | null {
  if (!outdated.value) return null;
  return (
    <div class="note news" role="status">
      <Icon name="refresh" size="s" />
      <span>{offlineWords.newer}</span>
      <span class="grow" />
      <button class="link" type="button" onClick={() => location.reload()}>{offlineWords.load}</button>
    </div>
  );
}
