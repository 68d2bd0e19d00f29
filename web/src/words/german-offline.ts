/** Was gesagt wird, während der Server weg ist, und danach. */

import type { Catalogue } from "./language";
import type { english } from "./offline";

export const germanOffline: Catalogue<typeof english> = {
  asOf: (at: string) => `Dies ist der Stand: ${at}.`,
  newer: "Es gibt eine neue Version von Starling. Was du geschrieben hast, bleibt.",
  load: "Laden",
};
