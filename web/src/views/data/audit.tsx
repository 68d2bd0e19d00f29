/** Everything that was asked and changed, for admins: newest first, a page at a time. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { withoutEndedStarts } from "../../state/ask/audit";
import { displayName } from "../../state/people";
import type { AuditItem, AuditPage } from "../../wire/data/types";
import { dataWords } from "../../words/data";
import { Dead } from "./dead";
import { DataPage } from "./page";
import { locale } from "../../words/language";

const words = dataWords.audit;
const PAGE_ITEMS = 50;
const TYPING_PAUSE_MS = 300;
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });

export function Audit({ onBack }: { onBack(): void }): JSX.Element {
  const space = useSpace();
  const [page, setPage] = useState<AuditPage | null>(null);
  const [offset, setOffset] = useState(0);
  const [action, setAction] = useState("");
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void space.api?.users("").then((users) => space.people.meet(users), () => undefined), []);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      space.asking.data?.audit({ offset, limit: PAGE_ITEMS, action: action.trim() }).then(
        (found) => {
          if (!current) return;
          setPage(found);
          setError(null);
        },
        (failure) => current && setError(failure),
      );
    }, action === "" ? 0 : TYPING_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [offset, action]);
  const filter = (value: string): void => {
    setAction(value);
    setOffset(0);
  };
  return (
    <DataPage icon="shield" title={words.title} onBack={onBack}>
      <Dead />
      <p class="t2">{words.why}</p>
      <div class="field narrow"><label for="audit-action">{words.action}</label><input class="in" id="audit-action" value={action} placeholder={words.actionHint} onInput={(event) => filter(event.currentTarget.value)} /></div>
      <Trouble error={error} />
      {page !== null && page.items.length === 0 && <p class="t3">{words.none}</p>}
      {page !== null && page.items.length > 0 && (
        <>
          <div class="wide-table" tabIndex={0} role="region" aria-label={words.title}>
            <table class="dt">
              <thead><tr>{[words.when, words.who, words.what, words.on, words.details, words.from].map((head) => <th key={head} scope="col"><span>{head}</span></th>)}</tr></thead>
              <tbody>{withoutEndedStarts(page.items).map((item) => <Row key={item.id} item={item} />)}</tbody>
            </table>
          </div>
          <div class="acts">
            <span class="grow t3 num">{words.page(offset + 1, offset + page.items.length, page.total.toLocaleString(locale))}</span>
            <button class="btn sm" type="button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE_ITEMS))}>{words.newer}</button>
            <button class="btn sm" type="button" disabled={offset + page.items.length >= page.total} onClick={() => setOffset(offset + PAGE_ITEMS)}>{words.older}</button>
          </div>
        </>
      )}
    </DataPage>
  );
}

function Row({ item }: { item: AuditItem }): JSX.Element {
  const space = useSpace();
  const user = space.people.get(item.user_id);
  const details = detailsOf(item.details);
  return (
    <tr>
      <td><time dateTime={item.created_at}>{moment.format(new Date(item.created_at))}</time></td>
      <td>{item.user_id === null ? words.server : user === undefined ? item.user_id.slice(0, 8) : displayName(user)}</td>
      <td><code>{item.action}</code></td>
      <td title={item.resource_id ?? ""}>{item.resource_type}</td>
      <td title={details}>{details}</td>
      <td>{item.ip_address}</td>
    </tr>
  );
}

function detailsOf(details: unknown): string {
  if (details === null || details === undefined) return "";
  if (typeof details !== "object") return String(details);
  return Object.entries(details).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ");
}
