/** The files of a message that is being written: how far they are, and how to be rid of them. */

import type { JSX } from "preact";
import type { Upload } from "../state/uploads";
import { fileSize } from "../words/file-size";
import { fileWords as words } from "../words/files";
import { Icon } from "./icon";
import { problemText } from "./problem-text";
import { useSpace } from "./space";

export function Attaching({ place }: { place: string }): JSX.Element | null {
  const { uploads } = useSpace();
  const held = uploads.places.value.get(place) ?? [];
  if (held.length === 0) return null;
  const remove = (button: HTMLElement, key: Upload["key"]): void => {
    // Its button goes with it: one writes on.
    button.closest("form")?.querySelector("textarea")?.focus();
    uploads.remove(place, key);
  };
  return (
    <ul class="attaching" aria-label={words.attached}>
      {held.map((upload) => (
        <li key={upload.key} class={upload.state === "failed" ? "bad" : ""}>
          <Icon name={upload.state === "failed" ? "warn" : "file"} size="s" />
          <span class="what">
            <bdi class="cut name" title={upload.name}>{upload.name}</bdi>
            <State upload={upload} onAgain={() => uploads.again(place, upload.key)} />
          </span>
          <button class="ib" type="button" aria-label={upload.state === "sending" ? words.cancel(upload.name) : words.remove(upload.name)} onClick={(event) => remove(event.currentTarget, upload.key)}>
            <Icon name="x" size="s" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function State({ upload, onAgain }: { upload: Upload; onAgain(): void }): JSX.Element {
  switch (upload.state) {
    case "sending":
      return <progress max={1} value={upload.share} aria-label={words.sending(upload.name)} />;
    case "failed":
      return (
        <span class="hint bad" role="status">
          {words.failed(problemText(upload.error))} <button class="link" type="button" onClick={onAgain}>{words.again}</button>
        </span>
      );
    case "done":
      return <span class="t3 size">{fileSize(upload.size)}</span>;
  }
}

/** The button that chooses files. */
export function AttachButton({ onFiles }: { onFiles(files: File[]): void }): JSX.Element {
  return (
    <label class="ib attach" title={words.attach}>
      <Icon name="clip" />
      <input
        type="file"
        multiple
        aria-label={words.attach}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be chosen again after it was removed.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}

/** Files that somebody drops or pastes; nothing for words and for what the page itself drags. */
export function filesIn(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}

export const bringsFiles = (data: DataTransfer | null): boolean => data?.types.includes("Files") === true;
