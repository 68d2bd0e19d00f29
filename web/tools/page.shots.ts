/**
 * Pictures of the page: every scene at three widths, light and dark, over the demo organization.
 *
 * They land in the folder named by `SHOTS` (`tools/out`). Take some with `npm run shots -- -g thread`.
 */

import { test, type Page } from "@playwright/test";
import { Server } from "../e2e/server";
import { SCENES, signIn, type Scene } from "./scenes";

const FOLDER = process.env["SHOTS"] ?? "tools/out";
const SIZES = { wide: { width: 1440, height: 900 }, middle: { width: 900, height: 800 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"] as const;

let server: Server;

test.beforeAll(async () => {
  server = await Server.start(["demo"]);
});

test.afterAll(async () => {
  await server.remove();
});

for (const [name, scene] of Object.entries(SCENES)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      test(`${name} ${size} ${theme}`, async ({ browser }) => {
        const context = await browser.newContext({ viewport, colorScheme: theme, hasTouch: size === "phone", isMobile: size === "phone", deviceScaleFactor: size === "phone" ? 2 : 1 });
        const page = await context.newPage();
        await take(page, scene, size);
        await page.screenshot({ path: `${FOLDER}/${name}-${size}-${theme}.png`, animations: "disabled" });
        await context.close();
        await scene.after?.(server);
      });
    }
  }
}

async function take(page: Page, scene: Scene, size: string): Promise<void> {
  await page.goto(server.url);
  if (!scene.outside) await signIn(page);
  await scene.play(page, size === "phone", server);
}
