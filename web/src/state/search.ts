/**
 * The search beside the channel: what was typed, what was found, and the page after it.
 *
 * **Invariant:** what is shown belongs to the newest question; an answer that comes late is dropped.
 */

import { signal } from "@preact/signals";
import type { Api } from "../wire/api";
import type { SearchPage, SearchSort } from "../wire/search";

/** While the server's index reads in what is new, it is asked again this often, this many times. */
const AGAIN_MS = 2_000;
const AGAIN_MAX = 30;

export type Looking = "no" | "first" | "more";

export class Search {
  readonly open = signal(false);
  /** Counts the times that one asked for the field, also while the search is open. */
  readonly summons = signal(0);
  readonly text = signal("");
  readonly sort = signal<SearchSort>("relevance");
  readonly found = signal<SearchPage | null>(null);
  readonly looking = signal<Looking>("no");
  readonly error = signal<unknown>(null);
  private question = 0;

  constructor(
    private readonly api: Api | null,
    private readonly pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  show(): void {
    this.open.value = true;
    this.summons.value += 1;
    // The server gets its index ready while one types.
    if (this.text.value.trim() === "") void this.api?.search({ text: "", sort: "newest", cursor: null, limit: 1 }).catch(() => undefined);
  }

  hide(): void {
    this.open.value = false;
  }

  /** Looks for what is typed now; for nothing, there is nothing to show. */
  async look(): Promise<void> {
    const question = ++this.question;
    this.error.value = null;
    if (this.api === null || this.text.value.trim() === "") {
      this.found.value = null;
      this.looking.value = "no";
      return;
    }
    this.looking.value = "first";
    for (let asked = 0; asked <= AGAIN_MAX; asked += 1) {
      const page = await this.ask(question, null);
      if (page === null) return;
      this.found.value = page;
      this.looking.value = "no";
      if (!page.incomplete) return;
      await this.pause(AGAIN_MS);
      // Who went on reading keeps the pages that they have.
      if (question !== this.question || !this.open.value) return;
    }
  }

  async more(): Promise<void> {
    const held = this.found.value;
    if (held === null || held.next === null || this.looking.value !== "no") return;
    const question = ++this.question;
    this.looking.value = "more";
    const page = await this.ask(question, held.next);
    if (page === null) return;
    const known = new Set(held.hits.map((hit) => hit.message.id));
    this.found.value = { ...page, hits: [...held.hits, ...page.hits.filter((hit) => !known.has(hit.message.id))] };
    this.looking.value = "no";
  }

  private async ask(question: number, cursor: string | null): Promise<SearchPage | null> {
    try {
      const page = await this.api?.search({ text: this.text.value, sort: this.sort.value, cursor });
      return question === this.question && page !== undefined ? page : null;
    } catch (error) {
      if (question !== this.question) return null;
      this.error.value = error;
      this.looking.value = "no";
      return null;
    }
  }
}

/** The parts of a search: white space divides them, outside quotation marks. */
export function partsOf(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
}

export function hasPart(text: string, part: string): boolean {
  return partsOf(text).includes(part);
}

/** The same search with a part, or without it where it has it. */
export function togglePart(text: string, part: string): string {
  const parts = partsOf(text);
  const others = parts.filter((held) => held !== part);
  return (others.length < parts.length ? others : [...parts, part]).join(" ");
}
