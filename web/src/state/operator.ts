/**
 * What the operator page knows: a node's own figures, read from its text of metrics, what they say
 * together, and what to do first. Values only; the page asks and draws.
 */

/** One line of the metrics: a name, its labels, a number. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** `/ready`: each thing that the server needs, and what is wrong with it. */
export interface Readiness {
  status: "ready" | "degraded" | "not_ready";
  checks: Readonly<Record<string, { ok: boolean; detail: string }>>;
}

export interface Figures {
  connections: number;
  messagesPerSecond: number;
  append: Quantiles;
  delivery: Quantiles;
  waiting: number;
  queues: readonly { name: string; depth: number }[];
  restarts: readonly { actor: string; count: number }[];
  closes: readonly { code: string; count: number }[];
  unanswered: number;
}

/** Seconds; null where nothing was measured yet. */
export interface Quantiles {
  median: number | null;
  p99: number | null;
}

export type Finding =
  | { kind: "down"; what: string; detail: string; vital: boolean }
  | { kind: "slowAppend"; p99: number }
  | { kind: "slowDelivery"; p99: number }
  | { kind: "restarts"; actor: string; count: number }
  | { kind: "slowReaders"; count: number }
  | { kind: "waiting"; count: number };

/** Slower than this at the 99th percentile people notice. */
const APPEND_P99_MAX_S = 0.1;
const DELIVERY_P99_MAX_S = 0.25;
/** More questions than this in the queue wait for minutes. */
const WAITING_MAX = 10;
const CLOSED_TOO_SLOW = "4008";

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

export function samplesIn(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const match = line.startsWith("#") ? null : LINE.exec(line);
    if (match === null) return [];
    const labels = Object.fromEntries([...(match[2] ?? "").matchAll(LABEL)].map(([, name = "", value = ""]) => [name, value]));
    const value = Number(match[3]);
    return Number.isNaN(value) ? [] : [{ name: match[1] ?? "", labels, value }];
  });
}

/** `since`: the figures of an earlier moment, so that quantiles and counts are about the time between. */
export function figuresOf(samples: readonly Sample[], since: readonly Sample[] = []): Figures {
  const one = (name: string): number => samples.find((sample) => sample.name === name)?.value ?? 0;
  const grown = (name: string, label: string): [string, number][] =>
    samples.filter((sample) => sample.name === name).map((sample) => [sample.labels[label] ?? "", sample.value - before(since, sample)]);
  const queues = samples.filter((sample) => sample.name === "starling_queue_depth").map((sample) => ({ name: sample.labels["queue"] ?? "", depth: sample.value }));
  return {
    connections: one("starling_websocket_connections_active"),
    messagesPerSecond: one("starling_messages_per_second"),
    append: quantiles(samples, since, "starling_append_seconds"),
    delivery: quantiles(samples, since, "starling_delivery_seconds"),
    waiting: queues.find((queue) => queue.name === "query_jobs")?.depth ?? 0,
    queues: queues.sort((a, b) => b.depth - a.depth || a.name.localeCompare(b.name)),
    restarts: grown("starling_actor_restarts_total", "actor").map(([actor, count]) => ({ actor, count })),
    closes: grown("starling_ws_closes_total", "code").map(([code, count]) => ({ code, count })).sort((a, b) => a.code.localeCompare(b.code)),
    unanswered: one("starling_cannot_answer_total"),
  };
}

function before(since: readonly Sample[], sample: Sample): number {
  const held = since.find((other) => other.name === sample.name && sameLabels(other.labels, sample.labels))?.value ?? 0;
  // A restarted server counts from nothing again.
  return held > sample.value ? 0 : held;
}

function sameLabels(a: Sample["labels"], b: Sample["labels"]): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);
}

function quantiles(samples: readonly Sample[], since: readonly Sample[], name: string): Quantiles {
  const buckets = samples
    .filter((sample) => sample.name === `${name}_bucket`)
    .map((sample) => ({ upTo: sample.labels["le"] === "+Inf" ? Infinity : Number(sample.labels["le"]), count: sample.value - before(since, sample) }))
    .sort((a, b) => a.upTo - b.upTo);
  return { median: quantile(buckets, 0.5), p99: quantile(buckets, 0.99) };
}

/** Within its bucket the value is taken to lie as far as its rank does. */
function quantile(buckets: readonly { upTo: number; count: number }[], share: number): number | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (total <= 0) return null;
  const rank = total * share;
  let [from, under] = [0, 0];
  for (const { upTo, count } of buckets) {
    if (count >= rank) return upTo === Infinity ? from : from + ((upTo - from) * (rank - under)) / Math.max(count - under, 1);
    [from, under] = [upTo, count];
  }
  return from;
}

/** What is wrong, the worst first. */
export function findingsOf(ready: Readiness | null, figures: Figures | null): Finding[] {
  const found: Finding[] = Object.entries(ready?.checks ?? {})
    .filter(([, check]) => !check.ok)
    .map(([what, check]) => ({ kind: "down", what, detail: check.detail, vital: ready?.status === "not_ready" }));
  if (figures === null) return found;
  if ((figures.append.p99 ?? 0) > APPEND_P99_MAX_S) found.push({ kind: "slowAppend", p99: figures.append.p99 ?? 0 });
  if ((figures.delivery.p99 ?? 0) > DELIVERY_P99_MAX_S) found.push({ kind: "slowDelivery", p99: figures.delivery.p99 ?? 0 });
  for (const { actor, count } of figures.restarts) if (count > 0) found.push({ kind: "restarts", actor, count });
  const slow = figures.closes.find(({ code }) => code === CLOSED_TOO_SLOW)?.count ?? 0;
  if (slow > 0) found.push({ kind: "slowReaders", count: slow });
  if (figures.waiting > WAITING_MAX) found.push({ kind: "waiting", count: figures.waiting });
  return found;
}

/** A line through values in a box, as the points of a polyline; null for fewer than two. */
export function sparkline(values: readonly number[], width: number, height: number): string | null {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = width / (values.length - 1);
  return values.map((value, index) => `${(index * step).toFixed(1)},${(high === low ? height / 2 : height - ((value - low) / (high - low)) * height).toFixed(1)}`).join(" ");
}
