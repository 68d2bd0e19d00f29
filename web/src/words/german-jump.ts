/** Zu einem Tag, zum Ungelesenen und zurück zum Neuesten. */

import type { english } from "./jump";
import type { Catalogue } from "./language";

export const germanJump: Catalogue<typeof english> = {
  toDay: "Zu einem Datum springen",
  day: "Datum",
  go: "Dorthin",
  choices: { yesterday: "Gestern", week: "Vor einer Woche", month: "Vor einem Monat", start: "Zum Anfang" },
  looking: "Der Tag wird gesucht",
  failed: "Die Nachrichten dieses Tages konnten nicht gelesen werden. Prüfe die Verbindung und versuche es noch einmal.",
  toUnread: "Zum ersten Ungelesenen springen",
  toNewest: "Zum Neuesten springen",
  past: "Du liest ältere Nachrichten",
  newer: "Neuere Nachrichten werden gelesen",
};
