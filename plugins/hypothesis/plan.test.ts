import { describe, expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import {
  balance,
  breaksUp,
  climbs,
  dips,
  endDay,
  failsHigh,
  type Morning,
  type Ohlc,
  openMorning,
  phaseAt,
  playDay,
  regimeAt,
  sinks,
  sinksOn,
  stands,
  staysBack,
  today,
  toPoc,
  trendUp,
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

const plansOf = (run: Run): Row[] =>
  run.emits.filter(({ port }) => port === 'plan').map(({ payload }) => payload);
const lastOf = (run: Run, port: string): Row =>
  run.emits.findLast((emitted) => emitted.port === port)?.payload ?? {};
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
