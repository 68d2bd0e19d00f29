/** How one is told while one is away: mail, this browser and others, quiet hours. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentName } from "../components/moments";
import { useSpace } from "../components/space";
import { Trouble } from "../components/trouble";
import { browserName, isThisBrowser, standing, turnOff, turnOn, type Standing } from "../state/pushes";
import { DAYS, type Day, type NotificationsApi, type NotifyChange, type NotifySettings, type PushBrowser, type QuietHours } from "../wire/notifications";
import { notifyWords as words } from "../words/notifications";

const MINUTES = [0, 5, 15, 60, 240] as const;
const NIGHT: QuietHours = { from: "22:00", to: "07:00", days: [...DAYS] };
const TRIAL_SENT = "sent";

export function Notifications(): JSX.Element | null {
  const space = useSpace();
  const api = space.api?.notifications;
  const [settings, setSettings] = useState<NotifySettings | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void api?.settings().then(setSettings, setError), []);
  if (api === undefined) return null;
  const change = async (what: NotifyChange): Promise<void> => {
    setError(null);
    try {
      setSettings(await api.change(what));
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <section class="part" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p class="hint">{words.hint}</p>
      <Trouble error={error} />
      {settings !== null && (
        <>
          <Email api={api} settings={settings} change={change} onError={setError} />
          <Browsers api={api} settings={settings} me={space.me} onError={setError} />
          <Quiet settings={settings} change={change} />
        </>
      )}
    </section>
  );
}

interface PartProps {
  settings: NotifySettings;
  change(what: NotifyChange): Promise<void>;
}

function OnOff({ label, on, onChoose }: { label: string; on: boolean; onChoose(on: boolean): void }): JSX.Element {
  return (
    <fieldset>
      <legend class="lab">{label}</legend>
      <div class="seg">
        <button type="button" aria-pressed={on} onClick={() => onChoose(true)}>{words.on}</button>
        <button type="button" aria-pressed={!on} onClick={() => onChoose(false)}>{words.off}</button>
      </div>
    </fieldset>
  );
}

function Email({ api, settings, change, onError }: PartProps & { api: NotificationsApi; onError(error: unknown): void }): JSX.Element {
  const [trial, setTrial] = useState("");
  if (!settings.email_available) {
    return <div class="field"><span class="lab">{words.email}</span><p class="hint">{words.noMail}</p></div>;
  }
  const minutes = [...new Set([...MINUTES, settings.email_after_minutes])].sort((one, other) => one - other);
  const test = async (): Promise<void> => {
    setTrial("");
    onError(null);
    try {
      const { is_sent, error } = await api.testEmail();
      setTrial(is_sent ? TRIAL_SENT : words.notTested(error ?? ""));
    } catch (failure) {
      onError(failure);
    }
  };
  return (
    <>
      <div class="pair">
        <OnOff label={words.email} on={settings.email} onChoose={(email) => void change({ email })} />
        <div class="field">
          <label for="notify-after">{words.after}</label>
          <select class="in" id="notify-after" disabled={!settings.email} value={String(settings.email_after_minutes)} onChange={(event) => void change({ email_after_minutes: Number(event.currentTarget.value) })}>
            {minutes.map((count) => <option key={count} value={String(count)}>{words.minutes(count)}</option>)}
          </select>
        </div>
      </div>
      {settings.email_problem !== null && <Trouble error={words.problem(momentName(settings.email_problem.at), settings.email_problem.message)} />}
      <div class="acts">
        <span class="said" role="status">{trial === TRIAL_SENT ? words.tested : trial}</span>
        <button class="btn sm" type="button" onClick={() => void test()}>{words.test}</button>
      </div>
    </>
  );
}

function Browsers({ api, settings, me, onError }: { api: NotificationsApi; settings: NotifySettings; me: string; onError(error: unknown): void }): JSX.Element {
  const [here, setHere] = useState<Standing>(() => standing(me));
  const [browsers, setBrowsers] = useState<PushBrowser[]>([]);
  const [busy, setBusy] = useState(false);
  const read = (): Promise<void> => api.browsers().then(setBrowsers);
  useEffect(() => void read().catch(onError), []);
  const attempt = async (what: () => Promise<void>): Promise<void> => {
    onError(null);
    setBusy(true);
    try {
      await what();
      await read();
    } catch (failure) {
      onError(failure);
    } finally {
      setBusy(false);
      setHere(standing(me));
    }
  };
  const key = settings.push_key;
  const on = (): Promise<void> => attempt(async () => { if (key !== null) setHere(await turnOn(api, me, key)); });
  const off = (): Promise<void> => attempt(() => turnOff(api));
  const forget = (browser: PushBrowser): Promise<void> => (isThisBrowser(browser.id) ? off() : attempt(() => api.unsubscribe(browser.id)));
  return (
    <>
      <div class="field" role="group" aria-labelledby="notify-push" aria-describedby="notify-push-hint">
        <span class="lab" id="notify-push">{words.push}</span>
        <p class="hint" id="notify-push-hint">{key === null ? words.pushNoKey : here === "none" ? words.pushNone : here === "denied" ? words.pushDenied : words.pushHint}</p>
        {key !== null && here === "off" && <div><button class="btn sm" type="button" disabled={busy} onClick={() => void on()}>{words.turnOn}</button></div>}
        {here === "on" && <div><button class="btn sm" type="button" disabled={busy} onClick={() => void off()}>{words.turnOff}</button></div>}
      </div>
      {browsers.length > 0 && (
        <ul class="list" aria-label={words.browsers}>
          {browsers.map((browser) => {
            const name = browserName(browser.name);
            const note = isThisBrowser(browser.id) ? `${words.thisOne} · ${words.since(momentName(browser.created_at))}` : words.since(momentName(browser.created_at));
            return (
              <li class="row two" key={browser.id}>
                <span class="grow cut">{name}<span class="hint">{note}</span></span>
                <button class="btn sm" type="button" disabled={busy} aria-label={words.forgetOf(name)} onClick={() => void forget(browser)}>{words.forget}</button>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

/** The clock is the one of the browser that says so. */
function Quiet({ settings, change }: PartProps): JSX.Element {
  const [hours, setHours] = useState<QuietHours>(settings.quiet_hours ?? NIGHT);
  const [said, setSaid] = useState(false);
  const on = settings.quiet_hours !== null;
  const zone = on ? settings.time_zone : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const store = (quiet: QuietHours | null): Promise<void> => change(quiet === null ? { quiet_hours: null } : { quiet_hours: quiet, time_zone: own });
  const set = (part: Partial<QuietHours>): void => {
    setSaid(false);
    setHours({ ...hours, ...part });
  };
  const toggle = (day: Day): void => set({ days: DAYS.filter((one) => (one === day) !== hours.days.includes(one)) });
  const submit = (event: Event): void => {
    event.preventDefault();
    void store(hours).then(() => setSaid(true));
  };
  return (
    <form aria-label={words.quiet} onSubmit={submit}>
      <OnOff label={words.quiet} on={on} onChoose={(wanted) => void store(wanted ? hours : null)} />
      {on && (
        <>
          <p class="hint">{words.quietHint(zone)}</p>
          <div class="pair">
            <div class="field"><label for="quiet-from">{words.from}</label><input class="in" id="quiet-from" type="time" required value={hours.from} onInput={(event) => set({ from: event.currentTarget.value })} /></div>
            <div class="field"><label for="quiet-to">{words.to}</label><input class="in" id="quiet-to" type="time" required value={hours.to} onInput={(event) => set({ to: event.currentTarget.value })} /></div>
          </div>
          <fieldset>
            <legend class="lab">{words.days}</legend>
            <div class="seg many">
              {DAYS.map((day) => <button key={day} type="button" aria-pressed={hours.days.includes(day)} onClick={() => toggle(day)}>{words.dayNames[day]}</button>)}
            </div>
          </fieldset>
          <div class="acts"><span class="said" role="status">{said && words.saved}</span><button class="btn" type="submit" disabled={hours.days.length === 0}>{words.save}</button></div>
        </>
      )}
    </form>
  );
}
