import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

const settleMs = 1_500;

/** What makes a page ask again: a number that changes, or `reading` while there is more to come; null for nothing. */
type Tick = number | string | null;

/** Whether there is something new to ask for. A number counts once it is another one than the page was made with. */
export function isWorthAsking(tick: Tick, seen: Tick): boolean {
  return tick !== null && (typeof tick !== 'number' || tick !== seen);
}

/**
 * Asks the server again some time after `tick` changed, never while an answer is on its way. However fast it goes on
 * changing, it is asked for that often and no less.
 */
export function useReload(tick: Tick): void {
  const { revalidate, state } = useRevalidator();
  const seen = useRef(tick);
  const newest = useRef(tick);
  newest.current = tick;
  const isWanted = state === 'idle' && isWorthAsking(tick, seen.current);
  useEffect(() => {
    if (!isWanted) return;
    const timer = setTimeout(() => {
      seen.current = newest.current;
      revalidate();
    }, settleMs);
    return () => clearTimeout(timer);
  }, [isWanted, revalidate]);
}
