/** What SQL of a person gave: a table, and a chart where the rows lend themselves to one. */

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Chart } from "../../components/answer/chart";
import { ResultTable } from "../../components/answer/table";
import { momentName } from "../../components/moments";
import { duration } from "../../state/ask/cells";
import { guessChart } from "../../state/ask/guess";
import type { Executed } from "../../wire/data/types";
import { askWords } from "../../words/ask";
import { dataWords } from "../../words/data";
import { locale } from "../../words/language";

const words = dataWords.editor;
/** Rows in the document: enough to look through, few enough to scroll on a phone. */
const ROWS_SHOWN = 500;

export function ExecutedView({ result }: { result: Executed }): JSX.Element {
  const [asChart, setAsChart] = useState(false);
  const chart = useMemo(() => guessChart(result.columns, result.rows, words.chartOf), [result]);
  const rows = result.rows.length > ROWS_SHOWN ? result.rows.slice(0, ROWS_SHOWN) : result.rows;
  const count = result.row_count.toLocaleString(locale);
  const facts = [
    askWords.answer.ranIn(askWords.answer.allRows(count, result.row_count === 1), duration(result.execution_time_ms)),
    result.truncated ? words.truncated(count) : "",
    rows.length < result.rows.length ? words.more(rows.length.toLocaleString(locale)) : "",
    result.cached && result.cached_at ? words.cached(momentName(result.cached_at)) : "",
  ];
  return (
    <div class="executed">
      <div class="cap">
        <span class="num" role="status">{facts.filter((fact) => fact !== "").join(" · ")}</span>
        {chart !== null && (
          <div class="seg">
            <button type="button" aria-pressed={!asChart} onClick={() => setAsChart(false)}>{words.table}</button>
            <button type="button" aria-pressed={asChart} onClick={() => setAsChart(true)}>{words.chart}</button>
          </div>
        )}
      </div>
      {rows.length === 0 ? (
        <p class="t3 none">{askWords.answer.noRows}</p>
      ) : asChart && chart !== null ? (
        <Chart config={chart} columns={result.columns} rows={rows} />
      ) : (
        <ResultTable title={askWords.answer.result} columns={result.columns} rows={rows} raw />
      )}
    </div>
  );
}
