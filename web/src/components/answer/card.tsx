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
  return (
    <div class="ans" role="group" aria-label={words.answer.label}>
      {isPrivate && <p class="asked"><Icon name="lock" size="s" /> {words.answer.mine}: {answer.query}</p>}
      {failed ? (
        <Notice icon="warn" tone="bad" old title={words.answer.failedTitle}>{answer.error_message}</Notice>
      ) : (
        <Say answer={answer} onLight={setLit} />
      )}
      {!failed && answer.columns.length > 0 && <Result answer={answer} lit={lit} />}
      {answer.sql !== "" && <SqlFold sql={answer.sql} why={answer.reasoning}><Actions answer={answer} job={job} attempt={attempt} /></SqlFold>}
      <Trouble error={error} />
      {!failed && <Provenance answer={answer} />}
      <FollowUps message={message} answer={answer} job={job} failed={failed} attempt={attempt} />
    </div>
  );
}

function Result({ answer, lit }: { answer: Answer; lit: Place | null }): JSX.Element {
  const { columns, chart_config: chart } = answer;
  const { rows } = answer.query_result_preview;
  if (rows.length === 0) return <p class="asked">{words.answer.noRows}</p>;
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

/** `11 rows`, or `100 of 2,431 rows`. */
export function countOf(answer: Pick<Answer, "query_result_preview" | "full_result_row_count" | "truncated">): string {
  const shown = answer.query_result_preview.rows.length;
  const all = Math.max(shown, answer.full_result_row_count);
  const written = all.toLocaleString();
  return shown < all || answer.truncated ? words.answer.rows(shown, written, answer.truncated) : words.answer.allRows(written, all === 1);
}

interface FollowUpsProps {
  message: Message;
  answer: Answer;
  job: Id | null;
  failed: boolean;
  attempt(what: Promise<unknown>): void;
}

/** Each asks at once; after a failure the same question can be asked again. */
function FollowUps({ message, answer, job, failed, attempt }: FollowUpsProps): JSX.Element | null {
  const space = useSpace();
  const { questions } = space.asking;
  const offered = answer.follow_ups ?? [];
  if (space.api === null || (offered.length === 0 && !failed)) return null;
  const place = { channel: message.channel_id, thread: message.thread_id };
  const ask = (question: string): void => attempt(questions.ask(place, question, answer.connection_id));
  // An answer mentions who asked: their question is there already and need not be written again.
  const mine = job !== null && message.mentions.includes(space.me);
  const again = (): void => (mine ? attempt(questions.retry(job, place)) : ask(answer.query));
  return (
    <div class="follow" role="group" aria-label={words.answer.followUps}>
      {failed && <button class="btn sm" type="button" onClick={again}><Icon name="refresh" size="s" />{words.askAgain}</button>}
      {offered.map((question) => (
        <button key={question} class="btn sm" type="button" title={question} onClick={() => ask(question)}>
          <Icon name="ask" size="s" />
          <span class="cut">{question}</span>
        </button>
      ))}
    </div>
  );
}
