// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { renderMarkdown, type MentionNames } from "../src/components/markdown";

const names: MentionNames = { me: "mara", version: 1, known: (name) => ["mara", "jonas"].includes(name) };

function drawn(source: string): HTMLElement {
  const holder = document.createElement("div");
  holder.innerHTML = renderMarkdown(source, names);
  return holder;
}

describe("markdown", () => {
  test("the usual marks work", () => {
    const text = drawn("**bold** *soft* `code`\n\n```js\nlet a = '<b>';\n```\n\n- one\n- two");
    expect(text.querySelector("strong")?.textContent).toBe("bold");
    expect(text.querySelector("pre code")?.textContent).toBe("let a = '<b>';\n");
    expect(text.querySelectorAll("li")).toHaveLength(2);
  });

  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a></svg>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<style>body{display:none}</style>",
    "a <b onclick=alert(1)>b</b>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  ])("raw HTML is shown as its letters: %s", (source) => {
    const text = drawn(source);
    expect(text.querySelector("script, img, svg, iframe, style, b, math")).toBeNull();
    expect(text.textContent?.trim()).toBe(source);
  });

  test.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "[x](vbscript:x)",
    "[x](java&#115;cript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](/api/v1/auth/logout)",
    "[x](//other.example)",
  ])("a link that is not http, https or mailto goes nowhere: %s", (source) => {
    expect(drawn(source).querySelector("[href], [src]")).toBeNull();
  });

  test.each(["https://a.example/b", "http://a.example", "mailto:a@b.example"])("%s is a safe link", (address) => {
    const link = drawn(`[x](${address})`).querySelector("a");
    expect(link?.getAttribute("href")).toBe(address);
    expect(link?.getAttribute("rel")).toContain("noopener");
    expect(link?.getAttribute("target")).toBe("_blank");
  });

  test("an image is a link, so that no other server learns who reads", () => {
    const text = drawn("![a cat](https://cats.example/c.png)");
    expect(text.querySelector("img")).toBeNull();
    expect(text.querySelector("a")?.textContent).toBe("a cat");
  });

  test("no style, id or foreign class gets through", () => {
    const text = drawn("```evil\" onload=x\ncode\n```\n\n| a |\n|:-:|\n| b |");
    for (const element of text.querySelectorAll("*")) {
      // Only what the page itself adds: code and tables can be scrolled with keys.
      const scrolls = element.tagName === "PRE" || element.tagName === "TABLE";
      expect([...element.attributes].map((attribute) => attribute.name)).toEqual(scrolls ? ["tabindex"] : []);
    }
  });

  test("people who are known are marked, and the reader apart", () => {
    const text = drawn("@jonas and @mara, not @nobody or a@jonas.example");
    expect([...text.querySelectorAll(".at")].map((mark) => mark.textContent)).toEqual(["@jonas", "@mara"]);
    expect(text.querySelector(".me-at")?.textContent).toBe("@mara");
  });

  test("a mention inside code is only code", () => {
    expect(drawn("`@mara`").querySelector(".at")).toBeNull();
  });
});
