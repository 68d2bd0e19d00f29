/** What can be done with an answer: change its SQL, say that it is right. */

import type { JSX } from "preact";
import { layOut } from "../../state/ask/sql";
import type { Answer } from "../../wire/data/types";
import type { Id } from "../../wire/types";
import { askWords } from "../../words/ask";
import { Icon } from "../icon";
import { useSpace } from "../space";

const words = askWords.answer;

interface ActionsProps {
  answer: Answer;
  job: Id | null;
  attempt(what: Promise<unknown>): void;
}

export function Actions({ answer, job, attempt }: ActionsProps): JSX.Element {
  const { asking } = useSpace();
  const verified = Boolean(answer.verified_by);
  const { connection_id: connection, sql } = answer;
  const edit = (): void => {
    if (connection === null) return;
    asking.draft.value = { connection, sql: layOut(sql) };
    asking.section.value = { name: "workbench", connection };
  };
  return (
    <>
      {connection !== null && <button class="btn sm quiet" type="button" onClick={edit}><Icon name="edit" size="s" />{words.edit}</button>}
      {asking.mayManage && job !== null && !answer.error_message && answer.columns.length > 0 && (
        <button class={`btn sm quiet ${verified ? "is-good" : ""}`} type="button" aria-pressed={verified} title={words.verifyHint} onClick={() => attempt(asking.answers.verify(job, !verified))}>
          <Icon name="check" size="s" />
          {verified ? words.verified : words.verify}
        </button>
      )}
    </>
  );
}
