/** A picture by itself, as large as the window allows, and a button that saves it. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { enlarged } from "../components/at-work";
import { Frame } from "../components/dialog";
import { Icon } from "../components/icon";
import { saveFile } from "../components/save-file";
import { useSpace } from "../components/space";
import type { Attachment } from "../wire/types";
import { fileSize } from "../words/file-size";
import { fileWords as words } from "../words/files";

export function Enlarged({ file }: { file: Attachment }): JSX.Element {
  const { fileLinks } = useSpace();
  const [gone, setGone] = useState(false);
  const link = fileLinks.held.value.get(file.id);
  useEffect(() => fileLinks.want(file.id), [file.id]);
  return (
    <Frame title={file.name} wide onClose={() => (enlarged.value = null)}>
      <div class="body enlarged">
        {gone ? (
          <p class="state bad" role="status"><Icon name="warn" size="s" />{words.gone}</p>
        ) : (
          link !== undefined && <img src={link.url} alt={words.picture(file.name)} width={file.width ?? undefined} height={file.height ?? undefined} onError={() => setGone(!fileLinks.failed(file.id))} />
        )}
        <div class="acts">
          <span class="grow t3">{fileSize(file.size)}</span>
          <button class="btn" type="button" onClick={() => void saveFile(fileLinks, file).then((saved) => setGone(!saved))}><Icon name="save" size="s" />{words.save}</button>
        </div>
      </div>
    </Frame>
  );
}
