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
  erase: {
    button: "Löschen …",
    of: (name: string) => `${name} löschen`,
    sure: (name: string) => `${name} löschen? Konto, E-Mail, Namen, Entwürfe und alles, was nur sie lesen konnten, sind dann endgültig weg. Was sie anderen geschrieben haben, bleibt ohne Namen stehen. Das lässt sich nicht rückgängig machen.`,
    all: "Auch ihre Nachrichten und Dateien löschen",
    type: (username: string) => `Zur Bestätigung ${username} eingeben`,
    yes: "Endgültig löschen",
    done: (name: string) => `${name} ist gelöscht. Was geschrieben wurde, folgt in Kürze.`,
    erased: "Gelöscht",
  },
  own: {
    title: "Deine Daten",
    why: "Alles, was über dich aufbewahrt wird, als Archiv: dein Profil, was du geschrieben und angehängt hast, wo du angemeldet warst.",
    ask: "Archiv anfordern",
    save: "Speichern",
    until: (at: string) => `bis ${at}`,
    states: { pending: "Wird zusammengestellt" },
    failed: (why: string) => `Konnte nicht zusammengestellt werden${why === "" ? "" : ` (${why})`}. Fordere ein neues an; wenn auch das scheitert, sag einem Admin Bescheid.`,
    gone: "Dieses Archiv gibt es nicht mehr. Fordere ein neues an.",
  },
};
