/** What a push says, and how it is shown. Nothing here touches the browser, so tests run it as it is. */

/** One message that its reader has not seen, as the server sends it. */
export interface Notice {
  author: string;
  /** Empty in direct conversations. */
  channel: string;
  /** The beginning of the message. */
  text: string;
  /** Where it is, below the page's own address. */
  path: string;
  /** Notices with the same tag take each other's place. */
  tag: string;
}

export interface Shown {
  title: string;
  body: string;
  tag: string;
  path: string;
}

/** What a browser must show when a push cannot be read: showing nothing costs the page its permission. */
const UNREADABLE: Shown = { title: "Starling", body: "", tag: "starling", path: "/" };

export function shownOf(data: unknown): Shown {
  if (typeof data !== "object" || data === null) return UNREADABLE;
  const notice = data as Partial<Record<keyof Notice, unknown>>;
  const text = (field: keyof Notice): string => (typeof notice[field] === "string" ? (notice[field] as string) : "");
  const title = [text("author"), text("channel") === "" ? "" : `#${text("channel")}`].filter((part) => part !== "").join(" · ");
  return {
    title: title === "" ? UNREADABLE.title : title,
    body: text("text"),
    tag: text("tag") === "" ? UNREADABLE.tag : text("tag"),
    path: ownPath(text("path")),
  };
}

/** A path of the page itself; anything else leads to its start. */
export function ownPath(path: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : "/";
}
