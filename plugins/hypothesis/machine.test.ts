import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type PluginCase } from '#engine/testing.ts';
import {
  balance,
  breaksUp,
  climbs,
  comesBack,
  dips,
  endDay,
  failsHigh,
  type Morning,
  type Ohlc,
  openMorning,
  pending,
  phaseAt,
  playDay,
  regimeAt,
  runs,
  sinks,
  sinksOn,
  stands,
  today,
  toPoc,
  trendDown,
  trendUp,
  yesterday,
} from './made-day.ts';
import { plugin } from './plugin.ts';

type Run = ReturnType<typeof driveNode>;
type Row = Readonly<Record<string, unknown>>;

const settings = { news: [{ date: today, time: '11:00' }] };

function play(morning: Morning, periods: readonly Ohlc[], config: Row = {}): Run {
  const run = driveNode(plugin, { tradeDate: today, config });
  openMorning(run, morning);
  playDay(run, periods);
  expect(run.errors).toEqual([]);
  return run;
}

const lastOf = (run: Run, port: string): Row =>
  run.emits.findLast((emitted) => emitted.port === port)?.payload ?? {};
const day = (
  name: string,
  morning: Morning,
  periods: readonly Ohlc[],
  config: Row = {},
  then: (run: Run) => void = () => {},
): PluginCase => ({
  name,
  tradeDate: today,
  config,
  drive: (run) => {
    openMorning(run, morning);
    playDay(run, periods);
    then(run);
    endDay(run);
  },
});

const tables = (run: Run): void => {
  const area = { vah: 5_015, val: 4_990, poc: 5_000 };
  run.event('10:01', 'relation', {
    tradeDate: yesterday,
    index: null,
    stage: 'final',
    relation: null,
    raw: 'inside',
    gapTicks: 0,
    overlapMin: 1,
    jaccard: 0.6,
    overlapAvg: 0.7,
    developing: area,
    composite: area,
    missing: null,
    approximate: false,
  });
  run.event('10:01', 'naked', {
    asOf: yesterday,
    pocs: [{ price: 5_050, session: yesterday, age: 1 }],
  });
  run.event('10:01', 'stack', {
    asOf: yesterday,
    inForce: true,
    composites: [{ label: 'A', ...area, sessions: [yesterday], state: 'building' }],
    migration: 'unknown',
    weak: false,
    candidate: null,
    archive: [],
    stacks: [{ low: 4_960, high: 4_970, strength: 2, nEff: 3 }],
    clusters: [],
    partial: false,
    approximate: false,
    overlapMin: null,
  });
  run.event('10:01', 'inventory', {
    tradeDate: today,
    stage: 'fixed',
    net: 'net-long',
    inventory: 0.5,
    above: 3,
    below: 1,
    oneSided: false,
    reference: 5_005,
    high: 5_012,
    low: 4_998,
    since: run.at('09:30'),
    missing: null,
    approximate: false,
  });
  regimeAt(run, '10:02', 'trend-up', { stage: 'intraday' });
};

describe('optional tables', () => {
  it('enter the next version', () => {
    const run = play(balance, [stands]);
    tables(run);
    expect(lastOf(run, 'plan')).toMatchObject({
      relations: ['inside'],
      inventory: 'net-long',
      stackBelow: 4_970,
      stackAbove: null,
      nakedPocs: [],
    });
  });
});

describePlugin(plugin, {
  cases: [
    day('balance, then revised, then over', balance, [stands], settings, (run) => {
      tables(run);
      regimeAt(run, '10:03', 'trend-up', { stage: 'intraday' });
      run.to('11:05');
      regimeAt(run, '11:06', 'breakout-pending', { stage: 'intraday' });
    }),
    day('balance, over, then a trend', balance, [breaksUp, climbs, runs], {}, (run) => {
      regimeAt(run, '11:05', 'trend-up', { stage: 'intraday' });
      regimeAt(run, '11:06', 'trend-up', { stage: 'intraday' });
      run.to('11:20');
    }),
    day('over, and the same regime told again', balance, [breaksUp, climbs], settings, (run) => {
      regimeAt(run, '10:45', 'balance', { stage: 'intraday' });
    }),
    day('revised, then over', balance, [stands], {}, (run) => {
      regimeAt(run, '10:01', 'trend-down', { stage: 'intraday' });
      const periods: Ohlc[] = [stands, breaksUp, climbs, comesBack];
      periods.slice(1).forEach((ohlc, i) => playDayFrom(run, i + 1, ohlc));
    }),
    day('fades', balance, [failsHigh, toPoc, stands], settings, (run) => {
      regimeAt(run, '11:05', 'balance', { stage: 'intraday' });
    }),
    day('a trend up with a pullback', trendUp, [dips, stands]),
    day('a trend down', trendDown, [sinks, sinksOn, stands]),
    day('a trend lost', trendUp, [dips, sinks, sinksOn]),
    day('a break-out', pending, [breaksUp, climbs, runs]),
    day('no draft', { ...balance, build: false }, [stands]),
    day('a holiday', { ...balance, calendar: { holiday: true } }, [stands]),
    {
      name: 'a draft without an open, then the next day',
      tradeDate: today,
      drive: (run) => {
        openMorning(run, balance);
        phaseAt(run, 'rth-opening', '09:31');
        endDay(run);
        run.day('2025-11-20');
        phaseAt(run, 'overnight', '18:00', { tradeDate: '2025-11-20' });
      },
    },
  ],
});

function playDayFrom(run: Run, index: number, ohlc: Ohlc): void {
  const minutes = (n: number): string =>
    `${String(Math.floor((570 + n) / 60)).padStart(2, '0')}:${String((570 + n) % 60).padStart(2, '0')}`;
  const [open, high, low, close] = ohlc;
  run.event(`${minutes(30 * index + 29)}:59.5`, 'period', {
    tradeDate: today,
    index,
    letter: 'B',
    start: run.at(minutes(30 * index)),
    end: run.at(minutes(30 * index + 30)),
    open,
    high,
    low,
    close,
    volume: 40,
    session: { open, high, low, poc: close, vah: high, val: low, volume: 40, pocMoveTicks: 0 },
  });
  run.to(minutes(30 * index + 30));
}
