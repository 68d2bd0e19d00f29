/** Wie lange Nachrichten aufbewahrt werden. */

import type { english } from "./keeping";
import type { Catalogue } from "./language";

export const germanKeeping: Catalogue<typeof english> = {
  title: "Nachrichten werden aufbewahrt",
  titleAll: "Nachrichten aller Kanäle werden aufbewahrt",
  forEver: "Für immer",
  days: (count: number) => (count === 1 ? "1 Tag" : `${count} Tage`),
  years: (count: number) => (count === 1 ? "1 Jahr" : `${count} Jahre`),
  likeAll: (what: string) => `Wie alle Kanäle (${what})`,
  shorterSure: (what: string) => `Nachrichten ${what} aufbewahren? Ältere und ihre Dateien werden endgültig gelöscht.`,
  yes: "Ältere löschen",
  no: "Abbrechen",
  saved: "Gespeichert",
};
