/**
 * Which language the page speaks, decided once when it is loaded: the chosen one, or the first of the
 * browser's that it knows, or English. Choosing another loads the page anew, so that no text is left over.
 */

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED_AS = "starling.language";

/** A catalogue of the same form, in other words: the same keys, and functions of the same values. */
export type Catalogue<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Catalogue<T[K]> };

/** Null: as the browser says. */
export function chosenLanguage(): Language | null {
  return known(typeof localStorage === "undefined" ? null : localStorage.getItem(STORED_AS));
}

export function chooseLanguage(wanted: Language | null): void {
  if (wanted === null) localStorage.removeItem(STORED_AS);
  else localStorage.setItem(STORED_AS, wanted);
  location.reload();
}

export function languageOf(chosen: Language | null, preferred: readonly string[]): Language {
  if (chosen !== null) return chosen;
  for (const tag of preferred) {
    const language = known(tag.split("-")[0] ?? null);
    if (language !== null) return language;
  }
  return "en";
}

/** Numbers and dates follow the language, in the reader's own variant of it where the browser names one. */
export function localeOf(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.split("-")[0] === language) ?? language;
}

function known(tag: string | null): Language | null {
  return LANGUAGES.find((language) => language === tag) ?? null;
}

const preferred = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
export const language: Language = languageOf(chosenLanguage(), preferred);
export const locale: string = localeOf(language, preferred);

/** The catalogue to use. English comes with the page; another language is a part that is loaded when needed. */
export async function inLanguage<T>(english: T, german: () => Promise<Catalogue<T>>): Promise<Catalogue<T>> {
  if (language === "en") return english as Catalogue<T>;
  // Without the part (a new version of the server, a lost connection) English words are better than none.
  return german().catch(() => english as Catalogue<T>);
}
