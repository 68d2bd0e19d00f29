/** Files dropped into the composer, chosen and pasted; seen by somebody else. */

import { expect, test, type Locator } from "@playwright/test";
import { expectNoFaults } from "./faults";
import { Person } from "./person";
import { served } from "./served";

const CHANNEL = "harbour";
/** A picture of 3 × 2 pixels. */
const BIRD = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHElEQVR4nGNgiDohF7XFJmoBg03UiaioLRVRCwBGoAe9jyLgTAAAAABJRU5ErkJggg==";
const server = served();

interface Given {
  name: string;
  type: string;
  base64: string;
}

/** Drops files as a browser does. */
async function drop(onto: Locator, files: Given[]): Promise<void> {
  const brought = await onto.page().evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, files);
  await onto.dispatchEvent("dragover", { dataTransfer: brought });
  await onto.dispatchEvent("drop", { dataTransfer: brought });
}

test("a picture that is dropped is seen by the others in its own size, and opened large", async ({ browser }) => {
  const mara = await Person.arrive(browser, server.url, "Mara Veld");
  const jonas = await Person.arrive(browser, server.url, "Jonas Tveit");
  await mara.signUp();
  await jonas.signUp();
  await mara.createChannel(CHANNEL);
  await jonas.joinChannel(CHANNEL);

  const notes = { name: "<b>tide\u202etxt.exe", type: "text/plain", base64: btoa("at noon\n") };
  await drop(mara.composer(CHANNEL), [{ name: "bird.png", type: "image/png", base64: BIRD }, notes]);
  const attached = mara.page.getByRole("list", { name: "Attached files" });
  await expect(attached.getByRole("listitem")).toHaveCount(2);
  await expect(attached.getByRole("progressbar")).toHaveCount(0);
  await expectNoFaults(mara.page, "with attached files");
  await mara.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(attached).toHaveCount(0);

  for (const person of [mara, jonas]) {
    const picture = person.log(CHANNEL).getByRole("button", { name: "Open bird.png" });
    await expect.poll(() => picture.locator("img").evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(3);
    await expect(person.log(CHANNEL).getByRole("button", { name: "Download <b>tidetxt.exe" })).toBeVisible();
  }
  await jonas.log(CHANNEL).getByRole("button", { name: "Open bird.png" }).click();
  const large = jonas.page.getByRole("dialog", { name: "bird.png" });
  await expect.poll(() => large.getByRole("img", { name: "Picture: bird.png" }).evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(3);
  await expectNoFaults(jonas.page, "with a picture by itself");
  await jonas.page.keyboard.press("Escape");

  const saving = jonas.page.waitForEvent("download");
  await jonas.log(CHANNEL).getByRole("button", { name: "Download <b>tidetxt.exe" }).click();
  expect(await (await saving).failure()).toBeNull();
  expect([...mara.complaints, ...jonas.complaints]).toEqual([]);
  await mara.leave();
  await jonas.leave();
});

test("a file that is refused says why in its place, and the others go", async ({ browser }) => {
  const wren = await Person.arrive(browser, server.url, "Wren Alder");
  await wren.signUp();
  await wren.createChannel("coast");
  await wren.page.getByLabel("Attach files").setInputFiles([
    { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) },
    { name: "tide.csv", mimeType: "text/csv", buffer: Buffer.from("port,height\nWick,3.1\n") },
  ]);
  const attached = wren.page.getByRole("list", { name: "Attached files" });
  await expect(attached.getByRole("listitem").filter({ hasText: "empty.txt" })).toContainText("Not uploaded");
  await wren.page.getByRole("button", { name: "Remove empty.txt" }).click();
  await wren.say("coast", "The tides");
  const row = wren.row("coast", "The tides");
  await expect(row.getByRole("button", { name: "Download tide.csv" })).toBeVisible();
  await expect(attached).toHaveCount(0);
  expect(wren.complaints).toEqual([]);
  await wren.leave();
});
