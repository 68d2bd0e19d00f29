/** The shapes of a search. */

import type { Id, Message, RawMessage } from "./types";

export type SearchSort = "relevance" | "newest";

/** A stretch of a text in characters (code points), from the first to the one after the last. */
export interface Range {
  start: number;
  end: number;
}

export interface SearchNote {
  code: string;
  text: string;
}

export interface RawSearch {
  hits: { channel_id: Id; message: RawMessage; highlights?: Range[] }[];
  total: number;
  total_is_exact: boolean;
  incomplete: boolean;
  notes?: SearchNote[];
}

export interface Hit {
  message: Message;
  highlights: Range[];
}

export interface SearchPage {
  hits: Hit[];
  total: number;
  exact: boolean;
  incomplete: boolean;
  notes: SearchNote[];
  /** Where the next page begins. */
  next: string | null;
}
