import { useEffect, useRef, useState } from 'react';

/** What was last read, and why the newest reading failed. */
export interface Polled<T> {
  readonly value: T | null;
  readonly problem: string | null;
}

/**
 * Reads a resource again and again while the page is visible; a reading that fails leaves the last one in place and says so.
 *
 * @param everyMs - Milliseconds between two readings.
 * @param told - Told of each reading with the browser's clock in milliseconds.
 */
export function usePolled<T>(
  path: string,
  everyMs: number,
  told?: (value: T, at: number) => void,
): Polled<T> {
  const [state, setState] = useState<Polled<T>>({ value: null, problem: null });
  const latest = useRef(told);
  latest.current = told;
  useEffect(() => {
    let isOver = false;
    let isBusy = false;
    setState({ value: null, problem: null });
    const read = async (): Promise<void> => {
      if (isBusy || document.hidden) return;
      isBusy = true;
      try {
        const response = await fetch(path);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        const value = (await response.json()) as T;
        if (isOver) return;
        setState({ value, problem: null });
        latest.current?.(value, performance.now());
      } catch (error) {
        const problem = error instanceof Error ? error.message : 'the server did not answer';
        if (!isOver) setState(({ value }) => ({ value, problem }));
      } finally {
        isBusy = false;
      }
    };
    void read();
    const timer = setInterval(() => void read(), everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return state;
}
