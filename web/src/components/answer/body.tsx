/** The inside of an answer's message: its card, a note that it is private, or why there is neither. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Answer } from "../../wire/data/types";
import type { Id, Message } from "../../wire/types";
import { askWords as words } from "../../words/ask";
import { Icon } from "../icon";
import { useSpace } from "../space";
import { Trouble } from "../trouble";
import { AnswerCard } from "./card";

export function AnswerBody({ message }: { message: Message }): JSX.Element {
  const { answers } = useSpace().asking;
  const held = answers.of(message);
  useEffect(() => answers.need(message), [message.id, held?.kind]);
  if (held === null) return <p class="tx">{message.content}</p>;
  switch (held.kind) {
    case "answer":
      return <AnswerCard message={message} answer={held.answer} job={held.job} isPrivate={isPrivate(message, held.answer)} />;
    case "loading":
      return <div class="ans" aria-busy="true"><p class="asked">{message.content || words.answer.loading}</p></div>;
    case "failed":
      return (
        <div class="ans">
          <p class="asked">{message.content || words.answer.failed}</p>
          <Trouble error={held.error} />
          <div class="fold"><span class="grow" /><button class="btn sm" type="button" onClick={() => void answers.read(held.job)}>{words.answer.again}</button></div>
        </div>
      );
    case "restricted":
    case "refused":
      return <Stub message={message} job={held.job} refused={held.kind === "refused"} />;
  }
}

/** In the conversation stands a note in place of its words: others may not see its data. */
function isPrivate(message: Message, answer: Answer): boolean {
  return message.content !== "" && message.content !== answer.content;
}

function Stub({ message, job, refused }: { message: Message; job: Id; refused: boolean }): JSX.Element {
  const space = useSpace();
  const { answers } = space.asking;
  const mine = message.mentions.includes(space.me);
  return (
    <div class="stub" role="note">
      <Icon name="lock" />
      <span><b class="b6">{words.stub.title}</b> <span class="t2">{refused ? <span role="status">{words.stub.refused}</span> : message.content || words.stub.why}</span></span>
      {!refused && <button class="btn sm" type="button" onClick={() => void answers.read(job)}>{mine ? words.stub.open : words.stub.look}</button>}
    </div>
  );
}
