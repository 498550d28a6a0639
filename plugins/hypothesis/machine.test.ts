import { describe, expect, it } from 'vitest';
import { describePlugin, driveNode, type PluginCase } from '#engine/testing.ts';
import {
  endDay,
  type Morning,
  type Ohlc,
  openMorning,
  phaseAt,
  playDay,
  regimeAt,
  today,
  yesterday,
} from './made-day.ts';
import { plugin } from './plugin.ts';

type Run = ReturnType<typeof driveNode>;
type Row = Readonly<Record<string, unknown>>;

const balance: Morning = { regime: 'balance' };
const trendUp: Morning = { regime: 'trend-up', composite: { vah: 4_990, val: 4_970, poc: 4_980 } };
const trendDown: Morning = {
  regime: 'trend-down',
  composite: { vah: 5_040, val: 5_020, poc: 5_030 },
};
const pending: Morning = { regime: 'breakout-pending' };

// Periods against the composite 4990 to 5015, value 4995 to 5010 and a night from 4998 to 5012.
const stands: Ohlc = [5_006, 5_009, 5_004, 5_007];
const failsHigh: Ohlc = [5_007, 5_018, 5_005, 5_010];
const toPoc: Ohlc = [5_010, 5_011, 4_999, 5_002];
const breaksUp: Ohlc = [5_010, 5_020, 5_009, 5_018];
const climbs: Ohlc = [5_018, 5_030, 5_017, 5_028];
const runs: Ohlc = [5_028, 5_045, 5_027, 5_044];
const comesBack: Ohlc = [5_028, 5_028, 5_008, 5_009];
const staysBack: Ohlc = [5_009, 5_010, 5_004, 5_006];
const dips: Ohlc = [5_007, 5_009, 5_002, 5_006];
const sinks: Ohlc = [5_000, 5_001, 4_990, 4_992];
const sinksOn: Ohlc = [4_992, 4_993, 4_984, 4_985];

const settings = { news: [{ date: today, time: '11:00' }] };

function play(morning: Morning, periods: readonly Ohlc[], config: Row = {}): Run {
  const run = driveNode(plugin, { tradeDate: today, config });
  openMorning(run, morning);
  playDay(run, periods);
  expect(run.errors).toEqual([]);
  return run;
}

const plansOf = (run: Run): Row[] =>
  run.emits.filter(({ port }) => port === 'plan').map(({ payload }) => payload);
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

describe('the plan of a balance', () => {
  it('is drafted at 09:25, fixed at the open with the place of the open, and then stays', () => {
    const plans = plansOf(play(balance, [stands, stands]));
    expect(plans.map(({ version, reason }) => `${String(version)} ${String(reason)}`)).toEqual([
      '1 pre-market',
      '2 open',
    ]);
    expect(plans[0]).toMatchObject({ openCase: null, permits: true, bias: 'neutral' });
    expect(plans[1]).toMatchObject({
      openCase: 'upper-value',
      composite: { vah: 5_015, val: 4_990, poc: 5_000 },
      prior: { vah: 5_010, val: 4_995, poc: 5_003, shape: 'D' },
      overnight: { high: 5_012, low: 4_998 },
      invalidation: 5_015,
      doNotTrade: [],
      condition:
        'Balance: prior value lies in the composite before it. Fade the edges of the composite.',
    });
  });

  it('fades the edges back to the point of control, and follows accepted ones', () => {
    const { scenarios } = plansOf(play(balance, [stands]))[1] as { scenarios: Row[] };
    expect(
      scenarios.map(({ id, role, side, entryRef, target }) => [id, role, side, entryRef, target]),
    ).toEqual([
      ['fade-high', 'primary', 'short', 5_015, 5_000],
      ['fade-low', 'primary', 'long', 4_990, 5_000],
      ['break-high', 'alternative', 'long', 5_015, 5_040],
      ['break-low', 'alternative', 'short', 4_990, 4_965],
    ]);
    const [fade] = scenarios;
    expect([fade?.['if'], fade?.['action']]).toEqual([
      'price looks above 5015.00, the upper edge of the composite, and a half hour closes back',
      'sell back, target 5000.00, then 4990.00; wrong when accepted above 5015.00',
    ]);
  });

  it('leans the way the open lies outside the composite', () => {
    const above = play({ ...balance, composite: { vah: 5_000, val: 4_990 } }, [stands]);
    expect(plansOf(above)[1]).toMatchObject({ bias: 'long', invalidation: 4_990 });
    const below = play({ ...balance, composite: { vah: 5_030, val: 5_020 } }, [stands]);
    expect(plansOf(below)[1]).toMatchObject({ bias: 'short', invalidation: 5_030 });
  });

  it('is over when two half hours close beyond an edge', () => {
    const run = play(balance, [breaksUp, climbs]);
    expect(run.state).toBe('invalidated');
    expect(lastOf(run, 'plan')).toMatchObject({ version: 3, permits: false });
  });

  it('near miss: one close beyond the edge leaves it standing', () => {
    expect(play(balance, [breaksUp, staysBack]).state).toBe('fixed');
  });
});

describe('the place of the open', () => {
  const range = { high: 5_012, low: 4_988, vah: 5_008, val: 4_994, poc: 5_001 };
  it.each([
    [5_012.25, 'above-range'],
    [5_008.25, 'above-value-in-range'],
    [5_001.5, 'at-poc'],
    [4_993.75, 'below-value-in-range'],
  ])('at %d is %s (V28)', (open, openCase) => {
    const run = play({ ...balance, prior: range }, [[open, open, open, open]]);
    expect(plansOf(run)[1]).toMatchObject({ openCase });
  });
});

