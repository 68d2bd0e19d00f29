/**
 * The words of an answer as safe nodes: Markdown without links and images, whoever wrote it. A model
 * may repeat what a table holds, and a table may hold anything.
 *
 * The first sentence is the finding. Numbers are marked: traced to a cell, or not in the result.
 */

import DOMPurify from "dompurify";
import { Marked } from "marked";
import { marksIn, type Mark } from "../../state/ask/numbers";
import { readable } from "../../state/ask/names";
import type { Answer } from "../../wire/data/types";
import { askWords as words } from "../../words/ask";

const TAGS = ["p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "hr"];
/** A longer first sentence is no headline. */
const FINDING_MAX = 160;

const parser = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escape(text),
    // What it says stays; where it leads does not.
    link: ({ text }) => escape(text),
    image: ({ text }) => escape(text),
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

export function wordsOf(answer: Answer): DocumentFragment {
  const [finding, rest] = findingOf(answer.content);
  const fragment = document.createDocumentFragment();
  if (finding !== null) {
    const line = document.createElement("p");
    line.className = "finding";
    line.append(safe(String(parser.parseInline(finding, { async: false }))));
    fragment.append(line);
  }
  if (rest !== "") fragment.append(safe(parser.parse(rest, { async: false })));
  mark(fragment, answer);
  return fragment;
}

/** The first sentence and what follows, where the words begin with plain prose. */
export function findingOf(content: string): [string | null, string] {
  const text = content.trim();
  if (/^(?:[#>|]|[-*+]\s|\d+[.)]\s|```)/.test(text)) return [null, text];
  const match = /^[^\n]+?[.!?](?=\s|$)/.exec(text);
  if (match === null || match[0].length > FINDING_MAX) return [null, text];
  return [match[0], text.slice(match[0].length).trim()];
}

function safe(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: [],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

function mark(fragment: DocumentFragment, answer: Answer): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    if (text.parentElement?.closest("code, pre")) continue;
    // From the end, so that the places before stay right.
    for (const found of marksIn(text.data, answer).reverse()) {
      const number = text.splitText(found.start);
      number.splitText(found.end - found.start);
      number.replaceWith(markElement(number.data, found, answer));
    }
  }
}

function markElement(text: string, { place }: Mark, answer: Answer): HTMLElement {
  const element = document.createElement(place === null ? "span" : "button");
  element.textContent = text;
  element.className = place === null ? "tr no" : "tr";
  if (place === null) {
    element.title = words.answer.notTraced(text);
  } else {
    const column = readable(answer.query_result_preview.columns[place.column] ?? "");
    element.setAttribute("type", "button");
    element.setAttribute("aria-label", words.answer.tracedTo(text, place.row + 1, column));
    element.dataset["place"] = `${place.row}:${place.column}`;
  }
  return element;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
