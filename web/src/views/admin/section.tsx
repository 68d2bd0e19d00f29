/** The pages of those who run the place: its people, and how the server is doing. */

import type { JSX } from "preact";
import { useSpace } from "../../components/space";
import "../../styles/data.css";
import "../../styles/admin.css";
import { adminWords as words } from "../../words/admin";
import { Health } from "./health";
import { People } from "./people";

export type AdminTab = "people" | "health";

interface SectionProps {
  tab: AdminTab;
  /** On a phone: to the list. */
  onBack(): void;
}

export function AdminSection({ tab, onBack }: SectionProps): JSX.Element {
  return tab === "people" ? <People onBack={onBack} /> : <Health onBack={onBack} />;
}

export function Tabs({ tab }: { tab: AdminTab }): JSX.Element {
  const { section } = useSpace().asking;
  return (
    <div class="seg" role="group" aria-label={words.title}>
      {(["people", "health"] as const).map((name) => (
        <button key={name} type="button" aria-pressed={tab === name} onClick={() => (section.value = { name: "admin", tab: name })}>{words.tabs[name]}</button>
      ))}
    </div>
  );
}
