import { describe, expect, test } from 'vitest';
import {
  localPeaks,
  lowestBetween,
  poorByVolume,
  smoothRows,
  volumeNodes,
} from './profile-structure.ts';

const twoHills = [3, 12, 18, 9, 2, 3, 10, 17, 6];

describe('volume nodes', () => {
  test('are peaks that stand out and the trough between them (V26)', () => {
    const nodes = volumeNodes({ low: 100, volumes: twoHills }, { window: 2 });
    expect(nodes.high).toEqual([
      { tick: 102, volume: 18, low: 102, high: 102, prominence: 18 },
      { tick: 107, volume: 17, low: 107, high: 107, prominence: 11 },
    ]);
    expect(nodes.low).toEqual([{ tick: 104, volume: 2, low: 104, high: 104, prominence: 0 }]);
  });

  test('take the wider window of a day by default', () => {
    expect(volumeNodes({ low: 0, volumes: twoHills }).high.map((n) => n.tick)).toEqual([2]);
  });

  test('leave out a peak that hardly stands out', () => {
    const ripple = [2, 10, 20, 18, 19, 10, 2];
    expect(volumeNodes({ low: 0, volumes: ripple }, { window: 1 }).high.map((n) => n.tick)).toEqual(
      [2],
    );
    expect(
      volumeNodes({ low: 0, volumes: ripple }, { window: 1, prominence: 0.05 }).high.map(
        (n) => n.tick,
      ),
    ).toEqual([2, 4]);
  });

  test('leave out a trough that is not low', () => {
    const shallow = [2, 20, 12, 20, 2];
    const { high, low } = volumeNodes({ low: 0, volumes: shallow }, { window: 1 });
    expect(high.map((n) => n.tick)).toEqual([1, 3]);
    expect(low).toEqual([]);
  });

  test('have bands of rows alike', () => {
    const { high, low } = volumeNodes(
      { low: 0, volumes: [1, 16, 20, 17, 2, 1, 1.1, 9, 10, 3] },
      { window: 2 },
    );
    expect(high[0]).toMatchObject({ tick: 2, low: 1, high: 3 });
    expect(low[0]).toMatchObject({ tick: 5, low: 5, high: 6 });
  });

  test('hold the rows exactly at a limit, also where smoothing divides', () => {
    const at = (from: number, rows: number[]): number[] =>
      Array.from({ length: 40 }, (_, i) => rows[i - from] ?? 0);
    // Smoothed in ninths: the peak 65 on two rows, below them 52 = 0.8 x 65.
    const peak = volumeNodes({ low: 0, volumes: at(10, [8, 4, 8, 8, 9, 3, 4, 1, 8]) });
    expect(peak.high[0]).toMatchObject({ tick: 13, low: 11 });
    // The trough 25, above it 30 = 1.2 x 25.
    const nines = [9, 9, 9, 9, 9, 9, 9, 9];
    const trough = [5, 0, 2, 5, 4, 3, 4, 2, 1, 9, ...nines.slice(2)];
    const { low } = volumeNodes({ low: 0, volumes: at(8, [...nines, ...trough]) }, { window: 5 });
    expect(low).toMatchObject([{ tick: 18, high: 19 }]);
  });

  test('measure a peak at the edge from zero outside', () => {
    const { high } = volumeNodes({ low: 0, volumes: [9, 1, 1, 20, 1] }, { window: 1 });
    expect(high.map((n) => [n.tick, n.prominence])).toEqual([
      [0, 8],
      [3, 20],
    ]);
  });

  test('of an empty profile are none', () => {
    expect(volumeNodes({ low: 0, volumes: [] })).toEqual({ high: [], low: [] });
    expect(volumeNodes({ low: 0, volumes: [0, 0] })).toEqual({ high: [], low: [] });
  });
});

describe('rows', () => {
  test('of a short profile are not smoothed', () => {
    expect(smoothRows(twoHills)).toEqual(twoHills);
  });

  test('of a long profile are smoothed by weights that add up at the edges too', () => {
    const flat = Float64Array.from({ length: 40 }, () => 7);
    expect(smoothRows(flat)).toEqual(flat);
    const spike = new Float64Array(41);
    spike[20] = 9;
    expect(smoothRows(spike).slice(17, 24)).toEqual(Float64Array.of(0, 1, 2, 3, 2, 1, 0));
    const edge = new Float64Array(40);
    edge[0] = 6;
    expect(smoothRows(edge).slice(0, 3)).toEqual(Float64Array.of(3, 12 / 8, 6 / 9));
  });

  test('form one peak per plateau: its middle, the higher of two', () => {
    expect(localPeaks([1, 5, 5, 5, 1], 2)).toEqual([2]);
    expect(localPeaks([1, 5, 5, 1], 2)).toEqual([2]);
    expect(localPeaks([1, 5, 2, 5, 1], 2)).toEqual([3]);
    expect(localPeaks([1, 5, 2, 1, 2, 5], 2)).toEqual([1, 5]);
    expect(localPeaks([0, 0], 2)).toEqual([]);
  });

  test('have a lowest one between two others, in the middle of a flat stretch', () => {
    expect(lowestBetween([9, 3, 1, 1, 1, 9], 0, 5)).toBe(3);
    expect(lowestBetween([9, 1, 1, 9], 0, 3)).toBe(2);
  });

  test('at an end with half a mean row of volume are poor', () => {
    expect(poorByVolume({ low: 0, volumes: [5, 10, 20, 1] })).toEqual({ high: false, low: true });
    expect(poorByVolume({ low: 0, volumes: [] })).toEqual({ high: false, low: false });
  });
});
