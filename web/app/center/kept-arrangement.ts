import { useCallback, useEffect, useState } from 'react';
import { type Arrangement, firstArrangements, readArrangement } from './arrangement.ts';

type Arranged = keyof typeof firstArrangements;

const itemOf = (layout: Arranged): string => `orderflow.layout.${layout}`;

function read(layout: Arranged): Arrangement | null {
  try {
    const kept = localStorage.getItem(itemOf(layout));
    return kept === null ? null : readArrangement(JSON.parse(kept), firstArrangements[layout]);
  } catch {
    // Nothing may be kept here, or it is no JSON: the first arrangement is as good as any.
    return null;
  }
}

function keep(layout: Arranged, arrangement: Arrangement | null): void {
  try {
    if (arrangement === null) localStorage.removeItem(itemOf(layout));
    else localStorage.setItem(itemOf(layout), JSON.stringify(arrangement));
  } catch {
    // It holds for this window all the same.
  }
}

/** Where the panels of a layout stand in this browser, and how to change that; null puts the first arrangement back. */
export function useArrangement(
  layout: Arranged,
): readonly [now: Arrangement, change: (to: Arrangement | null) => void] {
  const first = firstArrangements[layout];
  const [kept, setKept] = useState<{ readonly layout: Arranged; readonly now: Arrangement } | null>(
    null,
  );
  // The server knows nothing of this browser: what it paints is the first arrangement.
  useEffect(() => setKept({ layout, now: read(layout) ?? firstArrangements[layout] }), [layout]);
  const change = useCallback(
    (to: Arrangement | null) => {
      keep(layout, to);
      setKept({ layout, now: to ?? firstArrangements[layout] });
    },
    [layout],
  );
  return [kept?.layout === layout ? kept.now : first, change];
}
