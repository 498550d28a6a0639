import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  biasOf,
  conditionOf,
  endersOf,
  nearestBeyond,
  nearestEnder,
  within,
} from './hypothesis.ts';
import { casesOf, type Levels } from './scenarios.ts';
import {
  isBiasHit,
  isConditionHit,
  mostFrequent,
  rateOf,
  realisedOf,
  scoreTrack,
  withCase,
} from './score.ts';
import { beginTracks, endTrack, isEnded, seeClose, seeSlice } from './tracks.ts';

const composite = { vah: 20_060, val: 19_960, poc: 20_000 };
const levels: Levels = {
  composite,
  prior: { vah: 20_040, val: 19_980, poc: 20_012, high: 20_080, low: 19_940 },
  night: { high: 20_048, low: 19_992 },
  range: 120,
  price: 20_024,
  above: null,
  below: null,
};
const write = (ticks: number): string => String(ticks);
const idsOf = (regime: string, of: Levels = levels) =>
  casesOf(regime, of, 0.5, write).map(({ scenario }) => scenario.id);

describe('scenarios', () => {
  it('of a trend pull back to prior value, and aim at the next composite or half a range beyond', () => {
    const [primary, alternative] = casesOf('trend-up', levels, 0.5, write);
    expect(primary!.scenario).toMatchObject({
      entryRef: 20_012,
      target: 20_140,
      invalidation: 19_980,
    });
    expect(alternative!.scenario).toMatchObject({ side: 'flat', entryRef: 19_980, target: null });
    const next = casesOf('trend-up', { ...levels, above: 20_100 }, 0.5, write);
    expect(next[0]!.scenario.target).toBe(20_100);
  });

  it('of a trend have no reference when price lies on the wrong side of value', () => {
    const [primary] = casesOf('trend-up', { ...levels, price: 19_900 }, 0.5, write);
    expect(primary).toMatchObject({ scenario: { entryRef: null }, trigger: null });
    expect(primary!.scenario.if).toBe('price comes back to VWAP and holds');
  });

  it('of a trend have no target without an average range', () => {
    const [primary] = casesOf('trend-down', { ...levels, range: null }, 0.5, write);
    expect(primary!.scenario.target).toBeNull();
  });

  it('of a pending break-out aim one composite width beyond the night', () => {
    const [high, low] = casesOf('breakout-pending', levels, 0.5, write);
    expect(high!.scenario.target).toBe(20_148);
    expect(low!.scenario.target).toBe(19_892);
    expect(idsOf('breakout-pending')).toEqual(['break-high', 'break-low', 'fail-high', 'fail-low']);
  });

  it('leave out a failure whose target lies on the wrong side', () => {
    const night = { high: 19_990, low: 19_950 };
    expect(idsOf('breakout-pending', { ...levels, night })).not.toContain('fail-high');
  });

  it('are none without the levels they need', () => {
    const nothing = { ...levels, composite: null, prior: null, night: null };
    for (const regime of ['trend-up', 'trend-down', 'balance', 'breakout-pending', 'unknown'])
      expect(idsOf(regime, nothing)).toEqual([]);
  });
});

describe('the plan', () => {
  it('leans in a balance the way the open lies outside', () => {
    expect(biasOf('balance', 20_061, composite)).toBe('long');
    expect(biasOf('balance', 20_060, composite)).toBe('neutral');
    expect(biasOf('balance', 19_959, composite)).toBe('short');
    expect(biasOf('balance', null, composite)).toBe('neutral');
    expect(biasOf('breakout-pending', 20_061, composite)).toBe('neutral');
  });

  it('ends where its regime is wrong', () => {
    expect(endersOf('trend-up', 'long', levels)).toEqual([{ level: 19_980, way: -1 }]);
    expect(endersOf('trend-down', 'short', levels)).toEqual([{ level: 20_040, way: 1 }]);
    expect(nearestEnder(endersOf('balance', 'neutral', levels), 20_024)).toBe(20_060);
    expect(endersOf('breakout-pending', 'neutral', levels)).toEqual([]);
    expect(nearestEnder([], 20_024)).toBeNull();
  });

  it('is told in one breath', () => {
    expect(conditionOf('unknown', false, 'inputs are missing', ['the overnight range'])).toBe(
      'Unknown: missing the overnight range. No plan, no trade.',
    );
  });

  it('looks at prices near, and at the nearest beyond', () => {
    expect(within([10, 20, 30], 22, 8)).toEqual([20, 30]);
    expect(within([10, 20, 30], 22, Number.NaN)).toEqual([]);
    expect(nearestBeyond([10, 20, 30], 20, 1)).toBe(30);
    expect(nearestBeyond([10, 20, 30], 10, -1)).toBeNull();
  });
});

