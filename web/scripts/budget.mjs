/**
 * The first load's script, gzipped, against its budget: what the page itself names and whatever that
 * imports before it runs. Parts that are loaded later have a budget of their own, each.
 */

import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const FIRST_BYTES = 150 * 1024;
/** The chart library is the largest of them. */
const LATER_BYTES = 240 * 1024;
const DIST = new URL("../dist/", import.meta.url);

const read = (name) => readFile(new URL(`assets/${name}`, DIST), "utf8");
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB gzip`;

const page = await readFile(new URL("index.html", DIST), "utf8").catch(() => "");
const first = new Set([...page.matchAll(/assets\/([^"]+\.js)"/g)].map((match) => match[1]));
for (const name of first) {
  for (const [, imported] of (await read(name)).matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) first.add(imported);
}
let total = 0;
let fits = first.size > 0;
for (const name of await readdir(new URL("assets/", DIST)).catch(() => [])) {
  if (!name.endsWith(".js")) continue;
  const size = gzipSync(await read(name)).length;
  if (first.has(name)) total += size;
  else if (size > LATER_BYTES) fits = false;
  console.log(`${name}: ${kib(size)}${first.has(name) ? "" : ", later"}`);
}
console.log(`first load: ${kib(total)} of ${FIRST_BYTES / 1024}`);
if (!fits || total > FIRST_BYTES) {
  console.error(first.size === 0 ? "there is no built page; run the build first" : "over the budget");
  process.exit(1);
}
