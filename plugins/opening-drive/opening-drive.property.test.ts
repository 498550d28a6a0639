import fc from 'fast-check';
import { expect, it } from 'vitest';
import { config } from './config.ts';
import { isResumed, pullbackOf, retracementOf, stopOf, targetOf } from './drive-signal.ts';
import {
  excursionOf,
  type FiveMinutes,
  nearestReference,
  openingTypeOf,
  sideOf,
} from './opening-drive.ts';

const rules = config.parse({});
const bar = fc
  .tuple(fc.integer({ min: -60, max: 60 }), fc.nat(20), fc.nat(20))
  .map(([low, height, close]) => ({
    low,
    high: low + height,
    close: low + Math.min(close, height),
  }));
const session = fc.array(bar, { minLength: 1, maxLength: 12 });
const mirror = (bars: readonly FiveMinutes[]): FiveMinutes[] =>
  bars.map(({ high, low, close }) => ({ high: -low, low: -high, close: 0 - close }));

it('a mirrored opening has the mirrored type', () => {
  const typeOf = (bars: readonly FiveMinutes[], at: number) => {
    const excursion = excursionOf(0, bars);
    const reading = {
      ...excursion,
      rangeTicks: 30,
      bandTicks: 4,
      tested: nearestReference(-excursion.adverseTicks * (excursion.direction >= 0 ? 1 : -1), [
        { kind: 'x', price: at },
      ]),
      inRange: true,
    };
    const type = openingTypeOf(reading, rules);
    return { type, side: sideOf(type, excursion.direction) };
  };
  const other = { long: 'short', short: 'long' } as const;
  fc.assert(
    fc.property(session, fc.integer({ min: -40, max: 40 }), (bars, at) => {
      const { type, side } = typeOf(bars, at);
      expect(typeOf(mirror(bars), -at)).toEqual({ type, side: side && other[side] });
    }),
  );
});

it('a mirrored pullback is the mirrored pullback', () => {
  fc.assert(
    fc.property(session, fc.integer({ min: -40, max: 40 }), (bars, vwap) => {
      const up = pullbackOf(0, 1, 4, vwap, bars);
      const down = pullbackOf(0, -1, 4, -vwap, mirror(bars));
      expect(retracementOf(down)).toBe(retracementOf(up));
      expect(isResumed(down, rules)).toBe(isResumed(up, rules));
    }),
  );
});

it('a signal has its stop behind the open and its target ahead of the initial balance', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(30), fc.integer({ min: 4, max: 20 }), (away, width, band) => {
      const value = { vah: -1 - away, val: -1 - away - width };
      const stop = stopOf(1, 0, band, value);
      expect(stop).toBeLessThan(0);
      expect(stop).toBeGreaterThanOrEqual(value.vah);
      expect(targetOf(1, 30, 10)).toBe(50);
      expect(stopOf(-1, 0, band, { vah: -value.val, val: -value.vah })).toBe(0 - stop);
    }),
  );
});
