import { useEffect, useRef, useState } from 'react';
import type { Row } from '../../live/values.ts';
import { useIsOld, useLive, useTable } from '../client/use-live.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { Value } from '../components/value.tsx';
import { grouped } from '../format.ts';
import { addSample, type DeltaSample, linesOf, trendOf } from './delta-history.ts';
import { directionOf, glyphOf, numberOf, textOf } from './fields.ts';

const sideText = (value: number): string =>
  `${glyphOf(value)} ${value > 0 ? '+' : ''}${grouped(value)}`.trim();

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
  const isOld = useIsOld();
  const [day, low, high] = [numberOf(row, 'day'), numberOf(row, 'low'), numberOf(row, 'high')];
  if (day === null || low === null || high === null || high <= low) return null;
  return (
    <div className="delta-range">
      <span className={`num live meta ${directionOf(low)}`}>{grouped(low)}</span>
      {isOld ? (
        <span className="needle-unknown">?</span>
      ) : (
        <Place share={(day - low) / (high - low)} />
      )}
      <span className={`num live meta ${directionOf(high)}`}>{grouped(high)}</span>
    </div>
  );
}

/** What this window saw of the day's delta; a trade day of its own begins anew. */
function useSamples(row: Row | undefined): readonly DeltaSample[] {
  const clock = useLive('clock');
  const isOld = useIsOld();
  const day = numberOf(row, 'day');
  const tradeDate = textOf(row, 'tradeDate');
  const [kept, setKept] = useState<{
    readonly tradeDate: string | null;
    readonly samples: readonly DeltaSample[];
  }>({ tradeDate, samples: [] });
  const now = clock?.now ?? null;
  useEffect(() => {
    if (now === null || day === null) return;
    setKept((before) => {
      const samples = before.tradeDate === tradeDate ? before.samples : [];
      const after = addSample(samples, now, isOld ? null : day);
      return after === before.samples ? before : { tradeDate, samples: after };
    });
  }, [now, day, isOld, tradeDate]);
  return kept.tradeDate === tradeDate ? kept.samples : [];
}

const line = { width: 180, height: 24 } as const;
const trends = { rising: '▲ rising', falling: '▼ falling', flat: 'flat' } as const;

/** A short line of the last ten minutes, broken where the link was, and which way it goes. */
function Sparkline({ row }: { readonly row: Row | undefined }) {
  const samples = useSamples(row);
  const isOld = useIsOld();
  const trend = trendOf(samples);
  const text = isOld ? '?' : trend === null ? 'no line yet' : trends[trend];
  return (
    <div className="delta-spark">
      <svg viewBox={`0 -2 ${line.width} ${line.height + 4}`} aria-hidden="true">
        {linesOf(samples, line.width, line.height).map((points) => (
          <polyline key={points} points={points} />
        ))}
      </svg>
      <span className="meta muted">{text}</span>
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
    <Panel id="delta" title="Δ Cumulative" to="#price" toText="chart">
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
            <Sparkline row={row} />
            <DeltaRange row={row} />
            <p className="meta muted">{conditions[textOf(row, 'condition') ?? 'unknown']}</p>
          </>
        )}
      </TableRows>
    </Panel>
  );
}
