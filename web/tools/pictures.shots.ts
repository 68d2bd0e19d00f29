/** The pictures that the documents show: few, small, over the demo organization, always of the same scenes. */

import { mkdir } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { Server } from "../e2e/server";
import { SCENES, signIn } from "./scenes";

const FOLDER = process.env["PICTURES"] ?? "../docs/pictures";
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** In this order: what is asked stays in its channel. */
const PICTURES = [
  { scene: "channel", theme: "light", size: PHONE },
  { scene: "thread", theme: "dark", size: WIDE },
  { scene: "palette", theme: "light", size: WIDE },
  { scene: "answer", theme: "light", size: WIDE },
  { scene: "bars", theme: "dark", size: WIDE },
  { scene: "health", theme: "light", size: WIDE },
] as const;

let server: Server;

test.beforeAll(async () => {
  server = await Server.start(["demo"]);
  await mkdir(FOLDER, { recursive: true });
});

test.afterAll(async () => {
  await server.remove();
});

for (const { scene, theme, size } of PICTURES) {
  const onPhone = size === PHONE;
  const name = `${scene}-${onPhone ? "phone-" : ""}${theme}`;
  test(`picture ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: size, colorScheme: theme, hasTouch: onPhone, isMobile: onPhone, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(server.url);
    await signIn(page);
    await SCENES[scene]?.play(page, onPhone, server);
    // Charts are a part that is loaded later.
    if ((await page.locator(".ans figure").count()) > 0) await expect(page.locator(".ans canvas").last()).toBeVisible();
    // The pointer leaves what it was on, so that no row is lit by chance.
    if (!onPhone) await page.mouse.move(size.width / 2, size.height - 1);
    await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: "disabled" });
    await context.close();
  });
}
