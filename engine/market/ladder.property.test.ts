import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ladder } from './ladder.ts';

test('a ladder equals a map of sums', () => {
  const trades = fc.array(
    fc.tuple(fc.integer({ min: -3_000, max: 3_000 }), fc.integer({ min: 1, max: 50 })),
  );
  fc.assert(
    fc.property(trades, (list) => {
      const ladder = new Ladder();
      const map = new Map<number, number>();
      for (const [tick, size] of list) {
        ladder.add(tick, size);
        map.set(tick, (map.get(tick) ?? 0) + size);
      }
      expect(ladder.empty).toBe(map.size === 0);
      const { low, volumes } = ladder.slice();
      expect(volumes.every((v, i) => v === (map.get(low + i) ?? 0))).toBe(true);
      expect([...map].every(([tick, v]) => ladder.at(tick) === v)).toBe(true);
    }),
  );
});
