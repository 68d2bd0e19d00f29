/** Why SQL gave no rows: rule, reason, remedy, and the way to the place. */

import type { JSX } from "preact";
import { Icon } from "../../components/icon";
import { problemText } from "../../components/problem-text";
import type { Verdict } from "../../state/ask/verdict";
import { dataWords } from "../../words/data";

const words = dataWords.editor;

interface VerdictProps {
  id: string;
  verdict: Verdict;
  onGo(): void;
  onApprove(): void;
}

export function VerdictNotice({ id, verdict, onGo, onApprove }: VerdictProps): JSX.Element {
  const { kind, line, column } = verdict;
  if (kind === "costly") {
    return (
      <div class="guard costly" id={id} role="alert">
        <header><Icon name="clock" /><h2>{words.costly}</h2></header>
        <p class="inner">{problemText(verdict.message)}</p>
        <div class="acts"><button class="btn sm pri" type="button" onClick={onApprove}>{words.runAnyway}</button></div>
      </div>
    );
  }
  const title = kind === "rejected" ? words.refused(verdict.message) : kind === "timeout" ? words.timeout : kind === "failed" ? words.failed : words.notRun;
  return (
    <div class="guard" id={id} role="alert">
      <header>
        <Icon name={kind === "rejected" ? "stop" : "warn"} />
        <h2>{title}</h2>
        {line !== null && <span class="t3 num">{words.place(line, column ?? 1)}</span>}
      </header>
      <dl>
        {verdict.rule !== null && <><dt>{words.rule}</dt><dd><code>{verdict.rule}</code></dd></>}
        {kind !== "rejected" && <><dt>{words.why}</dt><dd>{problemText(verdict.message)}</dd></>}
        {kind !== "other" && <><dt>{words.whatNow}</dt><dd>{words.remedy[kind]}</dd></>}
      </dl>
      {line !== null && <div class="acts"><button class="btn sm" type="button" onClick={onGo}>{words.goTo(line)} <kbd>F8</kbd></button></div>}
    </div>
  );
}
