/** Which model the organization asks; its key goes in and never comes out. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { problemText } from "../../components/problem-text";
import type { ModelChange, ModelSettings as Settings, Provider } from "../../wire/data/types";
import { dataWords } from "../../words/data";

const words = dataWords.model;
const PROVIDERS: readonly Provider[] = ["built_in", "openai", "anthropic"];
type Tested = { ok: boolean; message: string } | "testing" | null;

export function ModelSettings(): JSX.Element | null {
  const { data } = useSpace().asking;
  const [held, setHeld] = useState<Settings | null>(null);
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = (settings: Settings): void => {
    setHeld(settings);
    setSaved(true);
  };
  useEffect(() => void data?.model().then(setHeld, setError), []);
  return (
    <section class="part" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p class="hint">{words.why}</p>
      <Trouble error={error} />
      {held !== null && <Form key={held.updated_at} held={held} saved={saved} onChanged={changed} />}
    </section>
  );
}

interface FormProps {
  held: Settings;
  /** What is shown was just saved: the form begins anew with it. */
  saved: boolean;
  onChanged(settings: Settings): void;
}

function Form({ held, saved, onChanged }: FormProps): JSX.Element {
  const { data } = useSpace().asking;
  const [provider, setProvider] = useState<Provider>(held.provider ?? "built_in");
  const [baseUrl, setBaseUrl] = useState(held.base_url ?? "");
  const [model, setModel] = useState(held.model ?? "");
  const [key, setKey] = useState("");
  const [tested, setTested] = useState<Tested>(null);
  const [error, setError] = useState<unknown>(null);
  const save = async (change: ModelChange): Promise<void> => {
    setError(null);
    try {
      const changed = await data?.changeModel(change);
      if (changed !== undefined) onChanged(changed);
    } catch (failure) {
      setError(failure);
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const outside = provider !== "built_in";
    void save({ provider, ...(outside ? { base_url: baseUrl.trim(), model: model.trim() } : {}), ...(key === "" ? {} : { api_key: key }) });
  };
  const test = async (): Promise<void> => {
    setTested("testing");
    try {
      const result = await data?.testModel();
      setTested(result === undefined ? null : { ok: result.success, message: result.message });
    } catch (failure) {
      setTested({ ok: false, message: problemText(failure) });
    }
  };
  return (
    <form class="fields" onSubmit={submit}>
      <fieldset>
        <legend class="lab">{words.provider}</legend>
        <div class="seg">{PROVIDERS.map((name) => <button key={name} type="button" aria-pressed={provider === name} onClick={() => setProvider(name)}>{words.providers[name]}</button>)}</div>
      </fieldset>
      {held.provider === null && <p class="hint">{words.byOperator}</p>}
      {provider !== "built_in" && (
        <>
          <div class="pair">
            <div class="field"><label for="model-name">{words.model}</label><input class="in" id="model-name" required maxLength={200} autocomplete="off" spellcheck={false} value={model} onInput={(event) => setModel(event.currentTarget.value)} /></div>
            <div class="field"><label for="model-url">{words.baseUrl}</label><input class="in" id="model-url" type="url" maxLength={500} autocomplete="off" aria-describedby="model-url-hint" value={baseUrl} onInput={(event) => setBaseUrl(event.currentTarget.value)} /><p class="hint" id="model-url-hint">{words.baseUrlHint}</p></div>
          </div>
          <div class="field"><label for="model-key">{words.key}</label><input class="in" id="model-key" type="password" autocomplete="new-password" aria-describedby="model-key-hint" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
            <p class="hint" id="model-key-hint">{held.has_api_key ? words.keyKept : words.keyNone} {held.has_api_key && <button class="link" type="button" onClick={() => void save({ api_key: "" })}>{words.removeKey}</button>}</p>
          </div>
        </>
      )}
      <Trouble error={error} />
      <div class="acts">
        <span class={tested !== null && tested !== "testing" && !tested.ok ? "grow hint bad" : "said"} role="status">
          {tested === null ? saved && words.saved : tested === "testing" ? words.testing : tested.ok ? <><Icon name="check" size="s" /> {words.works}</> : tested.message}
        </span>
        <button class="btn" type="button" disabled={tested === "testing"} onClick={() => void test()}>{words.test}</button>
        <button class="btn" type="submit">{words.save}</button>
      </div>
    </form>
  );
}
