/** Questions that were given up, for admins: who asked what, why there is no answer, and one more try. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { momentName } from "../../components/moments";
import { useSpace } from "../../components/space";
import { Trouble } from "../../components/trouble";
import { displayName } from "../../state/people";
import type { Job } from "../../wire/data/types";
import { dataWords } from "../../words/data";

const words = dataWords.dead;
/** The newest: older ones are in the audit list too. */
const SHOWN = 10;

export function Dead(): JSX.Element | null {
  const space = useSpace();
  const { data } = space.asking;
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const [said, setSaid] = useState("");
  const [error, setError] = useState<unknown>(null);
  const read = async (): Promise<void> => setJobs(((await data?.dead()) ?? []).slice(0, SHOWN));
  useEffect(() => void read().catch(setError), []);
  const retry = (job: Job): void => {
    setSaid("");
    data?.retry(job.id).then(() => setSaid(words.retried)).then(read).then(() => setError(null), setError);
  };
  if (jobs.length === 0 && error === null) return null;
  return (
    <section class="card" aria-label={words.title}>
      <h2 class="b6">{words.title}</h2>
      <p class="hint">{words.why}</p>
      <Trouble error={error} />
      <p class="said" role="status">{said}</p>
      <ul class="dead">
        {jobs.map((job) => (
          <li key={job.id}>
            <div class="grow">
              <p class="b5">{job.question}</p>
              <p class="hint">{displayName(space.people.get(job.asked_by))}, {momentName(job.created_at)}. {job.error}</p>
            </div>
            <button class="btn sm" type="button" aria-label={words.retryOf(job.question)} onClick={() => retry(job)}>{words.retry}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
