/** An answer in reading order: finding, chart beside table, SQL, where it comes from, what could follow. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Place } from "../../state/ask/numbers";
import type { Answer } from "../../wire/data/types";
import type { Id, Message } from "../../wire/types";
import { askWords as words } from "../../words/ask";
import { Icon } from "../icon";
import { useSpace } from "../space";
import { Trouble } from "../trouble";
import { Chart, drawable, Figure, isFigure } from "./chart";
import { Provenance } from "./foot";
import { Notice } from "./progress";
import { Say } from "./say";
import { SqlFold } from "./sql";
import { ResultTable } from "./table";
import { Actions } from "./actions";
import { locale } from "../../words/language";

/** The code of an answer that says why there is none: nothing broke. */
const CANNOT_ANSWER = "cannot_answer";

interface CardProps {
  message: Message;
  answer: Answer;
  job: Id | null;
  /** In the place of a note that the others see. */
  isPrivate: boolean;
}

export function AnswerCard({ message, answer, job, isPrivate }: CardProps): JSX.Element {
  const [lit, setLit] = useState<Place | null>(null);
  const [error, setError] = useState<unknown>(null);
  const attempt = (what: Promise<unknown>): void => void what.then(() => setError(null), setError);
  const failed = answer.error_message !== null && answer.error_message !== "";
  const cannot = failed && answer.error_code === CANNOT_ANSWER;
  return (
    <div class="ans" role="group" aria-label={words.answer.label}>
      {isPrivate && <p class="asked"><Icon name="lock" size="s" /> {words.answer.mine}: {answer.query}</p>}
      {failed ? (
        <Notice icon={cannot ? "ask" : "warn"} tone={cannot ? "" : "bad"} old title={cannot ? words.answer.cannotTitle : words.answer.failedTitle}>{answer.error_message}</Notice>
      ) : (
        <Say answer={answer} onLight={setLit} />
      )}
      {!failed && answer.columns.length > 0 && <Result answer={answer} lit={lit} />}
      {answer.sql !== "" && <SqlFold sql={answer.sql} why={answer.reasoning}><Actions answer={answer} job={job} attempt={attempt} /></SqlFold>}
      <Trouble error={error} />
      {!failed && <Provenance answer={answer} />}
      <FollowUps message={message} answer={answer} job={job} again={failed ? (cannot ? "last" : "first") : "none"} attempt={attempt} />
    </div>
  );
}

function Result({ answer, lit }: { answer: Answer; lit: Place | null }): JSX.Element | null {
  const { columns, chart_config: chart } = answer;
  const { rows } = answer.query_result_preview;
  // The words have said so already.
  if (isEmpty(rows)) return answer.content.trim() === "" ? <p class="say finding">{words.answer.noRows}</p> : null;
  const title = chart?.title || answer.query;
  if (isFigure(chart, rows)) return <Figure config={chart} columns={columns} rows={rows} />;
  const picture = drawable(chart, columns, rows);
  return (
    <div class={picture === null ? "" : "pair"}>
      {picture !== null && <Chart config={picture} columns={columns} rows={rows} />}
      <div class="grid-side">
        <div class="cap"><span>{words.answer.result}</span><span class="t3 num">{countOf(answer)}</span></div>
        <ResultTable title={title} columns={columns} rows={rows} lit={lit} />
      </div>
    </div>
  );
}

/** Sums and averages over nothing are one row of nothing. */
function isEmpty(rows: Answer["query_result_preview"]["rows"]): boolean {
  return rows.length === 0 || (rows.length === 1 && rows[0]?.every((value) => value === null) === true);
}

/** `11 rows`, or `100 of 2,431 rows`. */
export function countOf(answer: Pick<Answer, "query_result_preview" | "full_result_row_count" | "truncated">): string {
  const shown = answer.query_result_preview.rows.length;
  const all = Math.max(shown, answer.full_result_row_count);
  const written = all.toLocaleString(locale);
  return shown < all || answer.truncated ? words.answer.rows(shown, written, answer.truncated) : words.answer.allRows(written, all === 1);
}

interface FollowUpsProps {
  message: Message;
  answer: Answer;
  job: Id | null;
  /** A failure may pass; what cannot be answered is better asked in other words. */
  again: "none" | "first" | "last";
  attempt(what: Promise<unknown>): void;
}

/** Each asks at once; where there was no answer the same question can be asked again. */
function FollowUps({ message, answer, job, again, attempt }: FollowUpsProps): JSX.Element | null {
  const space = useSpace();
  const { questions } = space.asking;
  const offered = answer.follow_ups ?? [];
  if (space.api === null || (offered.length === 0 && again === "none")) return null;
  const place = { channel: message.channel_id, thread: message.thread_id };
  const ask = (question: string): void => attempt(questions.ask(place, question, answer.connection_id));
  // An answer mentions who asked: their question is there already and need not be written again.
  const mine = job !== null && message.mentions.includes(space.me);
  // What cannot be answered has ended well: the server retries failures only.
  const repeat = (): void => (mine && again === "first" ? attempt(questions.retry(job, place)) : ask(answer.query));
  return (
    <div class="follow" role="group" aria-label={words.answer.followUps}>
      {again === "first" && <AskAgain onAsk={repeat} />}
      {offered.map((question) => (
        <button key={question} class="btn sm" type="button" title={question} onClick={() => ask(question)}>
          <Icon name="ask" size="s" />
          <span class="cut">{question}</span>
        </button>
      ))}
      {again === "last" && <AskAgain quiet onAsk={repeat} />}
    </div>
  );
}

function AskAgain({ quiet = false, onAsk }: { quiet?: boolean; onAsk(): void }): JSX.Element {
  return <button class={`btn sm ${quiet ? "quiet" : ""}`} type="button" onClick={onAsk}><Icon name="refresh" size="s" />{words.askAgain}</button>;
}
