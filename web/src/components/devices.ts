/** A sign-in's browser and system, as people call them. A guess from a header that may say anything. */

import { words } from "../words";

/** Order matters: Edge and Opera also call themselves Chrome, Chrome also calls itself Safari. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

export function deviceName(userAgent: string): string {
  const browser = BROWSERS.find(([sign]) => sign.test(userAgent))?.[1];
  if (browser === undefined) return words.unknownDevice;
  return words.device(browser, SYSTEMS.find(([sign]) => sign.test(userAgent))?.[1] ?? "");
}
