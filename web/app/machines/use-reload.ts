import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

const settleMs = 1_500;

/** Asks the server again some time after `tick` changed, never while an answer is on its way; null asks for nothing. */
export function useReload(tick: number | string | null): void {
  const { revalidate, state } = useRevalidator();
  const seen = useRef(tick);
  useEffect(() => {
    if (tick === null || state !== 'idle') return;
    const isFirst = seen.current === tick && typeof tick === 'number';
    if (isFirst) return;
    const timer = setTimeout(() => {
      seen.current = tick;
      revalidate();
    }, settleMs);
    return () => clearTimeout(timer);
  }, [tick, state, revalidate]);
}
