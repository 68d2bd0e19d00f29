/** An error where it happened: what the server said, and which fields it was about. */

import type { JSX } from "preact";
import { Problem } from "../wire/problem";
import { Icon } from "./icon";
import { problemText } from "./problem-text";

export function Trouble({ error }: { error: unknown }): JSX.Element | null {
  if (error === null || error === undefined) return null;
  const fields = error instanceof Problem ? error.fields : [];
  return (
    <div class="trouble" role="alert">
      <Icon name="warn" />
      <div>
        <p>{problemText(error)}</p>
        {fields.map((field) => <p key={field.field}>{field.field}: {field.message}</p>)}
      </div>
    </div>
  );
}
