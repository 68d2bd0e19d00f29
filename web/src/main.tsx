/** Where the page begins: styles, theme, the session of before, and the first view. */

import { render, type JSX } from "preact";
import { Icon } from "./components/icon";
import { phase, start, tryAgain, workspace } from "./state/session";
import { applyTheme } from "./state/theme";
import { watchVersion } from "./state/version";
import { startWorker } from "./state/worker";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/log.css";
import "./styles/files.css";
import "./styles/later.css";
import "./styles/beside.css";
import "./styles/answer.css";
import "./styles/door.css";
import "./styles/dialogs.css";
import "./styles/palette.css";
import { Door } from "./views/door";
import { Inside } from "./views/inside";
import { words } from "./words";
import { language } from "./words/language";

/** As often as a patient person would press the button. */
const TRY_AGAIN_MS = 5_000;

function Page(): JSX.Element {
  const space = workspace.value;
  if (phase.value === "door") return <Door />;
  if (phase.value === "inside" && space !== null) return <Inside space={space} />;
  return (
    <main class="wait">
      <div class="void">
        {phase.value === "unreachable" ? (
          <>
            <Icon name="warn" size="l" />
            <h1 class="b6">{words.start.unreachable}</h1>
            <p>{words.start.unreachableWhy}</p>
            <button class="btn sm" type="button" onClick={() => void start()}>{words.start.again}</button>
          </>
        ) : (
          <p>{words.start.opening}</p>
        )}
      </div>
    </main>
  );
}

document.documentElement.lang = language;
applyTheme(document.documentElement);
const root = document.getElementById("root");
if (root !== null) render(<Page />, root);
void start();
startWorker();
watchVersion();
// A page that found no server looks again by itself, and at once when the network is back.
setInterval(() => void tryAgain(), TRY_AGAIN_MS);
addEventListener("online", () => void tryAgain());
