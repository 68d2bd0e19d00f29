/** A message's earlier texts: who wrote them, and since when they stood. */

import type { JSX } from "preact";
import { versionsOf } from "../components/at-work";
import { useEffect, useState } from "preact/hooks";
import { Frame } from "../components/dialog";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { displayName } from "../state/people";
import type { Message, Version } from "../wire/types";
import { words } from "../words";

export function Versions({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void space.api?.versions(message.id).then(setVersions, setError), [message.id]);
  return (
    <Frame title={words.history.title} onClose={() => (versionsOf.value = null)}>
      <div class="body">
        <Trouble error={error} />
        {versions?.length === 0 && <p class="t3">{words.history.none}</p>}
        <ol class="versions">
          {(versions ?? []).map((version) => (
            <li key={version.created_at}>
              <p class="hint">{words.history.by(displayName(space.people.get(version.user_id) ?? message.author), momentName(version.created_at))}</p>
              <p class="words">{version.content}</p>
            </li>
          ))}
          {versions !== null && versions.at(-1)?.content !== message.content && (
            <li><p class="hint">{words.history.now}</p><p class="words">{message.content}</p></li>
          )}
        </ol>
      </div>
    </Frame>
  );
}
