import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LiveValues, Row } from '../../live/values.ts';
import { useKept } from '../client/use-instrument.ts';
import { useIsOld, useLive, useTable } from '../client/use-live.tsx';
import { useShortcut } from '../client/use-shortcut.ts';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { clockText, grouped, priceText } from '../format.ts';
import type { PriceHistory } from '../routes/api.history.ts';
import { numberOf } from './fields.ts';
import type { ChartLevel, PriceChart } from './price-chart.ts';

const areaLevels = [
  { field: 'vah', text: 'VAH' },
  { field: 'poc', text: '◆ POC' },
  { field: 'val', text: 'VAL' },
] as const;
const tableBars = 20;
const readAgainMs = 1_000;

/** Levels of a value area as lines; those nobody knows are left out. */
function levelsOf(
  row: Row | undefined,
  name: string,
  token: string,
  style: ChartLevel['style'],
  width: 1 | 2,
): ChartLevel[] {
  return areaLevels.flatMap(({ field, text }) => {
    const price = numberOf(row, field);
    return price === null
      ? []
      : [{ id: `${name}-${field}`, price, title: `${name} ${text}`, token, style, width }];
  });
}

/** Composite, developing area of today and last price, as lines of the chart. */
function useLevels(): readonly ChartLevel[] {
  const [composite] = useTable('composite-area/1').rows;
  const [developing] = useTable('developing-profile/1').rows;
  const clock = useLive('clock');
  const market = useLive('market');
  return useMemo(() => {
    const isToday =
      String(developing?.['tradeDate']).replaceAll('-', '') === String(clock?.tradeDate);
    const isInForce = composite?.['inForce'] !== false;
    const last = market?.last ?? null;
    return [
      ...levelsOf(isInForce ? composite : undefined, 'CVA', '--level-cva', 'solid', 2),
      ...levelsOf(isToday ? developing : undefined, 'DVA', '--level-dva', 'solid', 1),
      ...(last === null
        ? []
        : [
            {
              id: 'last',
              price: last,
              title: 'last',
              token: '--text',
              style: 'dotted',
              width: 1,
            } as const,
          ]),
    ];
  }, [composite, developing, clock?.tradeDate, market?.last]);
}

type HistoryState = PriceHistory | 'loading' | 'failed';

function useHistory(): [HistoryState, () => void] {
  const [history, setHistory] = useState<HistoryState>('loading');
  const facts = useLive('facts');
  const address = useKept('/api/history');
  const read = useCallback(() => {
    const load = async (): Promise<PriceHistory | 'failed'> => {
      const response = await fetch(address);
      return response.ok ? ((await response.json()) as PriceHistory) : 'failed';
    };
    load().then(setHistory, () => setHistory('failed'));
  }, [address]);
  const isKnown = facts !== undefined;
  useEffect(() => {
    if (isKnown) read();
  }, [isKnown, read]);
  return [history, read];
}

/** Makes the chart once its box and its library are there. */
function useChart(box: HTMLElement | null): PriceChart | null {
  const [chart, setChart] = useState<PriceChart | null>(null);
  const facts = useLive('facts');
  const zone = facts?.zone;
  const { decimals, tickSize } = facts?.instrument ?? {};
  useEffect(() => {
    if (!box || zone === undefined || decimals === undefined || tickSize === undefined) return;
    let made: PriceChart | null = null;
    let isOver = false;
    const make = async (): Promise<void> => {
      // The library is half of what the page would load: it comes after the first paint.
      const library = await import('./price-chart.ts');
      if (isOver) return;
      made = new library.PriceChart(box, zone, decimals, tickSize);
      setChart(made);
    };
    void make();
    return () => {
      isOver = true;
      made?.remove();
      setChart(null);
    };
  }, [box, zone, decimals, tickSize]);
  return chart;
}

/** Price with the bands of VWAP, the value areas and what was signalled. */
export function PricePane() {
  return (
    <Panel id="price" title="Price" className="price-panel">
      <PriceBody />
    </Panel>
  );
}

function PriceBody() {
  const [history, readAgain] = useHistory();
  if (history === 'loading') return <Missing reason="bars are being read" />;
  if (history === 'failed')
    return (
      <p className="missing">
        <Missing reason="bars could not be read" />
        <button type="button" onClick={readAgain}>
          Read again
        </button>
      </p>
    );
  if (history.bars === null)
    return (
      <p className="missing-reason">
        Not in this flow: a footprint node with bars of time would provide it.
      </p>
    );
  return <Drawing history={history} bars={history.bars} readAgain={readAgain} />;
}

/** From when a VWAP counts, and what it lacks; empty before there is one. */
export function coverageText(bands: Row | undefined, zone: string | undefined): string {
  const since = numberOf(bands, 'since');
  if (bands === undefined || since === null || zone === undefined) return '';
  const lacks = [
    bands['complete'] === false ? 'partial: data began later' : '',
    bands['approximate'] === true ? 'approximate: made of bars' : '',
  ].filter(Boolean);
  const from = ` since ${clockText(zone, since).slice(0, 5)}`;
  return lacks.length === 0 ? from : `${from}, ${lacks.join(', ')}`;
}