describe('scenarios', () => {
  it('trigger on a rejection, end at the target and leave an outcome', () => {
    const run = play(balance, [failsHigh, toPoc]);
    expect(lastOf(run, 'outcome')).toEqual({
      tradeDate: today,
      setup: 'hypothesis-scenario',
      variant: 'fade-high',
      side: 'short',
      result: 'completed',
      triggeredAt: run.at('10:00'),
      entry: 5_010,
      target: 5_000,
      invalidation: 5_015,
      price: 5_000,
      resultTicks: 40,
    });
  });

  it('trigger on a touch, and are wrong when prior value is lost', () => {
    const run = play(trendUp, [dips, sinks, sinksOn]);
    expect(run.state).toBe('invalidated');
    expect(lastOf(run, 'outcome')).toMatchObject({
      variant: 'pullback-long',
      result: 'rejected',
      // The first five minutes below the reference traded at 5002 at best.
      entry: 5_002,
      price: 4_985,
      resultTicks: -68,
    });
  });

  it('still open at the end of the session end there', () => {
    const run = play(trendUp, [dips, stands]);
    endDay(run);
    expect(lastOf(run, 'outcome')).toMatchObject({ result: 'expired', price: 5_007 });
    const { scenarios } = lastOf(run, 'score') as { scenarios: Row[] };
    expect(scenarios[0]).toMatchObject({
      id: 'pullback-long',
      result: 'open-at-close',
      maeTicks: 0,
      mfeTicks: 28,
    });
  });
});

describe('what says not to trade', () => {
  it.each([
    ['an unknown regime', { ...balance, regime: 'unknown' }, 'the regime is unknown'],
    ['a half day', { ...balance, calendar: { short: true } }, 'half day'],
    ['a roll', { ...balance, calendar: { rolled: true } }, 'first session of a new contract'],
    [
      'a partial composite',
      { ...balance, composite: { partial: true } },
      'the composite is partial',
    ],
    [
      'a gap in the prior session',
      { ...balance, prior: { gap: true } },
      'the prior session has a gap',
    ],
  ] as const)('%s', (_name, morning, why) => {
    expect(plansOf(play(morning, [stands]))[1]).toMatchObject({
      doNotTrade: [why],
      permits: false,
    });
  });

  it('news takes permission away for minutes only', () => {
    const run = play(balance, [stands, stands, stands, stands], settings);
    expect(plansOf(run).slice(2)).toMatchObject([
      { reason: 'news at 11:00 is near', doNotTrade: ['news at 11:00'], permits: false },
      { reason: 'news at 11:00 is over', doNotTrade: [], permits: true },
    ]);
  });
});

describe('a new regime during the session', () => {
  const intraday = { stage: 'intraday', reason: 'the edge above is accepted' };

  it('makes a new version with that reason; the plan of the open is scored', () => {
    const run = play(balance, [stands]);
    regimeAt(run, '10:05', 'trend-up', intraday);
    expect(run.state).toBe('revised');
    expect(lastOf(run, 'plan')).toMatchObject({
      version: 3,
      reason: 'regime changed from balance to trend-up: the edge above is accepted',
      regime: 'trend-up',
      bias: 'long',
    });
    endDay(run);
    expect(lastOf(run, 'score')).toMatchObject({ version: 2, regime: 'balance' });
  });

  it('gives permission back after the plan was over', () => {
    const run = play(balance, [breaksUp, climbs]);
    regimeAt(run, '10:35', 'trend-up', intraday);
    expect(run.state).toBe('revised');
    expect(lastOf(run, 'plan')['permits']).toBe(true);
  });
});

describe('the score', () => {
  it('says what was realised, and counts ordinary sessions', () => {
    const run = play(balance, [stands]);
    endDay(run);
    expect(run.state).toBe('scored');
    expect(lastOf(run, 'score')).toMatchObject({
      regime: 'balance',
      realised: 'balance',
      conditionHit: true,
      biasHit: null,
      invalidatedAt: null,
      rangeTicks: 20,
      closeMinusOpenTicks: 4,
      counted: true,
      condition: { n: 1, hits: 1, rate: 1 },
      biases: { n: 0, rate: null, low: null },
      baseline: { named: null, n: 0 },
    });
  });

  it('is given once, and not counted on a half day', () => {
    const run = play({ ...balance, calendar: { short: true } }, [stands]);
    endDay(run, { short: true });
    phaseAt(run, 'closed', '17:00', { short: true });
    expect(run.emits.filter(({ port }) => port === 'score')).toHaveLength(1);
    expect(lastOf(run, 'score')).toMatchObject({ counted: false, condition: { n: 0 } });
  });
});

describe('without an open', () => {
  it('there is no plan on a holiday, and a draft is let go', () => {
    const holiday = play({ ...balance, calendar: { holiday: true } }, [stands]);
    expect(plansOf(holiday)).toEqual([]);
    const late = driveNode(plugin, { tradeDate: today });
    openMorning(late, balance);
    late.trade('09:40', 5_005, 1);
    expect(late.state).toBe('drafted');
    endDay(late);
    expect(late.state).toBe('waiting');
  });
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
