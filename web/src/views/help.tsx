/** What the keyboard does. */

import type { JSX } from "preact";
import { Frame } from "../components/dialog";
import { words } from "../words";

export function Help({ onClose }: { onClose(): void }): JSX.Element {
  return (
    <Frame title={words.help.title} onClose={onClose}>
      <dl class="body keys-list" tabIndex={0}>
        {words.help.rows.map(([keys, what]) => <div key={keys}><dt><kbd>{keys}</kbd></dt><dd>{what}</dd></div>)}
      </dl>
    </Frame>
  );
}
