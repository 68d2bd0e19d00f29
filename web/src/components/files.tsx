/**
 * The files of a message: pictures in boxes whose size is known before they load, rows for the rest.
 *
 * A name is somebody else's text: it stands in an element of its own direction and is never markup.
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Attachment } from "../wire/types";
import { fileSize } from "../words/file-size";
import { fileWords as words } from "../words/files";
import { enlarged } from "./at-work";
import { Icon } from "./icon";
import { saveFile } from "./save-file";
import { useSpace } from "./space";

/** The box of a picture: two of them stand beside each other in a column of text. */
const BOX_WIDTH_PX = 340;
const BOX_HEIGHT_PX = 240;
/** Whoever wants to hit it needs so much of it. */
const LEAST_PX = 40;

export function Files({ files }: { files: readonly Attachment[] }): JSX.Element | null {
  if (files.length === 0) return null;
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <div class="files" role="group" aria-label={words.files}>
      {pictures.length > 0 && <div class="pictures">{pictures.map((file) => <Picture key={file.id} file={file} />)}</div>}
      {others.map((file) => <FileRow key={file.id} file={file} />)}
    </div>
  );
}

export const isPicture = (file: Attachment): boolean => file.thumbnail_url !== null && file.width !== null && file.height !== null;

function Picture({ file }: { file: Attachment }): JSX.Element {
  const { fileLinks, api } = useSpace();
  const link = fileLinks.held.value.get(file.id);
  useEffect(() => fileLinks.want(file.id), [file.id]);
  if (api === null) return <FileRow file={file} />;
  const { width, height } = boxOf(file.width ?? 1, file.height ?? 1);
  return (
    <button class="picture" type="button" aria-label={words.open(file.name)} title={file.name} style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }} onClick={() => (enlarged.value = file)}>
      {link !== undefined && <img src={link.thumbnail_url} alt="" loading="lazy" decoding="async" onError={() => fileLinks.failed(file.id)} />}
    </button>
  );
}

/** The size at which a picture is shown: within the box, never larger than it is, never too small to hit. */
export function boxOf(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, BOX_WIDTH_PX / width, BOX_HEIGHT_PX / height);
  const side = (length: number): number => Math.max(LEAST_PX, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

function FileRow({ file }: { file: Attachment }): JSX.Element {
  const { api, fileLinks } = useSpace();
  const about = (
    <>
      <Icon name="file" />
      <bdi class="cut name">{file.name}</bdi>
      <span class="t3 size">{fileSize(file.size)}</span>
    </>
  );
  if (api === null) return <div class="file">{about}</div>;
  return (
    <button class="file" type="button" aria-label={words.download(file.name)} title={file.name} onClick={() => void saveFile(fileLinks, file)}>
      {about}
      <Icon name="save" size="s" />
    </button>
  );
}
