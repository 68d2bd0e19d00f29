import { describe, expect, test } from "vitest";
import { languageOf, localeOf } from "../src/words/language";
import { english } from "../src/words";
import { english as ask } from "../src/words/ask";
import { english as data } from "../src/words/data";
import { english as admin } from "../src/words/admin";
import { german } from "../src/words/german";
import { germanAdmin } from "../src/words/german-admin";
import { germanAsk } from "../src/words/german-ask";
import { germanData } from "../src/words/german-data";
import { english as files } from "../src/words/files";
import { germanFiles } from "../src/words/german-files";
import { germanBeside } from "../src/words/german-beside";
import { english as beside } from "../src/words/beside";
import { germanKeeping } from "../src/words/german-keeping";
import { germanLater } from "../src/words/german-later";
import { germanNotifications } from "../src/words/german-notifications";
import { germanPage } from "../src/words/german-page";
import { germanSearch } from "../src/words/german-search";
import { english as search } from "../src/words/search";
import { english as keeping } from "../src/words/keeping";
import { english as later } from "../src/words/later";
import { english as notifications } from "../src/words/notifications";
import { english as page } from "../src/words/page";
import { english as jump } from "../src/words/jump";
import { english as offline } from "../src/words/offline";
import { germanOffline } from "../src/words/german-offline";
import { germanJump } from "../src/words/german-jump";

const CATALOGUES: readonly [string, object, object][] = [
  ["words", english, german],
  ["ask", ask, germanAsk],
  ["data", data, germanData],
  ["page", page, germanPage],
  ["admin", admin, germanAdmin],
  ["files", files, germanFiles],
  ["search", search, germanSearch],
  ["later", later, germanLater],
  ["jump", jump, germanJump],
  ["offline", offline, germanOffline],
  ["beside", beside, germanBeside],
  ["keeping", keeping, germanKeeping],
  ["notifications", notifications, germanNotifications],
];

type Leaf = string | ((...values: unknown[]) => string);

function leaves(value: unknown, path = ""): [string, Leaf][] {
  if (typeof value === "string" || typeof value === "function") return [[path, value as Leaf]];
  return Object.entries(value as object).flatMap(([key, held]) => leaves(held, `${path}.${key}`));
}

/** What of the values a sentence shows; null where these are no values for it. */
function shown(sentence: Leaf, values: readonly unknown[]): string | null {
  if (typeof sentence === "string") return "";
  try {
    const text = sentence(...values);
    return values.filter((value) => text.includes(String(value))).join(" ");
  } catch {
    return null;
  }
}

describe.each(CATALOGUES)("the German catalogue of %s", (_name, own, other) => {
  test("has the same keys", () => {
    expect(leaves(other).map(([path]) => path)).toEqual(leaves(own).map(([path]) => path));
  });

  test("shows the same values in every sentence", () => {
    const translated = new Map(leaves(other));
    for (const [path, sentence] of leaves(own)) {
      const there = translated.get(path);
      if (typeof sentence !== "function") continue;
      expect(typeof there, path).toBe("function");
      for (const values of [["Aaa", "Bbb", "Ccc", "Ddd"], [1, "Bbb", "Ccc"], [741, 852, 963], [["Aaa"]], [["Aaa", "Bbb"]]]) {
        expect(shown(there as Leaf, values), `${path} of ${values}`).toBe(shown(sentence as Leaf, values));
      }
    }
  });

  test("leaves nothing empty", () => {
    for (const [path, sentence] of leaves(other)) {
      if (typeof sentence === "string" && !path.endsWith(".member")) expect(sentence, path).not.toBe("");
    }
  });
});

test("the chosen language counts, then the first known one of the browser, then English", () => {
  expect(languageOf("de", ["en-GB"])).toBe("de");
  expect(languageOf(null, ["fr-FR", "de-AT", "en"])).toBe("de");
  expect(languageOf(null, ["fr-FR"])).toBe("en");
});

test("dates and numbers are written as the reader's own country does, if it speaks the language", () => {
  expect(localeOf("en", ["de-DE", "en-GB"])).toBe("en-GB");
  expect(localeOf("de", ["en-GB"])).toBe("de");
});
