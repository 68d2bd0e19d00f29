/** Sends the words of a composer later, and shows what waits to be sent there. */

import type { JSX } from "preact";
import { planning } from "../components/at-work";
import { Frame } from "../components/dialog";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { TimeField } from "../components/time-choice";
import { Trouble } from "../components/trouble";
import { usePlans } from "../components/use-plans";
import type { DraftPlace } from "../state/drafts";
import type { Scheduled } from "../wire/plans";
import { laterWords } from "../words/later";

interface SendLaterProps {
  place: DraftPlace;
  text: string;
  /** The words are planned: the composer can be empty. */
  planned(): void;
}

export function SendLater({ place, text, planned }: SendLaterProps): JSX.Element {
  const space = useSpace();
  const api = space.api?.plans;
  const { waiting, busy, error, plan, drop } = usePlans<Scheduled>(() => api?.scheduled().then((all) => all.filter((one) => one.channel_id === place.channel)));
  const close = (): void => void (planning.value = null);
  const schedule = (at: Date): void =>
    void plan(api?.schedule(place.channel, place.thread, text, at), () => {
      planned();
      close();
    });
  return (
    <Frame title={laterWords.scheduleTitle} onClose={close}>
      <div class="body">
        {text !== "" && <blockquote class="quote cut">{text}</blockquote>}
        {text !== "" && <TimeField action={laterWords.scheduleDo} busy={busy} onChoose={schedule} />}
        <Trouble error={error} />
        <h3>{laterWords.scheduledWait}</h3>
        {waiting.length === 0 && <p class="hint">{laterWords.scheduledNone}</p>}
        <ul class="list">
          {waiting.map((one) => (
            <li class="row two" key={one.id}>
              <span class="grow cut">{one.content}<span class={one.error === null ? "hint" : "hint bad"}>{one.error === null ? momentName(one.send_at) : laterWords.failed(one.error)}</span></span>
              <button class="btn sm" type="button" aria-label={laterWords.takeBackOf(one.content)} onClick={() => void drop(api?.unschedule(one.id))}>{laterWords.takeBack}</button>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}