function Drawing({
  history,
  bars,
  readAgain,
}: {
  readonly history: PriceHistory;
  readonly bars: NonNullable<PriceHistory['bars']>;
  readonly readAgain: () => void;
}) {
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const chart = useChart(box);
  const levels = useLevels();
  const signals = useLive('signals');
  const isOld = useIsOld();
  const zone = useLive('facts')?.zone;
  const bar = useLive(`last:${bars.node}.${bars.port}`);
  const bands = useTable('vwap-bands/1').rows.find((row) => row['anchor'] === 'globex');
  useEffect(() => chart?.setHistory(bars.rows, history.bands ?? []), [chart, bars, history]);
  useEffect(() => {
    if (!chart || !bar || chart.addBar(bar)) return;
    // While days are made at full speed bars come faster than they are read.
    const timer = setTimeout(readAgain, readAgainMs);
    return () => clearTimeout(timer);
  }, [chart, bar, readAgain]);
  useEffect(() => {
    if (chart && bands) chart.addBands(bands);
  }, [chart, bands]);
  useEffect(() => chart?.setLevels(levels), [chart, levels]);
  useEffect(() => chart?.setSignals(signals ?? []), [chart, signals, history]);
  const twin = useRef<HTMLDetailsElement>(null);
  useChartKeys(chart, twin);
  return (
    <>
      <div
        ref={setBox}
        className={isOld ? 'chart is-old' : 'chart'}
        role="img"
        aria-label={summary(bars.rows, levels, signals)}
      />
      <div className="chart-foot meta muted">
        <span>
          {bars.minutes === null ? '' : `${bars.minutes}-minute `}bars of{' '}
          <strong>{bars.node}</strong> · VWAP dashed{coverageText(bands, zone)}, 1 to 3 σ dotted ·
          CVA thick, DVA thin
        </span>
        <span>
          Charts by{' '}
          <a href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">
            TradingView
          </a>
        </span>
      </div>
      <BarTable rows={bars.rows} twin={twin} />
    </>
  );
}

/** Whether the focus is in the panel of the price: elsewhere Home and End are the browser's. */
const isInPrice = (): boolean => document.activeElement?.closest('#price') !== null;

/** `C`, `T`, and inside the panel `Home` and `End`. */
function useChartKeys(chart: PriceChart | null, twin: RefObject<HTMLDetailsElement>): void {
  const recentre = useCallback(() => {
    chart?.recentre();
    return chart !== null;
  }, [chart]);
  const oldest = useCallback(() => {
    if (!chart || !isInPrice()) return false;
    chart.showOldest();
    return true;
  }, [chart]);
  const newest = useCallback(() => {
    if (!chart || !isInPrice()) return false;
    chart.showNewest();
    return true;
  }, [chart]);
  const table = useCallback(() => {
    const details = twin.current;
    if (!details) return false;
    details.open = !details.open;
    // Whoever asks for the table by key goes on by key.
    if (details.open) details.querySelector('summary')?.focus();
    return true;
  }, [twin]);
  useShortcut('recentre', recentre);
  useShortcut('oldest', oldest);
  useShortcut('newest', newest);
  useShortcut('table', table);
}

function summary(
  bars: readonly Row[],
  levels: readonly ChartLevel[],
  signals: LiveValues['signals'] | undefined,
): string {
  const close = numberOf(bars.at(-1), 'close');
  const names = levels.map(({ title, price }) => `${title} ${price}`).join(', ');
  return `Price of ${bars.length} bars${close === null ? '' : `, last close ${close}`}. ${names}. ${signals?.length ?? 0} signals. The table below says the same in numbers.`;
}

/** The same bars in numbers, for those who do not see the drawing. */
function BarTable({
  rows,
  twin,
}: {
  readonly rows: readonly Row[];
  readonly twin: RefObject<HTMLDetailsElement>;
}) {
  const facts = useLive('facts');
  if (!facts) return null;
  const { decimals } = facts.instrument;
  const text = (row: Row, field: string): string => {
    const value = numberOf(row, field);
    return value === null ? '—' : priceText(value, decimals);
  };
  return (
    <details className="twin" ref={twin}>
      <summary>
        Bars as a table <kbd>T</kbd>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">bar</th>
            <th scope="col">open</th>
            <th scope="col">high</th>
            <th scope="col">low</th>
            <th scope="col">close</th>
            <th scope="col">volume</th>
            <th scope="col">delta</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .slice(-tableBars)
            .reverse()
            .map((row) => (
              <tr key={String(row['start'])}>
                <th scope="row" className="num">
                  {clockText(facts.zone, numberOf(row, 'start') ?? 0).slice(0, 5)}
                </th>
                {(['open', 'high', 'low', 'close'] as const).map((field) => (
                  <td key={field} className="num">
                    {text(row, field)}
                  </td>
                ))}
                {(['volume', 'delta'] as const).map((field) => {
                  const value = numberOf(row, field);
                  return (
                    <td key={field} className="num">
                      {value === null ? '—' : grouped(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
