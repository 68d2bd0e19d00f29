/** A file that becomes a connection: chosen or dropped, uploaded with its progress. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import type { Connection } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { nameOfFile } from "./fields";

const words = dataWords.form;
const TYPES = { csv: ".csv,.tsv,text/csv", excel: ".xlsx,.xlsm,.xls,.ods" } as const;

interface UploadProps {
  kind: "csv" | "excel";
  onDone(connection: Connection): void;
  onCancel(): void;
}

export function UploadForm({ kind, onDone, onCancel }: UploadProps): JSX.Element {
  const { asking } = useSpace();
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [share, setShare] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const choose = (chosen: File | undefined): void => {
    if (chosen === undefined) return;
    setFile(chosen);
    setName(nameOfFile(chosen.name));
    setError(null);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (file === null || asking.data === null) return;
    setError(null);
    setShare(0);
    try {
      const made = await asking.data.uploadTable(kind, file, setShare);
      const wanted = name.trim();
      onDone(wanted === "" || wanted === made.name ? made : await asking.data.changeConnection(made.id, { name: wanted }));
    } catch (failure) {
      setError(failure);
    } finally {
      setShare(null);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    choose(event.dataTransfer?.files[0]);
  };
  return (
    <form class="fields" onSubmit={(event) => void submit(event)}>
      <div class="field drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <label for="upload-file">{words.file}</label>
        <input class="in file" id="upload-file" type="file" accept={TYPES[kind]} required aria-describedby="upload-hint" onChange={(event) => choose(event.currentTarget.files?.[0])} />
        <p class="hint" id="upload-hint">{words.chooseFile[kind]}</p>
      </div>
      {file !== null && <div class="field"><label for="upload-name">{words.name}</label><input class="in" id="upload-name" required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} /></div>}
      {share !== null && <div class="uploading" role="status"><progress max={1} value={share} aria-label={words.upload} />{share < 1 ? words.uploading(share) : words.reading}</div>}
      <Trouble error={error} />
      <div class="acts">
        <button class="btn quiet" type="button" onClick={onCancel}>{words.cancel}</button>
        <button class="btn pri" type="submit" disabled={file === null || share !== null}><Icon name="upload" size="s" />{words.upload}</button>
      </div>
    </form>
  );
}
