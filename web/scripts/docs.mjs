/**
 * Puts the viewer of /docs beside the built page, compressed: it is 3.5 MB, is loaded by no other
 * page, and the server hands it out as it lies here.
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { constants, gzipSync } from "node:zlib";

const VIEWER = new URL(
  "../node_modules/@scalar/api-reference/dist/browser/standalone.js",
  import.meta.url,
);
const FOLDER = new URL("../dist/docs/", import.meta.url);

const packed = gzipSync(await readFile(VIEWER), { level: constants.Z_BEST_COMPRESSION });
await mkdir(FOLDER, { recursive: true });
await writeFile(new URL("reference.js.gz", FOLDER), packed);
console.log(`docs/reference.js.gz: ${(packed.length / 1024).toFixed(0)} KiB, loaded by /docs only`);
