import { describe, expect, it } from 'vitest';
import {
  describeWithData,
  driveNode,
  feedShared,
  type NodeRun,
  readShared,
} from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const tradeDate = '2025-11-19';
const anchor = (run: NodeRun, name: string) =>
  run.view('bands').find((row) => row['anchor'] === name);

describe('VWAP and bands', () => {
  it('of the hand-computed trades are exact (vector V10)', () => {
    const run = driveNode(plugin, { tradeDate });
    const trades = [
      [5000, 10],
      [5000.25, 20],
      [5000.5, 30],
      [5000.25, 20],
      [4999.75, 20],
    ] as const;
    trades.forEach(([price, size], i) => run.trade(`09:30:0${i}`, price, size));
    const row = anchor(run, 'rth') as Record<string, number>;
    expect(row['volume']).toBe(100);
    expect(row['vwap']).toBeCloseTo(5000.2, 12);
    expect(row['sdTicks']! / 4).toBeCloseTo(0.2692582403567252, 12);
    expect(row['up1']).toBeCloseTo(5000.469258240357, 9);
    expect(row['down1']).toBeCloseTo(4999.930741759643, 9);
    expect(row['up2']).toBeCloseTo(5000.738516480713, 9);
    expect(row['down2']).toBeCloseTo(4999.661483519287, 9);
  });

  it('of bars without a VWAP use (high + low + close) / 3 (vector V10)', () => {
    const run = driveNode(plugin, { tradeDate });
    run.bar('09:31', { open: 5000, high: 5001, low: 4999, close: 5000.5, volume: 100 });
    run.bar('09:32', { open: 5001, high: 5002, low: 5000, close: 5001.5, volume: 50 });
    const row = anchor(run, 'rth') as Record<string, number>;
    expect(row['vwap']).toBeCloseTo(5000.5, 9);
    expect(row['sdTicks']! / 4).toBeCloseTo(0.4714045207910317, 9);
    expect(row['approximate']).toBe(true);
  });

  it("use the bar's own VWAP where it is given", () => {
    const run = driveNode(plugin, { tradeDate });
    run.bar('09:31', {
      open: 5000,
      high: 5004,
      low: 5000,
      close: 5000,
      volume: 100,
      vwap: 5003.125,
    });
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5003.125, volume: 100 });
  });

  it('have no row before the first trade', () => {
    const run = driveNode(plugin, { tradeDate });
    run.to('09:45');
    expect(run.view('bands')).toEqual([]);
  });

  it('ignore a bar without volume', () => {
    const run = driveNode(plugin, { tradeDate });
    run.bar('09:31', { open: 5000, high: 5000, low: 5000, close: 5000, volume: 0 });
    expect(run.view('bands')).toEqual([]);
  });
});

