import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { config } from './config.ts';
import { clustersOf, type Layer, referencesAt, stacksOf, weightsOf } from './stacking.ts';

const c = config.parse({ stackMinNEff: 0 });

/** Layers a day apart, each of one session of its own; the last is the newest. */
function layers(edges: readonly (readonly [number, number])[], more: Partial<Layer> = {}): Layer[] {
  return edges.map(([val, vah], i) => ({
    tradeDate: `d${i}`,
    val,
    vah,
    poc: Math.floor((val + vah) / 2),
    sessions: [`d${i}`],
    low: val,
    high: vah,
    ...more,
  }));
}

const v20 = layers([
  [100, 140],
  [104, 144],
  [102, 141],
  [150, 180],
  [149, 182],
  [103, 139],
]);
// So long a half-life that every composite counts alike, as in the vector.
const even = { ...c, stackHalfLife: 100_000 };

describe('weights', () => {
  it('halve with the half-life, the same everywhere', () => {
    const weights = weightsOf(10, 31);
    expect(weights[0]).toBe(1);
    expect(weights[10]).toBeCloseTo(0.5, 12);
    expect(weights[20]).toBeCloseTo(0.25, 12);
    expect(weights[1]).toBeCloseTo(0.9330329915368074, 14);
  });
});

describe('stacks', () => {
  it('finds the coverage of the vector V20: four composites over 104 to 139, none over 145 to 148', () => {
    const { stacks, gaps } = stacksOf(v20, even);
    expect(stacks).toHaveLength(1);
    // 103 and 140 lie in three of them: 3 >= .7 x 4.
    expect(stacks[0]).toMatchObject({ low: 103, high: 140, nEff: 4 / 5, age: 0 });
    expect(stacks[0]!.strength).toBeCloseTo(4, 2);
    expect(gaps).toEqual([{ low: 145, high: 148 }]);
    const { stacks: whole } = stacksOf(v20, { ...even, stackShare: 0.99 });
    expect(whole).toMatchObject([{ low: 104, high: 139 }]);
  });

  it('needs enough ticks, and enough independent sessions', () => {
    expect(stacksOf(layers([[100, 102]]), c).stacks).toEqual([]);
    expect(stacksOf(v20, { ...even, stackMinNEff: 1 }).stacks).toEqual([]);
    expect(stacksOf(v20, { ...even, stackMinNEff: 0.8 }).stacks).toHaveLength(1);
    expect(stacksOf([], c)).toEqual({ stacks: [], gaps: [] });
  });

  it('counts sessions that neighbours share once', () => {
    const shared = layers([
      [100, 140],
      [101, 141],
      [102, 142],
    ]).map((layer, i) => ({
      ...layer,
      sessions: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].slice(i, i + 5),
    }));
    expect(stacksOf(shared, c).stacks[0]!.nEff).toBe(7 / 5);
  });
});

describe('clusters', () => {
  it('links neighbouring edges and weighs their price', () => {
    const found = clustersOf(
      layers([
        [100, 200],
        [103, 240],
        [106, 280],
      ]),
      c,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      price: 103,
      dates: 3,
      nEff: 0.6,
      type: 'val',
      age: 0,
      tested: false,
    });
  });

  it('needs three dates', () => {
    expect(
      clustersOf(
        layers([
          [100, 200],
          [103, 240],
        ]),
        c,
      ),
    ).toEqual([]);
  });

  it('calls edges of several kinds mixed, and tested what a later session traded near', () => {
    const old = layers([
      [100, 200],
      [100, 220],
      [60, 100],
    ]);
    const [cluster] = clustersOf([...old, ...layers([[300, 400]], { low: 101, high: 420 })], c);
    expect(cluster).toMatchObject({ type: 'mixed', age: 1, tested: true });
    const [far] = clustersOf([...old, ...layers([[300, 400]], { low: 102, high: 420 })], c);
    expect(far!.tested).toBe(false);
  });

  it('widens the distance with value', () => {
    const wide = layers([
      [100, 400],
      [110, 500],
      [120, 600],
    ]);
    expect(clustersOf(wide, c).filter(({ type }) => type === 'val')).toHaveLength(1);
    expect(clustersOf(wide, { ...c, clusterShare: 0 })).toEqual([]);
  });
});

it('names the nearest edge on each side of a price', () => {
  const { stacks } = stacksOf(v20, even);
  const clusters = clustersOf(v20, even);
  const at = (price: number) => referencesAt(price, stacks, clusters, v20, even);
  expect(at(160).above).toBeNull();
  expect(at(160).below).toMatchObject({ price: expect.any(Number) });
  expect(at(10)).toMatchObject({ below: null });
  const edge = stacks[0]!.low;
  expect([at(edge).above!.price, at(edge + 1).below!.price]).toEqual([edge, edge]);
});

const archive = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 40 })), {
    minLength: 1,
    maxLength: 30,
  })
  .map((list) => layers(list.map(([val, width]) => [val, val + width] as const)));

it('lies where the composites lie: stacks and gaps apart, all inside the archive, moved with it', () => {
  fc.assert(
    fc.property(archive, fc.integer({ min: -500, max: 500 }), (list, shift) => {
      const { stacks, gaps } = stacksOf(list, c);
      const lowest = Math.min(...list.map(({ val }) => val));
      const highest = Math.max(...list.map(({ vah }) => vah));
      for (const range of [...stacks, ...gaps]) {
        expect(range.low).toBeGreaterThanOrEqual(lowest);
        expect(range.high).toBeLessThanOrEqual(highest);
      }
      for (const gap of gaps) {
        expect(list.some(({ val, vah }) => val <= gap.high && vah >= gap.low)).toBe(false);
        expect(stacks.some(({ low, high }) => low <= gap.high && high >= gap.low)).toBe(false);
      }
      const moved = list.map((layer) => ({
        ...layer,
        val: layer.val + shift,
        vah: layer.vah + shift,
        poc: layer.poc + shift,
      }));
      expect(stacksOf(moved, c).stacks).toEqual(
        stacks.map((stack) => ({ ...stack, low: stack.low + shift, high: stack.high + shift })),
      );
    }),
  );
});

it('puts each edge into one cluster at most, and clusters further apart than their distance', () => {
  fc.assert(
    fc.property(archive, (list) => {
      const clusters = clustersOf(list, { ...c, clusterDates: 1, clusterShare: 0 });
      for (const [i, cluster] of clusters.entries())
        if (i > 0) expect(cluster.price - clusters[i - 1]!.price).toBeGreaterThan(c.clusterTicks);
      const weights = weightsOf(c.stackHalfLife, list.length);
      const whole = 3 * weights.reduce((sum, weight) => sum + weight, 0);
      const strengths = clusters.reduce((sum, { strength }) => sum + strength, 0);
      expect(strengths).toBeCloseTo(whole, 9);
    }),
  );
});
