/**
 * How high a row will be, as far as its message tells: until it is drawn the list counts with that. What a guess is
 * wrong by moves what is above, so a near one keeps the scroll bar and a turn of the wheel true.
 */

import type { Row } from "../state/rows";
import { boxOf, isPicture } from "./files";

/** As `log.css` lays them out. */
const LINE_PX = 22;
const PARAGRAPH_GAP_PX = 4;
const HEAD_PX = 20;
const PADDING_PX = 12;
const PADDING_JOINED_PX = 4;
const REACTIONS_PX = 28;
const FILE_PX = 42;
const PREVIEW_PX = 76;
/** Answers have charts and tables of every size. */
const ANSWER_PX = 240;
const OTHER_PX = 34;
/** Letters in a line of the widest text, at its size. */
const LINE_LETTERS = 100;

const known = new WeakMap<Row, number>();

export function heightOf(row: Row | undefined): number {
  if (row === undefined) return OTHER_PX;
  const before = known.get(row);
  if (before !== undefined) return before;
  const height = guess(row);
  known.set(row, height);
  return height;
}

function guess(row: Row): number {
  if (row.kind === "question") return ANSWER_PX;
  if (row.kind !== "message") return OTHER_PX;
  const { message, joined } = row;
  if (message.message_type === "llm_response" && !message.is_deleted) return ANSWER_PX;
  const frame = joined ? PADDING_JOINED_PX : PADDING_PX + HEAD_PX;
  if (message.is_deleted) return frame + LINE_PX;
  const pictures = message.attachments.filter(isPicture).map((file) => boxOf(file.width ?? 1, file.height ?? 1).height);
  const files = (message.attachments.length - pictures.length) * FILE_PX + Math.max(0, ...pictures);
  const previews = (message.link_previews ?? []).length * PREVIEW_PX;
  const reactions = Object.keys(message.reactions).length > 0 ? REACTIONS_PX : 0;
  return frame + textHeight(message.content) + files + previews + reactions;
}

function textHeight(content: string): number {
  if (content === "") return 0;
  let height = 0;
  for (const line of content.split("\n")) height += line === "" ? PARAGRAPH_GAP_PX : Math.ceil(line.length / LINE_LETTERS) * LINE_PX;
  return height;
}