describe('anchors', () => {
  it('count from the evening open and from the regular open', () => {
    const run = driveNode(plugin, { tradeDate });
    run.trade('18:00:01', 4990, 100);
    run.trade('09:29:59.999999', 4990, 100);
    run.trade('09:30', 5000, 100);
    expect(anchor(run, 'globex')).toMatchObject({
      volume: 300,
      since: run.at('18:00'),
      complete: true,
    });
    expect(anchor(run, 'rth')).toMatchObject({
      volume: 100,
      vwap: 5000,
      since: run.at('09:30'),
      complete: true,
    });
  });

  it('end the regular session before a print at 16:00 sharp', () => {
    const run = driveNode(plugin, { tradeDate });
    run.trade('09:30', 5000, 1);
    run.trade('15:59:59.999999', 5001, 1);
    run.trade('16:00', 6000, 1_000);
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5000.5, volume: 2 });
  });

  it('count a bar that ends at 16:00 into the regular session, and one that ends at 09:30 before it', () => {
    const run = driveNode(plugin, { tradeDate });
    run.bar('09:30', { open: 4000, high: 4000, low: 4000, close: 4000, volume: 9 });
    run.bar('09:31', { open: 5000, high: 5000, low: 5000, close: 5000, volume: 1 });
    run.bar('16:00', { open: 5001, high: 5001, low: 5001, close: 5001, volume: 1 });
    run.to('16:00');
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5000.5, volume: 2 });
  });

  it('keep the row of the regular session until the next one opens, and carry it as prevRth', () => {
    const run = driveNode(plugin, { tradeDate });
    run.trade('09:30', 5000, 10);
    run.to('16:30');
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5000, tradeDate });
    run.day('2025-11-20');
    run.trade('18:00', 5100, 10);
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5000, tradeDate });
    expect(anchor(run, 'prevRth')).toMatchObject({ vwap: 5000, tradeDate, slope30: null });
    run.trade('09:30', 5200, 10);
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5200, tradeDate: '2025-11-20' });
    expect(anchor(run, 'prevRth')).toMatchObject({ vwap: 5000, tradeDate });
    expect(anchor(run, 'globex')).toMatchObject({ vwap: 5150, tradeDate: '2025-11-20' });
  });

  it('end with the early close of a half day', () => {
    const run = driveNode(plugin, { tradeDate: '2025-11-28' });
    run.trade('09:30', 5000, 10);
    run.trade('13:00', 6000, 10);
    expect(anchor(run, 'rth')).toMatchObject({ vwap: 5000 });
  });

  it('say when the data began after the anchor', () => {
    const run = driveNode(plugin, { tradeDate });
    run.trade('09:40', 5000, 10);
    expect(anchor(run, 'globex')).toMatchObject({ complete: false });
    expect(anchor(run, 'rth')).toMatchObject({ complete: false });
  });
});

describe('slope', () => {
  /** Two prices for half an hour, then only the higher one. */
  function rising(): NodeRun {
    const run = driveNode(plugin, { tradeDate, config: { follow: 'rth' } });
    for (let minute = 30; minute < 60; minute += 1)
      run.trade(`09:${minute}:10`, minute % 2 ? 5002 : 5000, 10);
    for (let minute = 10; minute < 40; minute += 1) run.trade(`10:${minute}:10`, 5002, 10);
    return run;
  }

  it('is null in the first half hour and measured at each minute after it', () => {
    const run = driveNode(plugin, { tradeDate, config: { follow: 'rth' } });
    run.trade('09:30', 5000, 10);
    run.trade('09:30:30', 5001, 10);
    run.to('10:00:30');
    expect(anchor(run, 'rth')).toMatchObject({ slope30: null, pace: 'unknown' });
    run.trade('10:00:40', 5001, 20);
    run.to('10:01');
    // Thirty minutes before 10:01 the average was 5000.5 with a spread of two ticks; the 20 contracts lie two above.
    expect(anchor(run, 'rth')).toMatchObject({ slope30: 1, pace: 'normal' });
  });

  it('of one anchor does not see what traded before it', () => {
    const run = rising();
    expect(Number(anchor(run, 'rth')?.['slope30'])).toBeGreaterThan(0);
    expect(anchor(run, 'rth')?.['slope30']).toBe(anchor(run, 'globex')?.['slope30']);
  });

  it('leaves evidence: minutes of history and the next limit', () => {
    const run = driveNode(plugin, { tradeDate, config: { follow: 'globex' } });
    run.trade('18:00', 5000, 10);
    run.to('18:12');
    expect(run.probe('history')).toMatchObject({ value: 12, needed: 30, unit: 'minute' });
    expect(rising().probe('pace')).toMatchObject({ unit: 'sd' });
  });
});

interface Session {
  readonly trade_date?: string;
  readonly rth?: { readonly vwap?: number };
  readonly vwap?: number;
}
type Rows = Record<string, Record<string, unknown>>;

/** The last row of the regular session per trade date, as a report would read it. */
function sessionRows(file: string, lastDate: string, barMinutes = 0): Rows {
  const run = driveNode(plugin, { tradeDate: lastDate });
  feedShared(run, file, barMinutes);
  run.to('17:30');
  expect(run.errors).toEqual([]);
  const rows: Rows = {};
  for (const { payload } of run.emits)
    if (payload['anchor'] === 'rth') rows[String(payload['tradeDate'])] = payload;
  return rows;
}

