import { defineConfig } from "vite";

/** The service worker is one file at the root of the page, beside what `vite.config.ts` builds. */
export default defineConfig({
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    modulePreload: false,
    rolldownOptions: {
      input: "src/sw/worker.ts",
      output: { format: "iife", entryFileNames: "worker.js" },
    },
  },
});
