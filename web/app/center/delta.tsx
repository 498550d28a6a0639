import { useEffect, useRef } from 'react';
import type { Row } from '../../live/values.ts';
import { useLive, useTable } from '../client/use-live.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { Value } from '../components/value.tsx';
import { grouped } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

const sideText = (value: number): string =>
  `${value < 0 ? '▼' : value > 0 ? '▲' : ''} ${value > 0 ? '+' : ''}${grouped(value)}`.trim();

const conditions: Readonly<Record<string, string>> = {
  unknown: 'price against delta: not known yet',
  normal: 'price goes along with delta',
  'price-lags': 'price lags delta',
  'price-ahead': 'price is ahead of delta',
  overstretched: 'overstretched',
};

/** A mark on a line from the low to the high. */
function Place({ share }: { readonly share: number }) {
  const mark = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (mark.current) mark.current.style.left = `${(share * 100).toFixed(1)}%`;
  }, [share]);
  return (
    <span className="delta-line" aria-hidden="true">
      <span ref={mark} />
    </span>
  );
}

/** Where the day's delta lies between its low and its high: a mark on a line. */
function DeltaRange({ row }: { readonly row: Row | undefined }) {
  const [day, low, high] = [numberOf(row, 'day'), numberOf(row, 'low'), numberOf(row, 'high')];
  if (day === null || low === null || high === null || high <= low) return null;
  return (
    <div className="delta-range">
      <span className="num live meta sell">{grouped(low)}</span>
      <Place share={(day - low) / (high - low)} />
      <span className="num live meta buy">{grouped(high)}</span>
    </div>
  );
}

/** Buying minus selling since the anchors, and how price goes along. */
export function CumulativeDelta() {
  const table = useTable('cumulative-delta/1');
  const clock = useLive('clock');
  const isBeforeOpen =
    clock?.rthOpen !== null && clock !== null && clock !== undefined && clock.now < clock.rthOpen;
  return (
    <Panel id="delta" title="Δ Cumulative">
      <TableRows table={table} plugin="cumulative-delta" empty="no volume in this trade day yet">
        {([row]) => (
          <>
            <dl className="pairs">
              <dt>RTH</dt>
              <dd>
                <Value
                  of={numberOf(row, 'rth')}
                  text={sideText}
                  reason={isBeforeOpen ? 'starts at RTH open' : 'outside regular hours'}
                  className="big"
                />
              </dd>
              <dt>day</dt>
              <dd>
                <Value of={numberOf(row, 'day')} text={sideText} reason="not known" />
              </dd>
            </dl>
            <DeltaRange row={row} />
            <p className="meta muted">{conditions[textOf(row, 'condition') ?? 'unknown']}</p>
          </>
        )}
      </TableRows>
    </Panel>
  );
}
