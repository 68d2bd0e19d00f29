/**
 * Message text to safe HTML.
 *
 * Two locks: the parser never emits raw HTML (a tag in a message is shown as its letters) nor
 * images (they would tell another server who reads when), and DOMPurify then lets through a short
 * list of elements and attributes, with links to http, https and mailto only.
 */

import DOMPurify from "dompurify";
import { Marked, type TokenizerAndRendererExtension } from "marked";
import { unpiled } from "../state/plain";

export interface MentionNames {
  /** The reader's own user name, in lower case. */
  me: string;
  /** Grows as people become known: texts that name them look different then. */
  version: number | string;
  /** Whether the name is a group's that the reader is in. */
  mine?(handle: string): boolean;
  known(username: string): boolean;
}

const TAGS = [
  "p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a",
  "table", "thead", "tbody", "tr", "th", "td", "hr", "span",
];
const LINKS = /^(?:https?:\/\/|mailto:)/i;
const CLASSES = new Set(["at", "at me-at"]);
/** A question names itself at the start of its first line. */
const COMMAND = /^(<p>)(\/(?:ask|aibot))(?=\s)/i;
/** Rendered texts kept; a virtual list shows the same rows again and again while scrolling. */
const CACHE_MAX = 2_000;

const cache = new Map<string, string>();
let names: MentionNames = { me: "", version: "", known: () => false };

const mention: TokenizerAndRendererExtension = {
  name: "mention",
  level: "inline",
  start: (source) => source.match(/(?<![\w@])@\w/)?.index,
  tokenizer: (source) => {
    const match = /^@([\w.-]*\w)/.exec(source);
    const username = match?.[1];
    if (match === null || username === undefined || !names.known(username)) return undefined;
    return { type: "mention", raw: match[0], username };
  },
  renderer: (token) => {
    const username = String(token["username"]).toLowerCase();
    const mine = username === names.me || names.mine?.(username) === true;
    return `<span class="${mine ? "at me-at" : "at"}">${escape(token.raw)}</span>`;
  },
};

const parser = new Marked({
  gfm: true,
  breaks: true,
  extensions: [mention],
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ href, text }) => `<a href="${escape(href)}">${escape(text === "" ? href : text)}</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    heading({ tokens }) {
      // A message is not a section of the page, so its headings are only bold.
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

let hooked = false;

function hook(): void {
  if (hooked) return;
  hooked = true;
  DOMPurify.addHook("uponSanitizeAttribute", (_node, data) => {
    if (data.attrName === "class" && !CLASSES.has(data.attrValue)) data.keepAttr = false;
  });
  DOMPurify.addHook("afterSanitizeAttributes", (node) => {
    // What may scroll sideways must be reachable for those who scroll with keys.
    if (node.nodeName === "PRE" || node.nodeName === "TABLE") node.setAttribute("tabindex", "0");
    if (node.nodeName !== "A" || !node.hasAttribute("href")) return;
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  });
}

export function renderMarkdown(source: string, mentions: MentionNames): string {
  const key = `${mentions.me} ${mentions.version} ${source}`;
  const held = cache.get(key);
  if (held !== undefined) return held;
  hook();
  names = mentions;
  const html = DOMPurify.sanitize(parser.parse(unpiled(source), { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "class", "title"],
    ALLOWED_URI_REGEXP: LINKS,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
  const shown = html.replace(COMMAND, '$1<span class="cmd">$2</span>');
  // One by one: all at once would be drawn anew while somebody scrolls, and the heap would go up and down by it.
  for (const oldest of cache.keys()) {
    if (cache.size < CACHE_MAX) break;
    cache.delete(oldest);
  }
  cache.set(key, shown);
  return shown;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
