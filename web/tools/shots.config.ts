import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

/** `npm run shots`: pictures of the page over the demo data. Not tests: nothing is compared. */
export default defineConfig(base, { testDir: ".", testMatch: "*.shots.ts", workers: 1, timeout: 30_000, expect: { timeout: 5_000 }, use: { ...base.use, actionTimeout: 5_000 } });
