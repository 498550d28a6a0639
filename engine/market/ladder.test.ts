import { describe, expect, test } from 'vitest';
import { Ladder } from './ladder.ts';

describe('a ladder', () => {
  test('is empty until a tick is touched', () => {
    const ladder = new Ladder();
    expect(ladder.empty).toBe(true);
    expect(ladder.at(5)).toBe(0);
    expect(ladder.slice()).toEqual({ low: 0, volumes: new Float64Array(0) });
    expect(ladder.toSnapshot()).toEqual([]);
    ladder.add(5, 0);
    expect(ladder.empty).toBe(false);
  });

  test('grows at both ends, into negative prices too', () => {
    const ladder = new Ladder();
    for (const tick of [20_000, 23_000, 100, -400, 60_000]) ladder.add(tick, tick + 0.5);
    ladder.add(100, 1);
    expect([20_000, 23_000, 100, -400, 60_000].map((tick) => ladder.at(tick))).toEqual([
      20_000.5, 23_000.5, 101.5, -399.5, 60_000.5,
    ]);
    expect(ladder.low).toBe(-400);
    expect(ladder.high).toBe(60_000);
    expect(ladder.at(-401)).toBe(0);
    expect(ladder.at(60_001)).toBe(0);
  });

  test('a busted trade is a negative amount', () => {
    const ladder = new Ladder();
    ladder.add(7, 10);
    ladder.add(7, -10);
    expect(ladder.at(7)).toBe(0);
    expect(ladder.low).toBe(7);
  });

  test('forgets everything when cleared', () => {
    const ladder = new Ladder();
    ladder.add(7, 10);
    ladder.clear();
    expect(ladder.empty).toBe(true);
    ladder.add(8, 1);
    expect(ladder.slice()).toEqual({ low: 8, volumes: Float64Array.of(1) });
    expect(ladder.at(7)).toBe(0);
  });

  test('a slice is a copy, a view is not', () => {
    const ladder = new Ladder();
    ladder.add(1, 1);
    ladder.set(3, 3);
    const { slice, view } = { slice: ladder.slice(), view: ladder.view() };
    ladder.add(1, 1);
    expect([...slice.volumes]).toEqual([1, 0, 3]);
    expect([...view.volumes]).toEqual([2, 0, 3]);
  });

  test('a snapshot survives JSON to the last bit', () => {
    const ladder = new Ladder();
    ladder.add(-3, 0.1 + 0.2);
    ladder.add(2, 1 / 3);
    const copy = new Ladder();
    copy.add(99, 1);
    copy.restore(JSON.parse(JSON.stringify(ladder.toSnapshot())) as number[]);
    expect(copy.slice()).toEqual(ladder.slice());
    copy.restore([]);
    expect(copy.empty).toBe(true);
  });

  test('a price far off is refused instead of eating the memory', () => {
    const ladder = new Ladder();
    ladder.add(20_000, 1);
    expect(() => ladder.add(20_000_000, 1)).toThrow(
      /OF_LADDER_SPAN prices span ticks 20000 to 20000000/,
    );
    expect(() => new Ladder().add(3e9, 1)).toThrow(/OF_LADDER_SPAN/);
    expect(() => new Ladder().add(-3e9, 1)).toThrow(/OF_LADDER_SPAN/);
    expect(ladder.at(20_000)).toBe(1);
  });

  test('ticks that arrive as doubles leave whole fields behind', () => {
    const ladder = new Ladder();
    for (const tick of Float64Array.of(5, 900, -700)) ladder.add(tick, 1);
    expect([ladder.low, ladder.high, ladder.base].every(Number.isInteger)).toBe(true);
    expect(ladder.at(900)).toBe(1);
  });
});
