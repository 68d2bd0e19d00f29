/** The schema of a connection: read, and read again until a refresh has come through. */

import { useEffect, useRef, useState } from "preact/hooks";
import { useSpace } from "../../components/space";
import type { Schema } from "../../wire/data/types";

/** A refresh answers at once and works on its own: how often one looks, and how long. */
const LOOK_MS = 1_000;
const LOOKS_MAX = 60;

export interface SchemaState {
  value: Schema | null;
  error: unknown;
  refreshing: boolean;
  read(): void;
  refresh(): void;
}

export function useSchema(connection: string): SchemaState {
  const { data } = useSpace().asking;
  const [value, setValue] = useState<Schema | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [refreshing, setRefreshing] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const read = async (): Promise<Schema | null> => {
    try {
      const found = (await data?.schema(connection)) ?? null;
      setValue(found);
      setError(null);
      return found;
    } catch (failure) {
      setError(failure);
      return null;
    }
  };
  const look = (left: number): void => {
    setRefreshing(true);
    timer.current = setTimeout(async () => {
      const found = await read();
      if (found?.is_refreshing === true && left > 1) look(left - 1);
      else setRefreshing(false);
    }, LOOK_MS);
  };
  const refresh = async (): Promise<void> => {
    setRefreshing(true);
    try {
      await data?.refreshSchema(connection);
      look(LOOKS_MAX);
    } catch (failure) {
      setError(failure);
      setRefreshing(false);
    }
  };
  useEffect(() => {
    // A connection that was just made is being read for the first time.
    void read().then((found) => found?.is_refreshing === true && look(LOOKS_MAX));
    return () => clearTimeout(timer.current);
  }, [connection]);
  return { value, error, refreshing, read: () => void read(), refresh: () => void refresh() };
}
