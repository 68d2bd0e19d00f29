/** A new connection, or a change of one: its kind decides the fields; it is tested as it is made. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSpace } from "../../components/space";
import { useFocus } from "../../components/use-focus";
import { Trouble } from "../../components/trouble";
import type { Access, Connection, ConnectionType, TestResult } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { AccessChoice } from "./access";
import { TestChips } from "./connection-row";
import { FIELDS, isUpload, KINDS, requestOf, TLS_MODES, valuesOf, type FieldShape } from "./fields";
import { UploadForm } from "./upload-form";

const words = dataWords.form;
const EVERYONE: Access = { mode: "org", user_ids: [] };

interface FormProps {
  existing?: Connection;
  onDone(connection: Connection): void;
  onCancel(): void;
}

export function ConnectionForm({ existing, onDone, onCancel }: FormProps): JSX.Element {
  const space = useSpace();
  const [kind, setKind] = useState<ConnectionType>(existing?.type ?? "postgresql");
  const kinds = KINDS.filter((name) => name !== "sqlite" || space.user.value.is_superuser === true);
  return (
    <section class="card form" aria-label={words.title(dataWords.kinds[kind])}>
      <h2 class="b6">{existing === undefined ? words.title(dataWords.kinds[kind]) : existing.name}</h2>
      {existing === undefined && (
        <fieldset>
          <legend class="lab">{words.kind}</legend>
          <div class="kinds">
            {kinds.map((name) => <button key={name} class="btn sm" type="button" aria-pressed={kind === name} onClick={() => setKind(name)}>{dataWords.kinds[name]}</button>)}
          </div>
        </fieldset>
      )}
      {isUpload(kind) ? (
        <UploadForm key={kind} kind={kind} onDone={onDone} onCancel={onCancel} />
      ) : (
        <Fields key={kind} kind={kind} {...(existing === undefined ? {} : { existing })} onDone={onDone} onCancel={onCancel} />
      )}
    </section>
  );
}

function Fields({ kind, existing, onDone, onCancel }: FormProps & { kind: ConnectionType }): JSX.Element {
  const { asking } = useSpace();
  const [name, setName] = useState(existing?.name ?? "");
  const [values, setValues] = useState<ReadonlyMap<string, string>>(() => (existing === undefined ? new Map() : valuesOf(existing)));
  const [access, setAccess] = useState<Access>(existing?.access ?? EVERYONE);
  // Made by an earlier attempt whose test failed: the next attempt changes it instead of making another.
  const [made, setMade] = useState<Connection | undefined>(existing);
  const [result, setResult] = useState<TestResult | null>(null);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (asking.data === null) return;
    setError(null);
    setResult(null);
    setWorking(true);
    try {
      const request = { ...requestOf(kind, name, values), access };
      const connection = made === undefined ? await asking.data.createConnection(request) : await asking.data.changeConnection(made.id, request);
      setMade(connection);
      asking.putConnection(connection);
      const tested = await asking.data.testConnection(connection.id);
      setResult(tested);
      if (tested.success && tested.can_write !== true) onDone(connection);
    } catch (failure) {
      setError(failure);
    } finally {
      setWorking(false);
    }
  };
  const allow = (): void => {
    if (made === undefined) return;
    asking.data?.changeConnection(made.id, { allow_privileged: true }).then(onDone, setError);
  };
  const first = useFocus<HTMLInputElement>();
  const write = (field: string, value: string): void => {
    setResult(null);
    setValues(new Map(values).set(field, value));
  };
  return (
    <form class="fields" onSubmit={(event) => void submit(event)}>
      <div class="field">
        <label for="connection-name">{words.name}</label>
        <input class="in" id="connection-name" required maxLength={100} ref={first} value={name} aria-describedby="connection-name-hint" onInput={(event) => setName(event.currentTarget.value)} />
        <p class="hint" id="connection-name-hint">{words.nameHint}</p>
      </div>
      <div class="pair">
        {FIELDS[kind].map((field) => (
          <Field key={field.name} shape={field} value={values.get(field.name) ?? ""} changing={made !== undefined} onWrite={(value) => write(field.name, value)} />
        ))}
      </div>
      <AccessChoice access={access} onChange={setAccess} />
      <p class="hint">{words.secret}</p>
      <Trouble error={error} />
      <div class="acts">
        <span class="test grow" role="status">{result !== null && <TestChips result={result} />}</span>
        {result?.can_write === true && <p class="hint warn">{dataWords.list.canWriteWhy}</p>}
        <button class="btn quiet" type="button" onClick={onCancel}>{words.cancel}</button>
        {result?.can_write === true && asking.isAdmin && <button class="btn" type="button" onClick={allow}>{words.useAnyway}</button>}
        <button class="btn pri" type="submit" disabled={working}>{working ? words.connecting : words.connect}</button>
      </div>
    </form>
  );
}

interface FieldProps {
  shape: FieldShape;
  value: string;
  /** Secrets that are there already may stay empty. */
  changing: boolean;
  onWrite(value: string): void;
}

function Field({ shape, value, changing, onWrite }: FieldProps): JSX.Element {
  const id = `connection-${shape.name}`;
  const hint = words.hints[shape.name];
  const secret = shape.kind === "password" || shape.kind === "key";
  const shared = {
    id,
    required: shape.required === true && !(changing && secret),
    "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
  };
  return (
    <div class={`field ${shape.half === true ? "" : "full"}`}>
      <label for={id}>{words.fields[shape.name]}{!shape.required && shape.kind !== "tls" && <span class="t3"> {words.optional}</span>}</label>
      {shape.kind === "tls" ? (
        <select class="in" {...shared} value={value || "require"} onChange={(event) => onWrite(event.currentTarget.value)}>
          {TLS_MODES.map((mode) => <option key={mode} value={mode}>{mode}</option>)}
        </select>
      ) : shape.kind === "key" ? (
        <textarea class="in area mono" {...shared} rows={4} spellcheck={false} autocomplete="off" value={value} onInput={(event) => onWrite(event.currentTarget.value)} />
      ) : shape.kind === "password" ? (
        <input class="in" {...shared} type="password" autocomplete="new-password" value={value} onInput={(event) => onWrite(event.currentTarget.value)} />
      ) : (
        <input class="in" {...shared} type="text" placeholder={shape.placeholder} autocomplete="off" spellcheck={false} {...(shape.kind === "number" ? { inputMode: "numeric", pattern: "[0-9]{1,5}" } : {})} value={value} onInput={(event) => onWrite(event.currentTarget.value)} />
      )}
      {hint !== undefined && <p class="hint" id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
