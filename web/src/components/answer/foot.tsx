/** Where an answer comes from: what was checked, which data, how long, how old, by whom. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { duration, shortNumber } from "../../state/ask/cells";
import { marksIn, uncheckedCount } from "../../state/ask/numbers";
import { displayName } from "../../state/people";
import type { Answer } from "../../wire/data/types";
import { askWords } from "../../words/ask";
import { Icon } from "../icon";
import { useSpace } from "../space";
import { locale } from "../../words/language";

const words = askWords.answer;

export function Provenance({ answer }: { answer: Answer }): JSX.Element | null {
  const { asking } = useSpace();
  // Once per page: answers say where their data comes from by the name that people gave it.
  useEffect(() => void (answer.connection_id !== null && asking.readConnections().catch(() => undefined)), []);
  const unchecked = uncheckedCount(answer);
  const traced = marksIn(answer.content, answer).filter((mark) => mark.place !== null).length;
  const connection = asking.connection(answer.connection_id)?.name;
  const all = Math.max(answer.query_result_preview.rows.length, answer.full_result_row_count);
  const tokens = answer.token_usage.input_tokens + answer.token_usage.output_tokens;
  const ran = answer.sql !== "";
  // Words that no data and no model stand behind need no proof.
  if (!ran && tokens === 0) return null;
  return (
    <footer class="prov">
      {unchecked > 0 && <span class="warn"><Icon name="warn" size="s" />{words.unchecked(unchecked)}</span>}
      {unchecked === 0 && traced > 0 && <span class="ok"><Icon name="check" size="s" />{words.traced(traced)}</span>}
      {answer.verified_by && <span class="ok"><Icon name="shield" size="s" />{words.verifiedBy(displayName(answer.verified_by))}</span>}
      {connection !== undefined && <span>{connection}</span>}
      {ran && <span class="num">{words.ranIn(words.allRows(all.toLocaleString(locale), all === 1), duration(answer.execution_time_ms))}</span>}
      {answer.cached && answer.cached_at && <span>{words.cached(age(answer.cached_at))}</span>}
      {tokens > 0 && <span class="num">{words.tokens(shortNumber(tokens))}</span>}
      <span>{answer.model}</span>
    </footer>
  );
}

/** How old the rows were when the answer is looked at. */
function age(at: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}
