/** A question on its way: its steps with their times, and what can be done about it meanwhile. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { duration } from "../../state/ask/cells";
import { elapsed, hasEnded, stepsOf, type Progress, type Step } from "../../state/ask/progress";
import { askWords as words } from "../../words/ask";
import { Icon } from "../icon";
import { useSpace } from "../space";
import { Trouble } from "../trouble";
import { useNow } from "../use-now";
import { AssistantRow } from "./row";
import { SqlFold } from "./sql";

export function QuestionRow({ progress }: { progress: Progress }): JSX.Element {
  const { questions } = useSpace().asking;
  const [error, setError] = useState<unknown>(null);
  const attempt = (what: Promise<unknown>): void => void what.then(() => setError(null), setError);
  const running = !hasEnded(progress.state);
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || !progress.mine || !running) return;
    event.preventDefault();
    attempt(questions.cancel(progress.job));
  };
  return (
    <AssistantRow at={new Date(progress.startedAt).toISOString()} onKeyDown={key}>
      <div class="ans" role="group" aria-label={words.progress} aria-busy={running}>
        {progress.question !== null && <p class="asked cut">{progress.question}</p>}
        {running ? <Running progress={progress} /> : <Ended progress={progress} />}
        {progress.sql !== null && <SqlFold sql={progress.sql} />}
        <Trouble error={error} />
        <Foot progress={progress} attempt={attempt} />
      </div>
    </AssistantRow>
  );
}

function Running({ progress }: { progress: Progress }): JSX.Element {
  const now = useNow(true);
  const steps = stepsOf(progress, now);
  const current = steps.find((step) => step.status === "now");
  const waiting = progress.state === "awaiting_approval";
  return (
    <>
      <ol class="steps" aria-label={words.steps}>
        {steps.map((step) => <StepRow key={step.name} step={step} waiting={waiting} retrying={progress.state === "retrying"} />)}
      </ol>
      <span class="sr" role="status">{current === undefined || waiting ? "" : words.step(current.name, "now")}</span>
      {waiting && (
        <Notice icon="clock" tone="warn" title={words.approval.title}>{progress.detail ?? ""} {progress.mine ? words.approval.whyMine : words.approval.why}</Notice>
      )}
    </>
  );
}

function StepRow({ step, waiting, retrying }: { step: Step; waiting: boolean; retrying: boolean }): JSX.Element {
  const paused = waiting && step.status === "now";
  const detail = step.detail ?? (retrying && step.status === "now" ? words.secondTry : "");
  return (
    <li class={step.status} aria-current={step.status === "now" ? "step" : undefined}>
      {step.status === "done" ? <Icon name="check" /> : paused ? <Icon name="clock" /> : step.status === "now" ? <span class="spin" /> : step.status === "stopped" ? <Icon name="stop" /> : <span class="ring" />}
      <span class="cut">{paused ? words.approval.step : words.step(step.name, step.status)}</span>
      <span class="w cut" title={detail}>{detail}</span>
      <span class="t">{step.ms === null ? "" : duration(step.ms)}</span>
    </li>
  );
}

function Ended({ progress }: { progress: Progress }): JSX.Element {
  const ended = words.ended[progress.state === "rejected" || progress.state === "cancelled" ? progress.state : "failed"];
  return (
    <Notice icon={progress.state === "failed" ? "warn" : "stop"} tone={progress.state === "cancelled" ? "" : "bad"} title={ended.title}>
      {progress.detail ?? ended.why}
    </Notice>
  );
}

interface NoticeProps {
  icon: "warn" | "stop" | "clock" | "ask";
  tone: "" | "bad" | "warn";
  title: string;
  /** Of an answer in the history, which must not be read out as news. */
  old?: boolean;
  children: ComponentChildren;
}

/** One thing to know, inside an answer's frame. */
export function Notice({ icon, tone, title, old = false, children }: NoticeProps): JSX.Element {
  return (
    <div class={`notice ${tone}`} role={old ? undefined : "status"}>
      <Icon name={icon} />
      <div><b class="b6">{title}</b><p class="t2">{children}</p></div>
    </div>
  );
}

function Foot({ progress, attempt }: { progress: Progress; attempt(what: Promise<unknown>): void }): JSX.Element {
  const { questions } = useSpace().asking;
  const running = !hasEnded(progress.state);
  const now = useNow(running);
  const { job, question } = progress;
  const again = (): void => {
    if (question === null) return;
    attempt(questions.ask(progress, question, progress.connection).then(() => questions.dismiss(job)));
  };
  return (
    <div class="fold">
      <span class="grow cut">{running && progress.mine ? words.byYou : ""} <span class="num">{duration(elapsed(progress, now))}</span></span>
      {running && progress.mine && progress.state === "awaiting_approval" && <button class="btn sm pri" type="button" onClick={() => attempt(questions.approve(job))}>{words.approval.run}</button>}
      {running && progress.mine && <button class="btn sm danger" type="button" onClick={() => attempt(questions.cancel(job))}>{words.cancel} <kbd>Esc</kbd></button>}
      {!running && progress.mine && question !== null && <button class="btn sm" type="button" onClick={again}>{words.askAgain}</button>}
      {!running && <button class="btn sm quiet" type="button" onClick={() => questions.dismiss(job)}>{words.dismiss}</button>}
    </div>
  );
}
