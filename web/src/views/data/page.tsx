/** The frame of a page that is no conversation: its bar, its body, the way back on a phone. */

import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon, type IconName } from "../../components/icon";
import { useKeptFocus } from "../../components/kept-focus";
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
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main);
  return (
    <main class="pane" ref={main}>
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
