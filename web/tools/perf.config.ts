import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

/** `npm run perf`: measures the page and prints figures. Nothing fails by time: machines differ. */
export default defineConfig(base, { testDir: ".", testMatch: "*.perf.ts", workers: 1, timeout: 600_000, use: { ...base.use, viewport: { width: 1440, height: 900 } } });
