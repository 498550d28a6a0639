import { describe, expect, test } from 'vitest';
import { type ValueAreaOptions, valueArea } from './value-area.ts';
import { mergeProfiles, type Profile, pointOfControl } from './volume-profile.ts';

const rows = (low: number, ...volumes: number[]): Profile => ({ low, volumes });
const edges = (profile: Profile, options?: ValueAreaOptions): [number, number, number] | null => {
  const area = valueArea(profile, options);
  return area === null ? null : [area.val, area.vah, area.volume];
};
const cbot = rows(101, 10, 15, 20, 60, 70, 150, 90, 80, 50, 10);

describe('the value area', () => {
  test('of the published CBOT table is 105 to 108 row by row (V1)', () => {
    expect(valueArea(cbot)).toEqual({ poc: 106, val: 104, vah: 108, volume: 450, total: 555 });
    expect(edges(cbot, { rule: 'two' })).toEqual([104, 108, 450]);
    expect(edges(cbot, { rule: 'one' })).toEqual([105, 108, 390]);
    expect(edges(cbot, { rule: 'trim' })).toEqual([105, 108, 390]);
  });

  test('stops at exactly 70 % (V2)', () => {
    const exact = rows(1, 10, 10, 70, 5, 5);
    for (const rule of ['two', 'one', 'trim'] as const)
      expect(edges(exact, { rule })).toEqual([3, 3, 70]);
    expect(edges(exact, { rule: 'one', stop: 'more-than' })).toEqual([2, 3, 80]);
  });

  test('sends a tie up, down or both ways (V4)', () => {
    const symmetric = rows(0, 10, 20, 40, 20, 10);
    for (const tie of ['up', 'down', 'both'] as const) {
      expect(edges(symmetric, { rule: 'one', tie })).toEqual([1, 3, 80]);
    }
    expect(edges(symmetric, { tie: 'up' })).toEqual([2, 4, 70]);
    expect(edges(symmetric, { tie: 'down' })).toEqual([0, 2, 70]);
    expect(edges(symmetric, { tie: 'both' })).toEqual([0, 4, 100]);
  });

  test.each<[string, Profile, readonly (readonly [number, number, number])[]]>([
    [
      'at the lower edge',
      rows(0, 60, 20, 15, 5),
      [
        [0, 1, 80],
        [0, 2, 95],
        [0, 1, 80],
      ],
    ],
    [
      'in the middle',
      rows(0, 25, 10, 40, 15, 10),
      [
        [1, 4, 75],
        [0, 2, 75],
        [0, 2, 75],
      ],
    ],
    [
      'with a lone row below',
      rows(0, 30, 50, 9, 11),
      [
        [0, 1, 80],
        [0, 1, 80],
        [0, 1, 80],
      ],
    ],
  ])('grows from a point of control %s (V5)', (_, profile, expected) => {
    expect(edges(profile, { rule: 'one' })).toEqual(expected[0]);
    expect(edges(profile, { rule: 'two' })).toEqual(expected[1]);
    expect(edges(profile, { rule: 'trim' })).toEqual(expected[2]);
  });

  test('counts untraded rows inside the range as rows (V6)', () => {
    const gap = rows(0, 30, 0, 0, 50, 5, 15);
    expect(edges(gap, { rule: 'one' })).toEqual([3, 5, 70]);
    expect(edges(gap, { rule: 'two' })).toEqual([3, 5, 70]);
    expect(edges(gap, { rule: 'one', rows: 'populated' })).toEqual([0, 3, 80]);
  });

  test('of a composite comes from the merged volume, not from the mean of the days (V8)', () => {
    const d1 = rows(100, 10, 30, 60, 30, 10);
    const d2 = rows(103, 10, 20, 40, 80, 30, 20);
    const d3 = rows(106, 20, 70, 40, 20, 10);
    expect([d1, d2, d3].map((d) => edges(d)?.slice(0, 2))).toEqual([
      [102, 104],
      [104, 106],
      [107, 109],
    ]);
    expect([d1, d2, d3].map((d) => pointOfControl(d))).toEqual([102, 106, 107]);
    const merged = mergeProfiles([d1, d2, d3]);
    expect(merged.low).toBe(100);
    expect([...merged.volumes]).toEqual([10, 30, 60, 40, 30, 40, 100, 100, 60, 20, 10]);
    expect(valueArea(merged)).toEqual({ poc: 106, val: 102, vah: 108, volume: 430, total: 500 });
    expect(edges(merged, { rule: 'one' })).toEqual([103, 108, 370]);
  });

  test('of nothing is null', () => {
    expect(valueArea(rows(0))).toBeNull();
    expect(valueArea(rows(5, 0, 0, 0))).toBeNull();
    expect(valueArea(rows(5, 0), { rows: 'populated' })).toBeNull();
  });

  test('of one row, one trade, or a dominant row is that row', () => {
    expect(valueArea(rows(7, 1))).toEqual({ poc: 7, val: 7, vah: 7, volume: 1, total: 1 });
    expect(edges(rows(7, 1, 90, 9))).toEqual([8, 8, 90]);
  });

  test('of equal rows starts in the centre and grows up first', () => {
    expect(valueArea(rows(0, 5, 5, 5, 5, 5))).toMatchObject({ poc: 2, val: 2 - 2, vah: 4 });
    expect(edges(rows(0, 5, 5, 5, 5, 5), { fraction: 0.6 })).toEqual([2, 4, 15]);
  });

  test('grows from a point of control at either extreme', () => {
    expect(edges(rows(0, 5, 5, 5, 30))).toEqual([1, 3, 40]);
    expect(edges(rows(0, 30, 5, 5, 5))).toEqual([0, 2, 40]);
  });

  test('ignores untraded rows at the edges', () => {
    expect(valueArea(rows(0, 0, 0, 60, 20, 15, 5, 0))).toEqual(valueArea(rows(2, 60, 20, 15, 5)));
    expect(pointOfControl(rows(0, 0, 0, 0, 4, 4))).toBe(4);
  });

  test('takes other fractions, with the target compared exactly', () => {
    const ten = rows(0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    expect(edges(ten, { fraction: 1 })).toEqual([0, 9, 10]);
    expect(edges(ten, { fraction: 0.3, rule: 'one' })?.[2]).toBe(3);
    expect(edges(ten, { fraction: 0.682, rule: 'one' })?.[2]).toBe(7);
    expect(edges(ten, { fraction: 0.29, rule: 'one' })?.[2]).toBe(3);
  });

  test('starts where it is told to', () => {
    expect(edges(cbot, { poc: 104, rule: 'one', fraction: 0.1 })).toEqual([104, 104, 60]);
    expect(valueArea(cbot, { poc: 90, rule: 'one', fraction: 0.01 })).toMatchObject({ poc: 101 });
    expect(valueArea(rows(0, 3, 0, 9), { poc: 2, rows: 'populated' })).toMatchObject({ poc: 2 });
  });

  test('treats rounding of spread bars as equality', () => {
    const sum = [0.1, 0.2].reduce((a, b) => a + b, 0);
    expect(sum).not.toBe(0.3);
    expect(valueArea(rows(0, 0.3, 1, sum), { fraction: 0.8, rule: 'one' })).toMatchObject({
      val: 1,
      vah: 2,
    });
    expect(valueArea(rows(0, sum, 1, 0.3), { fraction: 0.8, rule: 'one' })).toMatchObject({
      val: 1,
      vah: 2,
    });
    expect(valueArea(rows(0, 0.1, 0.1, 0.1, 0.7), { rule: 'one' })).toMatchObject({
      val: 3,
      vah: 3,
    });
    const ninths = Array.from({ length: 9 }, () => 1.5 / 9);
    expect(ninths.reduce((a, b) => a + b, 3.5)).toBeGreaterThan(5);
    expect(valueArea(rows(0, 3.5, ...ninths))).toMatchObject({ val: 0, vah: 0 });
  });

  test('one contract in a billion still decides', () => {
    const big = rows(0, 300_000_000, 700_000_000);
    expect(edges(big)).toEqual([1, 1, 700_000_000]);
    expect(edges(rows(0, 300_000_001, 699_999_999))).toEqual([0, 1, 1_000_000_000]);
  });

  test('a row made negative by a bust ends the growth all the same', () => {
    expect(valueArea(rows(0, 6, -5, 10, -5, 6), { fraction: 1 })).toMatchObject({ val: 0, vah: 4 });
  });
});

describe('the point of control', () => {
  test('prefers the middle, then the higher row (V3)', () => {
    const a = rows(0, 5, 9, 4, 2, 4, 9, 5);
    expect(pointOfControl(a)).toBe(5);
    expect(pointOfControl(a, 'lowest')).toBe(1);
    expect(pointOfControl(a, 'highest')).toBe(5);
    expect(pointOfControl(rows(0, 5, 9, 4, 9, 2, 1, 1))).toBe(3);
    expect(pointOfControl(rows(0))).toBeNull();
  });

  test('does not depend on the order in which spread bars were added', () => {
    const up = [0.1, 0.2, 0.3].reduce((a, b) => a + b, 0);
    const down = [0.3, 0.2, 0.1].reduce((a, b) => a + b, 0);
    expect(up).not.toBe(down);
    expect(pointOfControl(rows(0, up, 0.1, down))).toBe(2);
    expect(pointOfControl(rows(0, down, 0.1, up))).toBe(2);
  });
});