const ninjaTrader = 'ES_1m_20260205_20260216_nt8-volumetric.csv.gz';
const tradeFiles = ['20130902', '20130903', '20130904'].map((day) => `ES_${day}_ESU13_tickdata`);

describeWithData(
  'VWAP of real trades',
  [...tradeFiles.map((name) => `trades/${name}.csv.gz`), 'expected/trades.json'],
  () => {
    const expected = JSON.parse(readShared('expected/trades.json')) as Record<string, Session>;
    it.each(tradeFiles)('equals the independent figure: %s', (name) => {
      const { trade_date: date = '', rth } = expected[name] ?? {};
      const row = sessionRows(`trades/${name}.csv.gz`, date)[date];
      expect(Math.abs(Number(row?.['vwap']) - Number(rth?.vwap))).toBeLessThan(1e-6);
      expect(row).toMatchObject({ complete: true, approximate: false });
    });
  },
);

const barFiles = [
  'ES_1m_20130901_20130920_tickdata',
  'ES_1m_20260205_20260216_nt8-volumetric',
  'ES_1m_RTH_20260126_20260424_databento',
];

/** Mean and spread of the regular bars of a date, in two passes: another way than the sensor's running sums. */
function twoPass(file: string, date: string): { vwap: number; sd: number } {
  // Winter: 09:30 in New York is 14:30 UTC.
  const from = Date.parse(`${date}T14:30:00Z`);
  const bars = readShared(file)
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number))
    .filter(([ns]) => ns! / 1e6 >= from && ns! / 1e6 < from + 390 * 60_000)
    .map(([, , high, low, close, volume]) => [(high! + low! + close!) / 3, volume!] as const);
  const total = bars.reduce((sum, [, volume]) => sum + volume, 0);
  const vwap = bars.reduce((sum, [price, volume]) => sum + price * volume, 0) / total;
  const square = bars.reduce((sum, [price, v]) => sum + v * (price - vwap) * (price - vwap), 0);
  return { vwap, sd: Math.sqrt(square / total) };
}

describeWithData('VWAP bands of NinjaTrader’s bars', ['minute/' + ninjaTrader], () => {
  const dates = ['2026-02-05', '2026-02-06', '2026-02-09', '2026-02-10', '2026-02-11'];
  it('are those of two passes over the same bars', () => {
    const rows = sessionRows(`minute/${ninjaTrader}`, '2026-02-16', 1);
    const seen = dates.filter((date) => rows[date] !== undefined);
    expect(seen.length).toBeGreaterThanOrEqual(4);
    for (const date of seen) {
      const { vwap, sd } = twoPass(`minute/${ninjaTrader}`, date);
      for (const [field, k] of [
        ['down3', -3],
        ['down2', -2],
        ['down1', -1],
        ['up1', 1],
        ['up2', 2],
        ['up3', 3],
      ] as const)
        expect(rows[date]![field], `${date} ${field}`).toBeCloseTo(vwap + k * sd, 6);
    }
  });
});

describeWithData(
  'VWAP of real bars',
  [...barFiles.map((name) => `minute/${name}.csv.gz`), 'expected/minute.json'],
  () => {
    const expected = JSON.parse(readShared('expected/minute.json')) as Record<
      string,
      Record<string, Session>
    >;
    it.each(barFiles)('equals the independent figures of every session: %s', (name) => {
      const days = Object.entries(expected[name] ?? {});
      const rows = sessionRows(`minute/${name}.csv.gz`, days.at(-1)?.[0] ?? '', 1);
      const wrong = days.filter(
        ([date, day]) => !(Math.abs(Number(rows[date]?.['vwap']) - Number(day.vwap)) <= 6e-5),
      );
      expect(days.length).toBeGreaterThan(5);
      expect(wrong).toEqual([]);
    });
  },
);
