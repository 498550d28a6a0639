import { describe, expect, it } from 'vitest';
import { config } from './config.ts';
import {
  beginEnd,
  type End,
  follow,
  isLagging,
  judge,
  type Known,
  type Minute,
  ticksBeyond,
} from './cumulative-delta.ts';

const c = config.parse({});
const minute = 60_000_000;

/** A minute at its number; `price` is its extreme on the end's side and, unless told, its close. */
const at = (n: number, price: number, cd: number, close = price): Minute => ({
  ts: n * minute,
  high: price,
  low: price,
  close,
  cd,
});

function endOf(way: 1 | -1, first: Minute): End {
  const end = { way } as End;
  beginEnd(end, first);
  return end;
}

/** Follows minutes with a standard deviation of 400, so that .25 of it are 100 contracts. */
function after(end: End, minutes: readonly Minute[], sd = 400): End {
  for (const one of minutes) follow(end, one, sd, c);
  return end;
}

describe('price ahead of delta', () => {
  it('begins beyond an extreme of ten minutes ago that delta does not exceed', () => {
    const end = after(endOf(1, at(1, 100, 500)), [at(5, 95, 200), at(11, 101, 500)]);
    expect([end.aheadPrice, end.aheadCd]).toEqual([100, 500]);
  });

  it('is none when delta goes along, or the extreme is younger, or the close is back inside', () => {
    const first = at(1, 100, 500);
    for (const next of [at(11, 101, 501), at(10, 101, 400), at(11, 101, 400, 100)])
      expect(after(endOf(1, first), [next]).aheadPrice).toBeNaN();
  });

  it('ends when delta exceeds its value there, or price closes back inside', () => {
    const ahead = () => after(endOf(1, at(1, 100, 500)), [at(11, 101, 400)]);
    expect(after(ahead(), [at(12, 110, 500)]).aheadPrice).toBe(100);
    expect(after(ahead(), [at(12, 110, 501)]).aheadPrice).toBeNaN();
    expect(after(ahead(), [at(12, 103, 400, 101)]).aheadPrice).toBe(100);
    expect(after(ahead(), [at(12, 103, 400, 100)]).aheadPrice).toBeNaN();
  });

  it('is the mirror image at the low', () => {
    const end = after(endOf(-1, at(1, 100, -500)), [at(11, 99, -500)]);
    expect([end.aheadPrice, end.aheadCd]).toEqual([100, -500]);
    expect(ticksBeyond(end, at(21, 97, 0), c)).toBe(2);
    expect(ticksBeyond(end, at(20, 97, 0), c)).toBe(0);
  });
});

describe('price that lags delta', () => {
  it('does so once delta has been beyond its extreme for ten minutes', () => {
    const end = after(endOf(1, at(1, 100, 500)), [at(3, 99, 599), at(4, 99, 600)]);
    expect(end.lagSince).toBe(4 * minute);
    after(end, [at(9, 98, 501)]);
    expect([isLagging(end, 13 * minute, c), isLagging(end, 14 * minute, c)]).toEqual([false, true]);
  });

  it('does not when delta comes back, or price takes its extreme', () => {
    const beyond = [at(3, 99, 700)];
    expect(after(endOf(1, at(1, 100, 500)), [...beyond, at(5, 99, 500)]).lagSince).toBe(0);
    const taken = after(endOf(1, at(1, 100, 500)), [...beyond, at(5, 101, 650)]);
    expect([taken.lagSince, taken.cdExtreme, taken.price]).toEqual([0, 650, 101]);
  });

  it('is not known without a usual change', () => {
    const end = after(endOf(1, at(1, 100, 500)), [at(3, 99, 9_000)], Number.NaN);
    expect(end.lagSince).toBe(0);
  });

  it('keeps the larger delta of older extremes', () => {
    const end = after(endOf(-1, at(1, 100, -500)), [at(2, 99, -300)]);
    expect([end.cdThere, end.cdExtreme]).toEqual([-300, -500]);
  });
});

describe('the judgement', () => {
  const high = () => endOf(1, at(1, 100, 500));
  const low = () => endOf(-1, at(1, 90, -500));
  const known = (more: Partial<Known> = {}): Known => ({
    ends: [high(), low()],
    minute: at(30, 95, 100),
    age: 30 * minute,
    sd: 400,
    strength: null,
    unknownShare: 0,
    ...more,
  });
  const of = (more: Partial<Known>) => {
    const { condition, side } = judge(known(more), c);
    return [condition, side];
  };

  it('is unknown without sides, at the start, and without a usual change', () => {
    expect(of({ unknownShare: 0.16 })).toEqual(['unknown', null]);
    expect(of({ age: 10 * minute - 1 })).toEqual(['unknown', null]);
    expect(of({ sd: Number.NaN })).toEqual(['unknown', null]);
    expect(of({ sd: 0 })).toEqual(['unknown', null]);
    expect(of({ unknownShare: 0.15, age: 10 * minute })).toEqual(['normal', null]);
  });

  it('prefers price ahead to price lagging, and that to a stretched delta', () => {
    const ahead = after(high(), [at(11, 101, 400)]);
    const lagging = after(low(), [at(5, 95, -700)]);
    const strength = 0.95;
    expect(judge(known({ ends: [ahead, lagging], strength }), c)).toEqual({
      condition: 'price-ahead',
      side: 'short',
      extremePrice: 100,
      extremeCd: 500,
      reason: 'price is beyond its earlier high, delta is not',
    });
    expect(judge(known({ ends: [high(), lagging], strength }), c)).toMatchObject({
      condition: 'price-lags',
      side: 'long',
      extremePrice: 90,
      extremeCd: -500,
    });
    expect(of({ strength })).toEqual(['overstretched', 'short']);
    expect(of({ strength, minute: at(30, 95, -100) })).toEqual(['overstretched', 'long']);
    expect(of({ strength: 0.94 })).toEqual(['normal', null]);
  });
});
