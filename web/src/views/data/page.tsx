/** The frame of a page that is no conversation: its bar, its body, the way back on a phone. */

import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "../../components/icon";
import { OfflineStrip } from "../../components/offline";
import { words } from "../../words";

interface PageProps {
  icon: IconName;
  title: string;
  /** Beside the title. */
  beside?: ComponentChildren;
  /** At the end of the bar. */
  actions?: ComponentChildren;
  /** Fills the pane by itself instead of scrolling as one. */
  whole?: boolean;
  onBack(): void;
  children: ComponentChildren;
}

export function DataPage({ icon, title, beside, actions, whole = false, onBack, children }: PageProps): JSX.Element {
  return (
    <main class="pane">
      <header class="bar">
        <button class="ib back" type="button" aria-label={words.side.back} onClick={onBack}><Icon name="left" size="l" /></button>
        <h1><Icon name={icon} /><span class="cut">{title}</span></h1>
        <span class="grow cut beside">{beside}</span>
        {actions}
      </header>
      <OfflineStrip />
      {whole ? children : <div class="page" id="page" tabIndex={-1}><div class="page-in">{children}</div></div>}
    </main>
  );
}
