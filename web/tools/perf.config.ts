import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

/** `npm run perf`: measures the page and prints a table of figures, each beside its goal. Nothing fails by time: machines differ. */
export default defineConfig(base, { testDir: ".", testMatch: "*.perf.ts", workers: 1, timeout: 600_000, reporter: [["list"], ["./figures.ts"]], use: { ...base.use, viewport: { width: 1440, height: 900 } } });
