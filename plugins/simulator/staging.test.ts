import { describe, expect, it } from 'vitest';
import {
  decodeMarketBatch,
  findInstrument,
  MarketBatchBuilder,
  rowKind,
  type StagedEpisode,
} from '#engine';
import { MarketGenerator } from './generator.ts';
import type { MarketConfig } from './market-state.ts';
import { episodeKinds } from './script-state.ts';
import { makeMarket, marketHash, testMarket } from './simulator-fixture.ts';

/** All that trades tell of: flickers are staged in the book. */
const kinds = episodeKinds.filter((kind) => kind !== 'flicker');
const all: MarketConfig = { ...testMarket, depth: false, stage: kinds };
const flickering: MarketConfig = { ...testMarket, tradesPerDay: 20_000, stage: ['flicker'] };
const second = 1_000_000;

interface Row {
  readonly ts: number;
  readonly price: number;
  readonly size: number;
}

function stagedDays(config: MarketConfig, days: number): { truth: StagedEpisode[]; trades: Row[] } {
  const trades: Row[] = [];
  const generator = makeMarket(config, { days }, (batch) => {
    for (let i = 0; i < batch.count; i += 1)
      if (batch.kind[i] === rowKind.trade)
        trades.push({ ts: batch.ts[i]!, price: batch.a[i]!, size: batch.b[i]! });
  });
  return { truth: generator.staged, trades };
}

const { truth, trades } = stagedDays(all, 12);
const between = (from: number, to: number): Row[] =>
  trades.filter(({ ts }) => ts >= from && ts < to);

describe('episodes staged on demand', () => {
  it('are of each kind that was asked for, in the order of time', () => {
    for (const kind of kinds)
      expect(truth.filter((e) => e.kind === kind).length, kind).toBeGreaterThan(1);
    expect(truth.map(({ from }) => from)).toEqual(
      truth.map(({ from }) => from).toSorted((a, b) => a - b),
    );
  });

  it('absorption holds its price for half a minute and turns by four ticks', () => {
    for (const { from, to, price, side } of truth.filter((e) => e.kind === 'absorption')) {
      const way = side === 'long' ? 1 : -1;
      const held = between(from + second, from + 30 * second);
      expect(held.every((t) => (t.price - price) * way >= 0)).toBe(true);
      const turned = between(to - 25 * second, to + 30 * second);
      expect(turned.some((t) => (t.price - price) * way >= 4)).toBe(true);
    }
  });

  it('exhaustion overthrows the extreme of the session on few contracts', () => {
    for (const { from, price, side } of truth.filter((e) => e.kind === 'exhaustion')) {
      const way = side === 'long' ? 1 : -1;
      const atExtreme = between(from - 6 * second, from + second).filter(
        (t) => (t.price - price) * way <= 1,
      );
      expect(atExtreme.every(({ size }) => size <= 2)).toBe(true);
    }
  });

  it('a flicker shows a large order four times for a second at one price, where nothing trades', () => {
    const sizes = new Map<number, number[]>();
    const hits = new Set<number>();
    const { staged } = makeMarket(flickering, { days: 1 }, (batch, _bytes, generator) => {
      for (let i = 0; i < batch.count; i += 1) {
        const at = generator.staged.find(
          ({ from, to }) => batch.ts[i]! >= from && batch.ts[i]! <= to,
        );
        const price = batch.a[i]!;
        if (at === undefined || price !== at.price) continue;
        if (batch.kind[i] === rowKind.trade) hits.add(at.from);
        if (batch.kind[i] === rowKind.depth)
          sizes.set(at.from, [...(sizes.get(at.from) ?? []), batch.b[i]!]);
      }
    });
    expect(staged).toHaveLength(3);
    for (const { from } of staged) {
      const shown = sizes.get(from)!.map((size) => size >= 900);
      expect(shown.filter((is, i) => is && !shown[i - 1])).toHaveLength(4);
      expect(shown.at(-1)).toBe(false);
      expect(hits.has(from)).toBe(false);
    }
  });

  it('news makes the tape many times as fast', () => {
    for (const { from } of truth.filter((e) => e.kind === 'news')) {
      const before = between(from - 120 * second, from).length / 120;
      const during = between(from, from + 20 * second).length / 20;
      expect(during).toBeGreaterThan(4 * before);
    }
  });

  it('a drive leaves the open and does not come back within the half hour', () => {
    for (const { from, price, side } of truth.filter((e) => e.kind === 'drive')) {
      const way = side === 'long' ? 1 : -1;
      const last = between(from + 1_700 * second, from + 1_800 * second).at(-1)!;
      expect((last.price - price) * way).toBeGreaterThan(25);
    }
  });

  it('leave an ordinary market as it was: none asked for, none staged', () => {
    expect(stagedDays({ ...testMarket, depth: false }, 2).truth).toEqual([]);
    expect(marketHash({ ...testMarket, stage: [] }, 5_000)).toBe(marketHash(testMarket, 5_000));
    expect(marketHash(all, 5_000)).toBe(marketHash(all, 5_000));
  });

  it('go on from a saved state in the middle of an episode, row by row', () => {
    const es = findInstrument('ES');
    const whole = new MarketGenerator(es, all, null);
    const builder = new MarketBatchBuilder('ES');
    while (whole.staged.length === 0) {
      whole.write(builder, Infinity);
      builder.finish();
    }
    const resumed = new MarketGenerator(es, all, whole.snapshot());
    for (let n = 0; n < 40; n += 1) {
      whole.write(builder, Infinity);
      const expected = builder.finish().slice();
      resumed.write(builder, Infinity);
      expect(decodeMarketBatch(builder.finish())).toEqual(decodeMarketBatch(expected));
    }
  });
});
