/** Reminds of a message at a time, and shows what one is to be reminded of. */

import type { JSX } from "preact";
import { reminding } from "../components/at-work";
import { Frame } from "../components/dialog";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { TimeField } from "../components/time-choice";
import { Trouble } from "../components/trouble";
import { usePlans } from "../components/use-plans";
import type { Reminder } from "../wire/plans";
import type { Message } from "../wire/types";
import { laterWords } from "../words/later";

export function Remind({ message }: { message: Message }): JSX.Element {
  const space = useSpace();
  const api = space.api?.plans;
  const { waiting, busy, error, plan, drop } = usePlans<Reminder>(() => api?.reminders());
  const close = (): void => void (reminding.value = null);
  return (
    <Frame title={laterWords.remindTitle} onClose={close}>
      <div class="body">
        <blockquote class="quote cut">{message.content}</blockquote>
        <TimeField action={laterWords.remindDo} busy={busy} onChoose={(at) => void plan(api?.remind(message.id, "", at), close)} />
        <Trouble error={error} />
        <h3>{laterWords.remindersWait}</h3>
        {waiting.length === 0 && <p class="hint">{laterWords.remindersNone}</p>}
        <ul class="list">
          {waiting.map((one) => {
            const what = one.text || laterWords.ofMessage;
            return (
              <li class="row two" key={one.id}>
                <span class="grow cut">{what}<span class={one.error === null ? "hint" : "hint bad"}>{one.error === null ? momentName(one.remind_at) : laterWords.failed(one.error)}</span></span>
                <button class="btn sm" type="button" aria-label={laterWords.forgetOf(what)} onClick={() => void drop(api?.forget(one.id))}>{laterWords.forget}</button>
              </li>
            );
          })}
        </ul>
      </div>
    </Frame>
  );
}
