import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ladder } from './ladder.ts';
import { type ValueAreaRule, valueArea } from './value-area.ts';
import {
  mergeProfiles,
  type Profile,
  shiftProfile,
  spreadBar,
  totalVolume,
} from './volume-profile.ts';

const volumes = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 });
const profile = fc
  .record({ low: fc.integer({ min: -50, max: 30_000 }), volumes })
  .filter((p) => p.volumes.some((v) => v > 0));
const rule = fc.constantFrom<ValueAreaRule>('two', 'one', 'trim');

/** Grows the area with whole numbers and a fresh sum at every step. */
function slowArea({ low, volumes: v }: Profile, step: number): { val: number; vah: number } {
  const traded = [...v.keys()].filter((i) => v[i]! > 0);
  const [first, last] = [traded[0]!, traded.at(-1)!];
  const most = Math.max(...v);
  const ranked = traded.filter((i) => v[i] === most);
  ranked.sort((a, b) => Math.abs(2 * a - first - last) - Math.abs(2 * b - first - last) || b - a);
  let bottom = ranked[0]!;
  let top = bottom;
  const sum = (from: number, to: number): number => {
    let s = 0;
    for (let i = from; i <= to; i += 1) s += v[i]!;
    return s;
  };
  const total = sum(0, v.length - 1);
  while (sum(bottom, top) * 100 < 70 * total) {
    const above = top < last ? sum(top + 1, Math.min(last, top + step)) : -1;
    const below = bottom > first ? sum(Math.max(first, bottom - step), bottom - 1) : -1;
    if (above >= below) top = Math.min(last, top + step);
    else bottom = Math.max(first, bottom - step);
  }
  return { val: low + bottom, vah: low + top };
}

describe('value area', () => {
  test('equals a slow one written differently', () => {
    fc.assert(
      fc.property(profile, (p) => {
        expect(valueArea(p)).toMatchObject(slowArea(p, 2));
        expect(valueArea(p, { rule: 'one' })).toMatchObject(slowArea(p, 1));
      }),
      { numRuns: 500 },
    );
  });

  test('holds at least 70 % inside the range, with the point of control in it', () => {
    fc.assert(
      fc.property(profile, rule, (p, r) => {
        const area = valueArea(p, { rule: r })!;
        expect(area.volume * 100).toBeGreaterThanOrEqual(70 * area.total);
        expect(area.val).toBeGreaterThanOrEqual(p.low);
        expect(area.vah).toBeLessThan(p.low + p.volumes.length);
        expect(area.val <= area.poc && area.poc <= area.vah).toBe(true);
        expect(area.total).toBe(totalVolume(p));
      }),
    );
  });

  test('mirrors when prices are mirrored and ties go the other way', () => {
    fc.assert(
      fc.property(profile, rule, (p, r) => {
        const mirrored = { low: -(p.low + p.volumes.length - 1), volumes: p.volumes.toReversed() };
        const poc = valueArea(p)!.poc;
        const up = valueArea(p, { rule: r, tie: 'up', poc })!;
        const down = valueArea(mirrored, { rule: r, tie: 'down', poc: -poc })!;
        expect([down.val, down.vah, down.volume]).toEqual([0 - up.vah, 0 - up.val, up.volume]);
      }),
    );
  });

  test('does not change when all volumes are scaled', () => {
    fc.assert(
      fc.property(profile, rule, fc.integer({ min: 2, max: 900 }), (p, r, k) => {
        const { poc, vah, val } = valueArea(p, { rule: r })!;
        const scaled = { low: p.low, volumes: p.volumes.map((v) => v * k) };
        expect(valueArea(scaled, { rule: r })).toMatchObject({ poc, vah, val });
        const fractional = { low: p.low, volumes: p.volumes.map((v) => v / k) };
        expect(valueArea(fractional, { rule: r })).toMatchObject({ poc, vah, val });
      }),
    );
  });

  test('moves with the prices', () => {
    fc.assert(
      fc.property(profile, fc.integer({ min: -900, max: 900 }), (p, k) => {
        const { poc, vah, val } = valueArea(p)!;
        expect(valueArea(shiftProfile(p, k))).toMatchObject({
          poc: poc + k,
          vah: vah + k,
          val: val + k,
        });
      }),
    );
  });

  test('by single rows falls short without its last row', () => {
    fc.assert(
      fc.property(profile, (p) => {
        const { volumes: v, low } = p;
        const { val, vah, poc, volume, total } = valueArea(p, { rule: 'one' })!;
        if (val === vah) return;
        const ends = [val, vah].filter((tick) => tick !== poc).map((tick) => v[tick - low]!);
        expect((volume - Math.max(...ends)) * 100).toBeLessThan(70 * total);
      }),
    );
  });
});

describe('profiles', () => {
  test('merge to the same whatever the order', () => {
    fc.assert(
      fc.property(profile, profile, profile, (a, b, c) => {
        const merged = mergeProfiles([a, b, c]);
        expect(mergeProfiles([c, a, b])).toEqual(merged);
        expect(mergeProfiles([mergeProfiles([b, a]), c])).toEqual(merged);
        expect(totalVolume(merged)).toBe(totalVolume(a) + totalVolume(b) + totalVolume(c));
      }),
    );
  });

  test('built trade by trade end where the whole session ends', () => {
    const trade = fc.tuple(
      fc.integer({ min: 20_000, max: 20_060 }),
      fc.integer({ min: 1, max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 120 }), (trades) => {
        const growing = new Ladder();
        let last = null;
        for (const [tick, size] of trades) {
          growing.add(tick, size);
          last = valueArea(growing.view());
        }
        const whole = new Ladder();
        for (const [tick, size] of trades.toReversed()) whole.add(tick, size);
        expect(last).toEqual(valueArea(whole.slice()));
      }),
    );
  });

  test('keep a bar’s volume when it is spread', () => {
    const bar = fc.tuple(
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 9_999 }),
    );
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1 }), (bars) => {
        const ladder = new Ladder();
        for (const [low, height, volume] of bars) spreadBar(ladder, low, low + height, volume);
        const total = bars.reduce((sum, [, , volume]) => sum + volume, 0);
        expect(totalVolume(ladder.slice())).toBeCloseTo(total, 6);
      }),
    );
  });
});
