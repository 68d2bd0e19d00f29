/** How the server is doing: what is wrong and what to do first, then the figures. */

import type { JSX } from "preact";
import { Icon } from "../../components/icon";
import { momentName } from "../../components/moments";
import { duration } from "../../state/ask/cells";
import { findingsOf, sparkline, type Figures, type Finding, type Readiness } from "../../state/operator";
import { adminWords } from "../../words/admin";
import { locale } from "../../words/language";
import { DataPage } from "../data/page";
import { Tabs } from "./section";
import { useHealth, type History } from "./use-health";

const words = adminWords.health;
const SPARK = { width: 120, height: 26 };
/** What a client does after each close code, as the protocol says. */
const BACK: Readonly<Record<string, keyof typeof words.back>> = { "1001": "yes", "1012": "yes", "4001": "token", "4008": "yes", "4029": "later" };

const count = (value: number): string => Math.round(value).toLocaleString(locale);

export function Health({ onBack }: { onBack(): void }): JSX.Element {
  const health = useHealth();
  const findings = findingsOf(health.ready, health.figures);
  const known = health.ready !== null || health.figures !== null;
  const chip = !known ? null : findings.length === 0 ? <span class="chip good"><Icon name="check" size="s" />{words.healthy}</span> : <span class="chip warn"><Icon name="warn" size="s" />{words.needs(findings.length)}</span>;
  return (
    <DataPage icon="shield" title={words.title} beside={chip} actions={<Tabs tab="health" />} onBack={onBack}>
      {health.failed && !known ? (
        <div class="void"><Icon name="warn" size="l" /><p class="b6">{words.unread}</p><p>{words.unreadWhy}</p></div>
      ) : (
        <>
          <Wrong findings={findings} ready={health.ready} />
          {health.figures !== null && <Stats figures={health.figures} history={health.history} />}
          <p class="hint">{words.thisNode}{health.at !== null && `, ${words.read(momentName(health.at))}`}.</p>
          {health.figures !== null && <Tables figures={health.figures} />}
        </>
      )}
    </DataPage>
  );
}

function Wrong({ findings, ready }: { findings: readonly Finding[]; ready: Readiness | null }): JSX.Element {
  return (
    <section class="wid" aria-label={words.wrong}>
      <header><h2 class="grow">{words.wrong}</h2></header>
      <ul class="todo-list">
        {findings.map((finding) => {
          const [title, why] = sentences(finding);
          return <li key={title}><span class={finding.kind === "down" && finding.vital ? "is-bad" : "is-warn"}><Icon name="warn" /></span><div><h3>{title}</h3><p class="t2">{why}</p></div></li>;
        })}
        {findings.length === 0 && ready !== null && (
          <li><span class="is-good"><Icon name="check" /></span><div><h3>{words.nothing}</h3><p class="t2">{words.nothingWhy(Object.keys(ready.checks).join(", "))}</p></div></li>
        )}
      </ul>
    </section>
  );
}

function sentences(finding: Finding): [string, string] {
  const say = words.findings;
  switch (finding.kind) {
    case "down":
      return [say.down(finding.what), finding.vital ? say.downVital(finding.detail) : say.downRest(finding.detail)];
    case "slowAppend":
      return [say.slowAppend(time(finding.p99)), say.slowAppendWhy];
    case "slowDelivery":
      return [say.slowDelivery(time(finding.p99)), say.slowDeliveryWhy];
    case "restarts":
      return [say.restarts(finding.actor, count(finding.count)), say.restartsWhy];
    case "slowReaders":
      return [say.slowReaders(count(finding.count)), say.slowReadersWhy];
    case "waiting":
      return [say.waiting(count(finding.count)), say.waitingWhy];
  }
}

/** `0.9 ms`, `41 ms`, `1.20 s`. */
function time(seconds: number): string {
  const ms = seconds * 1_000;
  return ms < 1_000 ? `${ms.toLocaleString(locale, { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms` : duration(ms);
}

function Stats({ figures, history }: { figures: Figures; history: History }): JSX.Element {
  const quantile = (seconds: number | null): string => (seconds === null ? "–" : time(seconds));
  const median = (seconds: number | null): string => (seconds === null ? words.noneYet : words.median(time(seconds)));
  return (
    <section class="stat" aria-label={words.now}>
      <Stat name={words.connections} value={count(figures.connections)} beside={words.most(count(Math.max(...history.connections, 0)))} values={history.connections} />
      <Stat name={words.perSecond} value={count(figures.messagesPerSecond)} beside={words.most(count(Math.max(...history.messages, 0)))} values={history.messages} />
      <Stat name={words.delivery} value={quantile(figures.delivery.p99)} beside={median(figures.delivery.median)} values={history.delivery} />
      <Stat name={words.append} value={quantile(figures.append.p99)} beside={median(figures.append.median)} values={history.append} />
      <Stat name={words.waiting} value={count(figures.waiting)} beside={words.unanswered(count(figures.unanswered))} values={history.waiting} />
    </section>
  );
}

function Stat({ name, value, beside, values }: { name: string; value: string; beside: string; values: readonly number[] }): JSX.Element {
  const points = sparkline(values, SPARK.width, SPARK.height);
  return (
    <div>
      <small>{name}</small>
      <b>{value}</b>
      <small>{beside}</small>
      <svg class="spark" viewBox={`-1 -1 ${SPARK.width + 2} ${SPARK.height + 2}`} preserveAspectRatio="none" aria-hidden="true">{points !== null && <><polygon points={`0,${SPARK.height} ${points} ${SPARK.width},${SPARK.height}`} /><polyline points={points} /></>}</svg>
    </div>
  );
}

function Tables({ figures }: { figures: Figures }): JSX.Element {
  const closes = figures.closes.filter((close) => close.count > 0);
  const total = closes.reduce((sum, close) => sum + close.count, 0);
  return (
    <>
      <section class="wid" aria-label={words.queues}>
        <header><h2 class="grow">{words.queues}</h2></header>
        <div class="wide-table" tabIndex={0} role="region" aria-label={words.queues}>
          <table class="dt num">
            <thead><tr><th scope="col"><span>{words.queue}</span></th><th scope="col" class="n"><span>{words.depth}</span></th></tr></thead>
            <tbody>{figures.queues.map((queue) => <tr key={queue.name}><td>{words.queueNames[queue.name] ?? queue.name}</td><td class="n">{count(queue.depth)}</td></tr>)}</tbody>
          </table>
        </div>
      </section>
      <section class="wid" aria-label={words.closes}>
        <header><h2 class="grow">{words.closes}</h2><span class="t3">{words.closesIn(count(total))}</span></header>
        {closes.length > 0 && (
          <div class="wide-table" tabIndex={0} role="region" aria-label={words.closes}>
            <table class="dt num">
              <thead><tr><th scope="col"><span>{words.code}</span></th><th scope="col"><span>{words.meaning}</span></th><th scope="col" class="n"><span>{words.count}</span></th><th scope="col"><span>{words.comesBack}</span></th></tr></thead>
              <tbody>{closes.map((close) => <tr key={close.code}><td>{close.code}</td><td>{words.codes[close.code] ?? ""}</td><td class="n">{count(close.count)}</td><td>{words.back[BACK[close.code] ?? "no"]}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}
