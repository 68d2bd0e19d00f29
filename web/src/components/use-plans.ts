/** What waits to happen later: the list, one more of it, one less; with the last failure. */

import { useEffect, useState } from "preact/hooks";
import { useSpace } from "./space";

export interface Plans<T> {
  waiting: readonly T[];
  busy: boolean;
  error: unknown;
  /** Makes a plan; `done` is called once the server has it. */
  plan(make: Promise<unknown> | undefined, done: () => void): Promise<void>;
  /** Takes one back and reads the others again. */
  drop(taken: Promise<unknown> | undefined): Promise<void>;
}

/** `read` is asked at first, after each change here, and when something changes on another device. */
export function usePlans<T>(read: () => Promise<T[]> | undefined): Plans<T> {
  const space = useSpace();
  const [waiting, setWaiting] = useState<readonly T[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = space.plansChanged.value;
  const again = async (): Promise<void> => setWaiting((await read()) ?? []);
  useEffect(() => void again().catch(setError), [changed]);
  const plan = async (make: Promise<unknown> | undefined, done: () => void): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await make;
      done();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const drop = async (taken: Promise<unknown> | undefined): Promise<void> => {
    setError(null);
    try {
      await taken;
      await again();
    } catch (failure) {
      setError(failure);
    }
  };
  return { waiting, busy, error, plan, drop };
}
