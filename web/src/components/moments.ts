/** Times and days in the reader's own locale. */

import { locale } from "../words/language";

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayThisYear = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
const dayOtherYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });

const weekDay = new Intl.DateTimeFormat(locale, { weekday: "short" });
const shortDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const shortDayYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const WEEK_MS = 7 * 24 * 3_600_000;

export function clockTime(at: string): string {
  return clock.format(new Date(at));
}

export function dayName(at: string, now = new Date()): string {
  const date = new Date(at);
  return (date.getFullYear() === now.getFullYear() ? dayThisYear : dayOtherYear).format(date);
}

/** A moment by itself: `14:02` today, `Tue 14:02` within a week, `12 May`, `3 Mar 2025`. */
export function momentName(at: string, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  if (Math.abs(now.getTime() - date.getTime()) < WEEK_MS) return `${weekDay.format(date)} ${clock.format(date)}`;
  return (date.getFullYear() === now.getFullYear() ? shortDay : shortDayYear).format(date);
}