describe('the score', () => {
  const up = { up: true, down: false, night: true };
  const none = { up: false, down: false, night: false };

  it('realises a trend with acceptance and half of the range', () => {
    const day = { open: 20_020, high: 20_120, low: 20_000, close: 20_080 };
    expect(realisedOf(day, up, composite, 0.5)).toBe('trend-up');
    expect(realisedOf({ ...day, close: 20_079 }, up, composite, 0.5)).toBe('other');
    expect(realisedOf({ ...day, close: 20_060 }, none, composite, 0.5)).toBe('balance');
    expect(realisedOf({ ...day, close: 20_061 }, none, composite, 0.5)).toBe('other');
    expect(realisedOf(day, none, null, 0.5)).toBe('other');
  });

  it('judges regime and bias, and says null where neither right nor wrong can be told', () => {
    expect(isConditionHit('balance', 'balance', 50, false, null)).toBe(true);
    expect(isConditionHit('breakout-pending', 'other', 120, true, 120)).toBe(true);
    expect(isConditionHit('breakout-pending', 'other', 120, false, 120)).toBe(false);
    expect(isConditionHit('breakout-pending', 'other', 120, true, null)).toBeNull();
    expect(isConditionHit('unknown', 'other', 120, true, 120)).toBeNull();
    expect(isBiasHit('long', 2, 2)).toBe(true);
    expect(isBiasHit('short', 2, 2)).toBe(false);
    expect(isBiasHit('long', 1, 2)).toBeNull();
  });

  it('names the most frequent outcome, the first listed on a tie', () => {
    expect(mostFrequent([])).toBeNull();
    expect(mostFrequent(['other', 'trend-up', 'other'])).toBe('other');
    expect(mostFrequent(['other', 'balance'])).toBe('balance');
  });

  it('counts only what can be told', () => {
    const tally = [true, null, false, true].reduce(withCase, { n: 0, hits: 0 });
    expect(rateOf(tally)).toMatchObject({ n: 3, hits: 2, rate: 2 / 3 });
    expect(rateOf({ n: 0, hits: 0 })).toMatchObject({ rate: null, low: null, high: null });
  });
});

describe('a followed scenario', () => {
  const start = 1_000_000_000;
  const five = 300_000_000;
  const [pullback] = beginTracks(casesOf('trend-up', levels, 0.5, write), 20_024, start);
  const slice = (i: number, low: number, high: number) => ({
    start: start + i * five,
    end: start + (i + 1) * five,
    high,
    low,
  });

  it('counts only what went against it in the five minutes that trigger it', () => {
    const touched = seeSlice(pullback!, slice(0, 20_004, 20_200));
    expect(touched).toMatchObject({ status: 'open', entry: 20_012, worst: 20_004, best: 20_012 });
    const there = seeSlice(touched, slice(1, 20_010, 20_150));
    expect(there).toMatchObject({ status: 'target', price: 20_140, best: 20_140 });
    expect(scoreTrack(there, 8)).toMatchObject({ maeTicks: 8, mfeTicks: 128, maeR: 0.25, mfeR: 4 });
    expect(isEnded(there)).toBe(true);
  });

  it('is wrong after two closes beyond its invalidation', () => {
    const touched = seeSlice(pullback!, slice(0, 20_004, 20_030));
    const closed = (i: number, close: number) => ({
      start: start + i * 6 * five,
      end: start + (i + 1) * 6 * five,
      high: 20_000,
      low: 19_970,
      close,
    });
    const once = seeClose(touched, closed(0, 19_975));
    expect(once.status).toBe('open');
    expect(seeClose(once, closed(1, 19_980)).status).toBe('open');
    expect(seeClose(once, closed(1, 19_979))).toMatchObject({
      status: 'invalidated',
      price: 19_979,
    });
  });

  it('is not triggered by what never came, and does not end', () => {
    expect(scoreTrack(endTrack(pullback!, 20_030), 8).result).toBe('not-triggered');
  });

  it('has excursions that are never negative and hold the end, whatever trades', () => {
    const trades = fc.array(
      fc.tuple(fc.integer({ min: 19_900, max: 20_200 }), fc.integer({ min: 0, max: 60 })),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(trades, (list) => {
        const last = list.reduce(
          (track, [low, height], i) => seeSlice(track, slice(i, low, low + height)),
          pullback!,
        );
        const { maeTicks, mfeTicks, result } = scoreTrack(last, 8);
        expect(maeTicks === null).toBe(result === 'not-triggered');
        expect(Number(maeTicks)).toBeGreaterThanOrEqual(0);
        expect(Number(mfeTicks)).toBeGreaterThanOrEqual(0);
        if (result === 'target') expect(mfeTicks).toBe(20_140 - Number(last.entry));
      }),
    );
  });
});
