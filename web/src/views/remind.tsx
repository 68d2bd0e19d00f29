/** Reminds of a message at a time, and shows what one is to be reminded of. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { reminding } from "../components/at-work";
import { Frame } from "../components/dialog";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { TimeField } from "../components/time-choice";
import { Trouble } from "../components/trouble";
import type { Reminder } from "../wire/plans";
import type { Message } from "../wire/types";
import { laterWords } from "../words/later";

export function Remind({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  const [waiting, setWaiting] = useState<Reminder[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = space.plansChanged.value;
  const close = (): void => void (reminding.value = null);
  const read = (): Promise<void> => space.api?.plans.reminders().then(setWaiting) ?? Promise.resolve();
  useEffect(() => void read().catch(setError), [changed]);
  const plan = async (at: Date): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await space.api?.plans.remind(message.id, "", at);
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Frame title={laterWords.remindTitle} onClose={close}>
      <div class="body">
        <blockquote class="quote cut">{message.content}</blockquote>
        <TimeField action={laterWords.remindDo} busy={busy} onChoose={(at) => void plan(at)} />
        <Trouble error={error} />
        <h3>{laterWords.remindersWait}</h3>
        {waiting.length === 0 && <p class="hint">{laterWords.remindersNone}</p>}
        <ul class="list">
          {waiting.map((one) => {
            const what = one.text || laterWords.ofMessage;
            return (
              <li class="row two" key={one.id}>
                <span class="grow cut">{what}<span class={one.error === null ? "hint" : "hint bad"}>{one.error === null ? momentName(one.remind_at) : laterWords.failed(one.error)}</span></span>
                <button class="btn sm" type="button" aria-label={laterWords.forgetOf(what)} onClick={() => space.api?.plans.forget(one.id).then(read).catch(setError)}>{laterWords.forget}</button>
              </li>
            );
          })}
        </ul>
      </div>
    </Frame>
  );
}
