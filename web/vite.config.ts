import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the server; the built page is served by the server itself. */
const SERVER = process.env["STARLING_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    target: "es2022",
    // The content security policy allows no data: fonts or inline files, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The chart library is one part, loaded with the first chart; the budget script watches its size.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/api": SERVER,
      "/ws": { target: SERVER, ws: true },
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    environment: "node",
  },
});
