/** The figures of the node that answers, read every few seconds while the page is in sight. */

import { useEffect, useRef, useState } from "preact/hooks";
import { figuresOf, samplesIn, type Figures, type Readiness, type Sample } from "../../state/operator";
import { metricsText, readiness } from "../../wire/health";

const EVERY_MS = 5_000;
/** Ten minutes of points. */
const POINTS_MAX = 120;

export interface History {
  connections: readonly number[];
  messages: readonly number[];
  delivery: readonly number[];
  append: readonly number[];
  waiting: readonly number[];
}

export interface HealthNow {
  ready: Readiness | null;
  figures: Figures | null;
  history: History;
  at: string | null;
  failed: boolean;
}

const NOTHING: HealthNow = { ready: null, figures: null, history: { connections: [], messages: [], delivery: [], append: [], waiting: [] }, at: null, failed: false };

export function useHealth(): HealthNow {
  const [health, setHealth] = useState(NOTHING);
  const first = useRef<readonly Sample[] | null>(null);
  useEffect(() => {
    let current = true;
    const read = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      const [ready, text] = await Promise.all([readiness().catch(() => null), metricsText().catch(() => null)]);
      if (!current) return;
      const samples = text === null ? null : samplesIn(text);
      if (samples !== null) first.current ??= samples;
      const figures = samples === null ? null : since(samples, first.current ?? samples);
      setHealth((held) => ({ ready, figures, history: figures === null ? held.history : longer(held.history, figures), at: new Date().toISOString(), failed: ready === null && figures === null }));
    };
    void read();
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, []);
  return health;
}

/** Times and closes are about what this page saw; while it saw nothing, times are of all that the server did. */
function since(samples: readonly Sample[], first: readonly Sample[]): Figures {
  const [all, now] = [figuresOf(samples), figuresOf(samples, first)];
  return {
    ...all,
    closes: now.closes,
    append: now.append.p99 === null ? all.append : now.append,
    delivery: now.delivery.p99 === null ? all.delivery : now.delivery,
  };
}

function longer(history: History, figures: Figures): History {
  const add = (values: readonly number[], value: number | null): readonly number[] => (value === null ? values : [...values, value].slice(-POINTS_MAX));
  return {
    connections: add(history.connections, figures.connections),
    messages: add(history.messages, figures.messagesPerSecond),
    delivery: add(history.delivery, figures.delivery.p99),
    append: add(history.append, figures.append.p99),
    waiting: add(history.waiting, figures.waiting),
  };
}
