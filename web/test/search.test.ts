import { expect, test } from "vitest";
import { piecesOf } from "../src/components/marked";
import { hasPart, partsOf, Search, togglePart } from "../src/state/search";
import type { Api } from "../src/wire/api";
import type { SearchPage } from "../src/wire/search";
import { message } from "./messages";

const marked = (content: string, ranges: { start: number; end: number }[]): string =>
  piecesOf(content, ranges).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join("");

test("ranges count characters, whatever JavaScript makes of them", () => {
  expect(marked("🎉🎉 Café 🎉 cafe", [{ start: 3, end: 7 }, { start: 10, end: 14 }])).toBe("🎉🎉 [Café] 🎉 [cafe]");
});

test("a long text is cut around the first marked word", () => {
  const content = `${"a ".repeat(400)}heron ${"b ".repeat(400)}`;
  const shown = marked(content, [{ start: 800, end: 805 }]);
  expect(shown).toContain("[heron]");
  expect(shown.startsWith("… ")).toBe(true);
  expect(shown.endsWith(" …")).toBe(true);
  expect(shown.length).toBeLessThan(400);
});

test("ranges that are out of place mark what there is and lose nothing", () => {
  expect(marked("heron", [{ start: 3, end: 99 }, { start: 0, end: 2 }, { start: 40, end: 50 }])).toBe("her[on]");
  expect(marked("", [{ start: 0, end: 3 }])).toBe("");
});

test("a filter goes in and out of what was typed, and is known when typed by hand", () => {
  expect(partsOf('late "big order" in:"big birds" "open end')).toEqual(["late", '"big order"', 'in:"big birds"', '"open end']);
  expect(togglePart("heron", "from:me")).toBe("heron from:me");
  expect(togglePart("heron from:me  egret", "from:me")).toBe("heron egret");
  expect(hasPart("heron from:me", "from:me")).toBe(true);
  expect(hasPart("heron from:melissa", "from:me")).toBe(false);
});

const page = (contents: string[], change: Partial<SearchPage> = {}): SearchPage => ({
  hits: contents.map((content, index) => ({ message: message(index + 1, { id: content, content }), highlights: [] })),
  total: contents.length,
  exact: true,
  incomplete: false,
  notes: [],
  next: null,
  ...change,
});

/** An API that answers searches when the test says so. */
function asked(): { search: Search; answers: ((page: SearchPage) => void)[] } {
  const answers: ((page: SearchPage) => void)[] = [];
  const api = { search: () => new Promise<SearchPage>((resolve) => answers.push(resolve)) } as unknown as Api;
  return { search: new Search(api, () => Promise.resolve()), answers };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const shown = (search: Search): string[] => (search.found.value?.hits ?? []).map((hit) => hit.message.content);

test("an answer that comes after the next question is dropped", async () => {
  const { search, answers } = asked();
  search.text.value = "her";
  void search.look();
  search.text.value = "heron";
  void search.look();
  answers[1]?.(page(["new"]));
  await settle();
  answers[0]?.(page(["old"]));
  await settle();
  expect(shown(search)).toEqual(["new"]);
});

test("while the index reads in what is new, the question is asked again by itself", async () => {
  const { search, answers } = asked();
  search.open.value = true;
  search.text.value = "heron";
  void search.look();
  answers[0]?.(page(["first"], { incomplete: true }));
  await settle();
  answers[1]?.(page(["first", "second"]));
  await settle();
  expect(shown(search)).toEqual(["first", "second"]);
  expect(answers).toHaveLength(2);
});

test("the next page goes below, and says nothing twice", async () => {
  const { search, answers } = asked();
  search.text.value = "heron";
  void search.look();
  answers[0]?.(page(["a", "b"], { next: "cursor" }));
  await settle();
  void search.more();
  answers[1]?.(page(["b", "c"]));
  await settle();
  expect(shown(search)).toEqual(["a", "b", "c"]);
  expect(search.found.value?.next).toBeNull();
});

test("what goes wrong is said and leaves what was found", async () => {
  const api = { search: () => Promise.reject(new Error("no")) } as unknown as Api;
  const search = new Search(api);
  search.found.value = page(["a"]);
  search.text.value = "heron";
  await search.look();
  expect(search.error.value).toBeInstanceOf(Error);
  expect(search.looking.value).toBe("no");
  expect(shown(search)).toEqual(["a"]);
});

test("a search for nothing shows nothing and asks nobody", async () => {
  const { search, answers } = asked();
  search.text.value = "  ";
  await search.look();
  expect(search.found.value).toBeNull();
  expect(answers).toHaveLength(0);
});
