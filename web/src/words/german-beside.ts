/** Was neben Nachrichten und Personen steht: Angeheftetes, eigene Worte, Gruppen, Vorschauen. */

import type { Catalogue } from "./language";
import type { english } from "./beside";

export const germanBeside: Catalogue<typeof english> = {
  pin: "An den Kanal heften",
  unpin: "Ablösen",
  pins: "Angeheftete Nachrichten",
  noPins: "Hier ist nichts angeheftet.",
  pinnedBy: (name: string) => `Angeheftet von ${name}`,
  pinNotice: "hat eine Nachricht angeheftet.",
  showPinned: "Zeigen",
  status: {
    label: "Was du gerade machst",
    emoji: "Emoji",
    text: "In wenigen Worten",
    until: "Bis",
    save: "Sagen",
    clear: "Nichts sagen",
    said: "Gesagt",
    often: "Oft gesagt",
    presets: { meeting: "In einer Besprechung", focus: "Konzentriert", home: "Arbeitet von zu Hause", ill: "Krank", holiday: "Im Urlaub" },
    times: { always: "ich es ändere", hour: "in einer Stunde", four: "in 4 Stunden", today: "Ende des Tages", week: "in einer Woche" },
    line: (emoji: string, text: string) => `${emoji} ${text}`.trim(),
    untilWhen: (when: string) => `bis ${when}`,
  },
  groups: {
    title: "Gruppen",
    hint: "Eine Gruppe hat einen Namen: @name erreicht ihre Leute, die im Kanal sind.",
    none: "Noch keine Gruppen.",
    handle: "Kurzname",
    name: "Name",
    make: "Gruppe anlegen",
    members: (count: number) => `${count} ${count === 1 ? "Person" : "Personen"}`,
    add: "Leute hinzufügen",
    remove: (name: string) => `${name} entfernen`,
    removeGroup: (handle: string) => `Die Gruppe @${handle} löschen`,
    removeShort: "Löschen",
  },
  links: {
    remove: (site: string) => `Die Vorschau von ${site} entfernen`,
    orgSwitch: "Vorschauen von Links zeigen",
    orgHint: "Der Server liest die Seiten, auf die Nachrichten verweisen.",
  },
};
