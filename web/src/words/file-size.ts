/** How large a file is, as short as it is still useful: `1.4 MB`. */

import { locale } from "./language";

const UNITS = ["B", "KB", "MB", "GB"];
const STEP = 1024;

export function fileSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  const figure = value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
  return `${figure} ${UNITS[unit]}`;
}
