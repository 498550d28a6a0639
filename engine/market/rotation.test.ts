import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneTimeFraming, rotationFactor } from './rotation.ts';

const range = (low: number, high: number) => ({ low, high });

test.each([
  ['no period', [], 0],
  ['one period', [range(1, 5)], 0],
  ['higher high and higher low', [range(1, 5), range(2, 6)], 2],
  ['outside: one up, one down', [range(2, 5), range(1, 6)], 0],
  ['equal highs add nothing', [range(2, 5), range(1, 5)], -1],
  ['a period without a trade adds nothing', [range(2, 5), null, range(9, 12)], 0],
  ['three up, one down', [range(1, 5), range(2, 6), range(3, 7), range(4, 8), range(3, 7)], 4],
])('sums rotations: %s', (_name, periods, expected) => {
  expect(rotationFactor(periods)).toBe(expected);
});

test('framing is strict by default: an equal low breaks it', () => {
  const periods = [range(1, 5), range(1, 6), range(2, 7)];
  expect(oneTimeFraming(periods)).toEqual({
    up: false,
    down: false,
    upBreaks: 1,
    downBreaks: 2,
    steps: 2,
  });
  expect(oneTimeFraming(periods, 1)).toMatchObject({ up: true, upBreaks: 0 });
});

test('a tolerance lets a step back of so many ticks pass, and no more', () => {
  const periods = [range(10, 20), range(8, 22)];
  expect(oneTimeFraming(periods, 2).up).toBe(true);
  expect(oneTimeFraming(periods, 1).up).toBe(false);
});

test('there is no framing without a step, and a period without a trade breaks both ways', () => {
  expect(oneTimeFraming([range(1, 2)])).toMatchObject({ up: false, down: false, steps: 0 });
  expect(oneTimeFraming([range(1, 2), null])).toMatchObject({ upBreaks: 1, downBreaks: 1 });
});

const periods = fc.array(
  fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 }))
      .map(([low, width]) => range(low, low + width)),
  ),
  { maxLength: 14 },
);

test('the mirrored market has the opposite rotation and the other framing', () => {
  fc.assert(
    fc.property(periods, fc.integer({ min: 0, max: 2 }), (list, tolerance) => {
      const mirrored = list.map((p) => p && range(-p.high, -p.low));
      expect(rotationFactor(mirrored) + rotationFactor(list)).toBe(0);
      const [a, b] = [oneTimeFraming(list, tolerance), oneTimeFraming(mirrored, tolerance)];
      expect([b.up, b.upBreaks]).toEqual([a.down, a.downBreaks]);
    }),
  );
});

test('a session framed up never has a falling rotation', () => {
  fc.assert(
    fc.property(periods, (list) => {
      const framing = oneTimeFraming(list);
      if (framing.up) expect(rotationFactor(list)).toBeGreaterThanOrEqual(0);
    }),
  );
});
