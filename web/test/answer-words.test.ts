// @vitest-environment jsdom
/** The words of an answer: whatever a model repeats, they lead nowhere and load nothing. */

import { describe, expect, test } from "vitest";
import { findingOf, wordsOf } from "../src/components/answer/words";
import { answer } from "./answers";

function drawn(content: string, unchecked: string[] = []): HTMLElement {
  const holder = document.createElement("div");
  holder.append(wordsOf(answer({ content, unchecked_numbers: unchecked })));
  return holder;
}

describe("an answer's words", () => {
  test.each([
    "See [the report](https://evil.example/?q=1).",
    "![chart](https://evil.example/x.png)",
    "https://evil.example and <https://evil.example>",
    "<a href='https://evil.example'>x</a><img src=x onerror=alert(1)>",
    "[x]: https://evil.example\n\n[x]",
    "`[x](https://evil.example)`",
    "<button data-place='0:0' style='position:fixed'>x</button>",
  ])("hold no link, no image and no element of their own: %s", (content) => {
    const held = drawn(content);
    expect(held.querySelectorAll("a, img, script, iframe, svg, [href], [src], [style], [onerror], [onclick]")).toHaveLength(0);
    expect([...held.querySelectorAll("button")].every((button) => button.className === "tr")).toBe(true);
  });

  test("begin with the finding, where the first sentence is one", () => {
    const held = drawn("Strings **led** with 1,840.50. Reissues followed.\n\n- one\n- two");
    expect(held.querySelector(".finding")?.textContent).toBe("Strings led with 1,840.50.");
    expect(held.querySelectorAll("li")).toHaveLength(2);
    expect(findingOf("- a list")[0]).toBeNull();
    expect(findingOf(`${"long ".repeat(60)}.`)[0]).toBeNull();
  });

  test("mark numbers: a button to the cell, or a note that there is none", () => {
    const held = drawn("Strings led with €1,840.50, 30% of all.", ["30%"]);
    const traced = held.querySelector<HTMLButtonElement>("button.tr");
    expect(traced?.dataset["place"]).toBe("0:1");
    expect(traced?.textContent).toBe("€1,840.50");
    expect(traced?.getAttribute("aria-label")).toContain("row 1, column Revenue");
    expect(held.querySelector("span.tr.no")?.textContent).toBe("30%");
    expect(held.textContent).toBe("Strings led with €1,840.50, 30% of all.");
  });
});
