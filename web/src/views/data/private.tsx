/** A private question that has no conversation yet: the first one makes it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Composer } from "../../components/composer";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import * as privately from "../../state/ask/privately";
import { askWords } from "../../words/ask";
import { dataWords } from "../../words/data";
import { DataPage } from "./page";

const words = dataWords.private;

export function NewPrivate({ onBack }: { onBack(): void }): JSX.Element {
  const space = useSpace();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void space.asking.readConnections().catch(() => undefined), []);
  const [only] = space.asking.usable.value;
  const begin = (question: string): void => void privately.begin(space, question, only?.id ?? null).then(() => setError(null), setError);
  return (
    <DataPage icon="ask" title={words.title} whole onBack={onBack}>
      <div class="void page" id="page" tabIndex={-1}>
        <Icon name="ask" size="l" />
        <p class="b6">{words.title}</p>
        <p>{words.why}</p>
        {only !== undefined && (
          <div class="follow" role="group" aria-label={words.examples}>
            {words.starters.map((question) => <button key={question} class="btn sm" type="button" onClick={() => begin(question)}>{question}</button>)}
          </div>
        )}
        <Trouble error={error} />
      </div>
      <Composer
        draftKey="private"
        label={askWords.toData}
        action={askWords.ask}
        ask={{ always: true, audience: askWords.seenByYou, onAsk: (question, connection) => privately.begin(space, question, connection) }}
        onSend={() => undefined}
      />
    </DataPage>
  );
}
