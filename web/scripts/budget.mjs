/**
 * The first load's script, gzipped, against its budget. Counts every script file that the build
 * made: what is not there cannot be loaded, and lazily loaded parts should stay small too.
 */

import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 150 * 1024;
const ASSETS = new URL("../dist/assets/", import.meta.url);

const scripts = (await readdir(ASSETS)).filter((name) => name.endsWith(".js"));
let total = 0;
for (const name of scripts) {
  const size = gzipSync(await readFile(new URL(name, ASSETS))).length;
  total += size;
  console.log(`${name}: ${(size / 1024).toFixed(1)} KiB gzip`);
}
console.log(`script in all: ${(total / 1024).toFixed(1)} of ${BUDGET_BYTES / 1024} KiB gzip`);
if (scripts.length === 0 || total > BUDGET_BYTES) {
  console.error(scripts.length === 0 ? "there is no built page; run the build first" : "over the budget");
  process.exit(1);
}
