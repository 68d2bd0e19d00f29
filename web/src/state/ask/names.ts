/** Names of columns as words: `orders_count` is "Orders count", `InvoiceId` is "Invoice ID". */

/** What has spaces, signs or a call in it was named for readers, or is no name at all. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
/** Letters that stand for words are read letter by letter. */
const INITIALS: ReadonlySet<string> = new Set(["id", "url", "sku", "vat", "usd", "eur", "gbp", "ip", "api", "ytd", "kpi"]);
/** What people who write SQL shorten. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["n", "count"],
  ["cnt", "count"],
  ["qty", "quantity"],
  ["avg", "average"],
  ["pct", "percent"],
  ["amt", "amount"],
]);

export function readable(name: string): string {
  if (!NAME.test(name)) return name;
  const parts = name
    .replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, "$1_")
    .split("_")
    .filter((part) => part !== "")
    .map((part) => part.toLowerCase())
    .map((part) => (INITIALS.has(part) ? part.toUpperCase() : (SHORT.get(part) ?? part)));
  const text = parts.join(" ");
  return text === "" ? name : text.charAt(0).toUpperCase() + text.slice(1);
}
