import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  biasOf,
  compositeFor,
  hourTicks,
  isOfFamily,
  locate,
  sharedValue,
  withComposite,
  withHours,
} from './regime.ts';

describe('composites by the session they are in force for', () => {
  const dated = (asOf: string, inForce = true) => ({ asOf, inForce });
  const kept = [dated('2025-11-13'), dated('2025-11-14'), dated('2025-11-17')];

  it('count sessions before it only', () => {
    expect(compositeFor(kept, '2025-11-17')?.asOf).toBe('2025-11-14');
    expect(compositeFor(kept, '2025-11-18')?.asOf).toBe('2025-11-17');
  });

  it('are none before the first one and while none is in force', () => {
    expect(compositeFor(kept, '2025-11-13')).toBeNull();
    expect(compositeFor([...kept, dated('2025-11-18', false)], '2025-11-19')).toBeNull();
  });

  it('are kept few, the same day once', () => {
    const again = withComposite(kept, { ...dated('2025-11-17'), inForce: false });
    expect(again.map(({ asOf }) => asOf)).toEqual(['2025-11-13', '2025-11-14', '2025-11-17']);
    expect(again.at(-1)?.inForce).toBe(false);
    const many = ['18', '19', '20', '21'].reduce(
      (list, date) => withComposite(list, dated(`2025-11-${date}`)),
      kept,
    );
    expect(many.map(({ asOf }) => asOf.slice(-2))).toEqual(['18', '19', '20', '21']);
  });
});

describe('the range of the last hour', () => {
  it('spans two periods', () => {
    expect(hourTicks({ high: 20, low: 10 }, { high: 24, low: 12 })).toBe(14);
  });

  it('is unknown for the first period and when one of them did not trade', () => {
    expect(hourTicks(null, { high: 24, low: 12 })).toBeNull();
    expect(hourTicks({ high: null, low: null }, { high: 24, low: 12 })).toBeNull();
    expect(hourTicks({ high: 24, low: 12 }, { high: null, low: null })).toBeNull();
  });

  it('is kept by time of day, unknown ones not at all', () => {
    expect(withHours([[], [8, 9]], [null, 10, 11], 2)).toEqual([[], [9, 10], [11]]);
  });
});

describe('bias', () => {
  it.each([
    ['trend-up', false, 'lower', 'long'],
    ['trend-down', false, 'higher', 'short'],
    ['balance', false, 'higher', 'neutral'],
    ['balance', true, 'overlapping-higher', 'long'],
    ['balance', true, 'lower', 'short'],
    ['balance', true, 'outside', 'neutral'],
    ['balance', true, null, 'neutral'],
    ['breakout-pending', false, 'higher', 'neutral'],
    ['unknown', false, 'higher', 'neutral'],
  ] as const)('of %s (low confidence: %s) with value %s is %s', (regime, low, relation, bias) => {
    expect(biasOf(regime, low, relation)).toBe(bias);
  });
});

describe('any two value areas', () => {
  const area = fc
    .tuple(fc.integer({ min: 19_000, max: 21_000 }), fc.integer({ min: 0, max: 400 }))
    .map(([val, width]) => ({ val, vah: val + width, poc: val }));

  it('have a share in 0..1 that does not depend on their order, and families that exclude each other', () => {
    fc.assert(
      fc.property(area, area, (a, b) => {
        const { relation, overlapMin } = locate(a, b, 2);
        expect(overlapMin).toBe(sharedValue(b, a));
        expect(overlapMin).toBeGreaterThanOrEqual(0);
        expect(overlapMin).toBeLessThanOrEqual(1);
        expect(isOfFamily(relation, 1) && isOfFamily(relation, -1)).toBe(false);
        if (a.val > b.vah) expect(relation).toBe('higher');
      }),
    );
  });
});
