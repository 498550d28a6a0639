import { lazy, Suspense, useEffect, useState } from 'react';
import type { DayEnds, EndSort } from '../../inspect/reports.ts';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { type EndKind, endKinds } from './end-kinds.ts';

const EndBars = lazy(() =>
  import('./end-bars.tsx').then((module) => ({ default: module.EndBars })),
);

const totalOf = (days: readonly DayEnds[], kind: EndKind['kind']): number =>
  days.reduce((sum, day) => sum + day[kind], 0);

/** What the drawing says in a sentence. */
export function endSummary(days: readonly DayEnds[], kinds: readonly EndKind[]): string {
  const totals = kinds.map(({ kind, text }) => `${totalOf(days, kind)} ${text}`).join(', ');
  return `Bars of ${days.length} trade day${days.length === 1 ? '' : 's'}: ${totals}. The table below says the same in numbers.`;
}

function Twin({
  label,
  days,
  kinds,
}: {
  readonly label: string;
  readonly days: readonly DayEnds[];
  readonly kinds: readonly EndKind[];
}) {
  return (
    <details className="twin">
      <summary>As a table</summary>
      <ScrollTable label={label} head={['trade day', ...kinds.map(({ text }) => text)]}>
        {days.toReversed().map((day) => (
          <tr key={day.tradeDate}>
            <th scope="row" className="num">
              {day.tradeDate}
            </th>
            {kinds.map(({ kind }) => (
              <td key={kind} className="num">
                {day[kind]}
              </td>
            ))}
          </tr>
        ))}
      </ScrollTable>
    </details>
  );
}

/** How things of one sort ended on each trade day: bars, what they mean, and the same as a table. */
export function EndPanel({
  id,
  title,
  sort,
  days,
  empty,
}: {
  readonly id: string;
  readonly title: string;
  readonly sort: EndSort;
  readonly days: readonly DayEnds[];
  /** Why there may be none. */
  readonly empty: string;
}) {
  const [isInBrowser, setInBrowser] = useState(false);
  useEffect(() => setInBrowser(true), []);
  const kinds = endKinds[sort];
  const isEmpty = kinds.every(({ kind }) => totalOf(days, kind) === 0);
  return (
    <Panel id={id} title={title}>
      {isEmpty ? (
        <Missing reason={empty} />
      ) : (
        <>
          <ul className="end-legend">
            {kinds.map(({ kind, glyph, text }) => (
              <li key={kind}>
                <span className={`end-mark end-mark-${kind}`} aria-hidden="true">
                  {glyph}
                </span>{' '}
                {text} <span className="num">{totalOf(days, kind)}</span>
              </li>
            ))}
          </ul>
          <div className="end-bars" role="img" aria-label={endSummary(days, kinds)}>
            {isInBrowser ? (
              <Suspense fallback={null}>
                <EndBars id={id} days={days} kinds={kinds} />
              </Suspense>
            ) : null}
          </div>
          <Twin label={title} days={days} kinds={kinds} />
        </>
      )}
    </Panel>
  );
}
