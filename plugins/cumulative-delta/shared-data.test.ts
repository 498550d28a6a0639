import { expect, it } from 'vitest';
import { describeWithData, driveNode, feedShared, readShared } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const barFile = 'minute/ES_1m_20260205_20260216_nt8-volumetric.csv.gz';
const days = ['2013-09-03', '2013-09-04'] as const;
const tradesOf = (day: string): string =>
  `trades/ES_${day.replaceAll('-', '')}_ESU13_tickdata.csv.gz`;

interface Bar {
  /** End of the bar in microseconds. */
  readonly end: number;
  readonly volume: number;
  readonly bid: number;
  readonly ask: number;
  readonly delta: number;
}

function barsOf(file: string): Bar[] {
  return readShared(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const cells = line.split(',').map(Number);
      return {
        end: (Math.round(cells[0]! / 60e9) + 1) * 60_000_000,
        volume: cells[5]!,
        bid: cells[6]!,
        ask: cells[7]!,
        delta: cells[8]!,
      };
    });
}

const usPerHour = 3_600_000_000;
const usPerDay = 24 * usPerHour;
/** Sessions begin at 18:00 in New York, 23:00 UTC in February. */
const sessionOf = (end: number): number => Math.floor((end - 1 + usPerHour) / usPerDay);

describeWithData('cumulative-delta of volumetric bars', [barFile], () => {
  const bars = barsOf(barFile);

  it('takes ask minus bid volume as the delta of a bar, as the file does', () => {
    expect(bars.length).toBeGreaterThan(6_000);
    expect(bars.filter(({ delta, ask, bid }) => delta !== ask - bid)).toEqual([]);
  });

  it('gives back the running sum of every session, at each half hour of each', () => {
    const run = driveNode(plugin, { tradeDate: '2026-02-16', explain: false });
    feedShared(run, barFile, 1);
    run.to('16:30');
    expect(run.errors).toEqual([]);
    const periods = run.emits.filter(({ port }) => port === 'period');
    // Six sessions, the last of which is a holiday that ends at 13:00.
    expect(periods.length).toBeGreaterThanOrEqual(5 * 13);
    for (const { ts, payload } of periods) {
      const soFar = bars.filter(({ end }) => end <= ts && sessionOf(end) === sessionOf(ts));
      const open = Math.floor(ts / usPerDay) * usPerDay + 14.5 * usPerHour;
      const sum = (part: readonly Bar[]): number => part.reduce((all, { delta }) => all + delta, 0);
      expect(payload, new Date(ts / 1_000).toISOString()).toMatchObject({
        day: sum(soFar),
        rth: sum(soFar.filter(({ end }) => end > open)),
      });
    }
  });

  it('ends each session on the sum of its deltas, and begins the next at zero', () => {
    const sessions = Map.groupBy(bars, ({ end }) => sessionOf(end));
    const run = driveNode(plugin, { tradeDate: '2026-02-16', explain: false });
    feedShared(run, barFile, 1);
    run.to('16:30');
    const rows = run.emits.filter(({ port }) => port === 'delta');
    for (const [session, own] of sessions) {
      const last = rows.filter(({ ts }) => sessionOf(ts) === session).at(-1)!.payload;
      const unknown = own.reduce((all, { volume, bid, ask }) => all + volume - bid - ask, 0);
      const volume = own.reduce((all, one) => all + one.volume, 0);
      expect(last).toMatchObject({
        day: own.reduce((all, { delta }) => all + delta, 0),
        volume,
        unknownShare: unknown / volume,
      });
    }
  });
});

/** Conditions told on a day, by name. */
const counted: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '2013-09-03': { normal: 5, 'price-lags': 1, 'price-ahead': 3, unknown: 1 },
  '2013-09-04': { normal: 3, 'price-ahead': 2, unknown: 1 },
};

describeWithData('cumulative-delta of real trades', days.map(tradesOf), () => {
  it.each(days)('changes its condition as seldom as it was counted: %s', (day) => {
    const run = driveNode(plugin, { tradeDate: day, explain: false });
    feedShared(run, tradesOf(day));
    run.to('16:30');
    expect(run.errors).toEqual([]);
    const told = run.emits.filter(({ port }) => port === 'condition');
    const groups = Map.groupBy(told, ({ payload }) => String(payload['condition']));
    expect(Object.fromEntries([...groups].map(([name, rows]) => [name, rows.length]))).toEqual(
      counted[day],
    );
    // The machine sees the half hours, these changes and the crossings of zero.
    expect(run.journal.length).toBeLessThan(60);
  });
});
