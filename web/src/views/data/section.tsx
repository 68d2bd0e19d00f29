/** Everything about data that is no conversation. */

import type { JSX } from "preact";
import type { Section } from "../../state/ask/section";
import "../../styles/data.css";
import { Audit } from "./audit";
import { Connections } from "./connections";
import { NewPrivate } from "./private";
import { Workbench } from "./workbench";

/** Pages for admins are parts of their own. */
type DataSectionName = Exclude<Section, { name: "admin" }>;

interface SectionProps {
  section: DataSectionName;
  /** On a phone: to the list. */
  onBack(): void;
}

export function DataSection({ section, onBack }: SectionProps): JSX.Element {
  switch (section.name) {
    case "connections":
      return <Connections onBack={onBack} />;
    case "workbench":
      return <Workbench key={section.connection} connection={section.connection} onBack={onBack} />;
    case "audit":
      return <Audit onBack={onBack} />;
    case "private":
      return <NewPrivate onBack={onBack} />;
  }
}
