import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatUtc,
  nanosToMicros,
  parseUtc,
  type Zone,
  zonedClock,
  zonedDate,
  zonedToUtc,
} from './time.ts';

const instant = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
const zone = fc.constantFrom<Zone>('America/New_York', 'America/Chicago', 'UTC');

describe('time', () => {
  test('print and read of an instant are inverse', () => {
    fc.assert(
      fc.property(instant, (ts) => {
        expect(parseUtc(formatUtc(ts))).toBe(ts);
      }),
    );
  });

  test('nanoseconds equal a BigInt division that floors', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -9_000_000_000_000_000_000n, max: 9_000_000_000_000_000_000n }),
        (ns) => {
          const floored = (ns - (((ns % 1_000n) + 1_000n) % 1_000n)) / 1_000n;
          expect(nanosToMicros(String(ns))).toBe(Number(floored));
        },
      ),
    );
  });

  test('local date and clock lead back to the instant, or to its twin of the repeated hour', () => {
    fc.assert(
      fc.property(instant, zone, (ts, z) => {
        const back = zonedToUtc(z, zonedDate(z, ts), zonedClock(z, ts));
        expect([ts, ts - 3_600_000_000]).toContain(back);
      }),
    );
  });
});
