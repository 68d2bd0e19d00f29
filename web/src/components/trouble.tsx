/** An error where it happened: what the server said, and which fields it was about. */

import type { JSX } from "preact";
import { Problem } from "../wire/problem";
import { Icon } from "./icon";
import { problemText } from "./problem-text";

export function Trouble({ error }: { error: unknown }): JSX.Element | null {
  if (error === null || error === undefined) return null;
  const text = problemText(error);
  // A problem with one field often has its words in the whole already.
  const said = text.toLowerCase();
  const fields = error instanceof Problem ? error.fields.filter((field) => !said.includes(field.message.toLowerCase())) : [];
  return (
    <div class="trouble" role="alert">
      <Icon name="warn" />
      <div>
        <p>{text}</p>
        {fields.map((field) => <p key={field.field}>{field.field}: {field.message}</p>)}
      </div>
    </div>
  );
}
