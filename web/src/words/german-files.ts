/** Was die Seite über Dateien sagt. */

import type { english } from "./files";
import type { Catalogue } from "./language";

export const germanFiles: Catalogue<typeof english> = {
  attach: "Dateien anhängen",
  attached: "Angehängte Dateien",
  drop: "Loslassen, um die Dateien anzuhängen",
  tooMany: (most) => `Höchstens ${most} Dateien in einer Nachricht.`,
  sending: (name) => `${name} wird hochgeladen`,
  cancel: (name) => `${name} nicht mehr hochladen`,
  remove: (name) => `${name} entfernen`,
  again: "Noch einmal versuchen",
  failed: (reason) => `Nicht hochgeladen: ${reason}`,
  files: "Dateien",
  open: (name) => `${name} öffnen`,
  download: (name) => `${name} herunterladen`,
  save: "Herunterladen",
  gone: "Diese Datei lässt sich gerade nicht zeigen.",
  picture: (name) => `Bild: ${name}`,
};
