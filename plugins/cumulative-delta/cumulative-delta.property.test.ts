import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDelta, deltaOf, emptyDeltaSums } from '#engine';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

interface Print {
  readonly price: number;
  readonly size: number;
  readonly side: -1 | 1;
}

/** Minutes from 09:20 on, a few prints in each, now and then none. */
const days = fc
  .array(
    fc.array(
      fc.record({
        move: fc.integer({ min: -2, max: 2 }),
        size: fc.integer({ min: 1, max: 60 }),
        side: fc.constantFrom(-1 as const, 1 as const),
      }),
      { maxLength: 3 },
    ),
    { minLength: 40, maxLength: 160 },
  )
  .map((minutes) => {
    let price = 20_000;
    return minutes.map((prints) =>
      prints.map(({ move, size, side }): Print => {
        price += move;
        return { price, size, side };
      }),
    );
  });

const start = (run: NodeRun): number => run.at('09:20');
const usPerMinute = 60_000_000;

function byTrades(minutes: readonly (readonly Print[])[]): NodeRun {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', explain: false });
  run.market((batch) => {
    minutes.forEach((prints, i) => {
      for (const [k, { price, size, side }] of prints.entries())
        batch.trade(start(run) + i * usPerMinute + k, price, size, side, 0);
    });
    batch.heartbeat(start(run) + minutes.length * usPerMinute);
  });
  return run;
}

function byBars(minutes: readonly (readonly Print[])[]): NodeRun {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', explain: false });
  const sum = (prints: readonly Print[], way: number): number =>
    prints.reduce((all, { size, side }) => all + (side === way ? size : 0), 0);
  run.market((batch) => {
    minutes.forEach((prints, i) => {
      if (prints.length === 0) return;
      const prices = prints.map(({ price }) => price);
      const [bid, ask] = [sum(prints, -1), sum(prints, 1)];
      batch.bar(
        start(run) + (i + 1) * usPerMinute,
        prices[0]!,
        Math.max(...prices),
        Math.min(...prices),
        prices.at(-1)!,
        bid + ask,
        bid,
        ask,
        Number.NaN,
      );
    });
    batch.heartbeat(start(run) + minutes.length * usPerMinute);
  });
  return run;
}

it('judges the bars of a tape as it judges the tape', () => {
  fc.assert(
    fc.property(days, (minutes) => {
      const [trades, bars] = [byTrades(minutes), byBars(minutes)];
      expect([...trades.errors, ...bars.errors]).toEqual([]);
      expect(bars.emits.filter(({ port }) => port !== 'delta')).toEqual(
        trades.emits.filter(({ port }) => port !== 'delta'),
      );
      expect(bars.state).toBe(trades.state);
    }),
    { numRuns: 60 },
  );
});

it('sums what the engine sums, and the mirror of a tape is its mirror image', () => {
  fc.assert(
    fc.property(days, (minutes) => {
      const sums = emptyDeltaSums();
      for (const { side, size } of minutes.flat()) addDelta(sums, side, size);
      const run = byTrades(minutes);
      if (minutes.flat().length === 0) return;
      expect(run.view('delta')[0]).toMatchObject({
        day: deltaOf(sums),
        low: sums.min,
        high: sums.max,
        volume: sums.buy + sums.sell,
      });
      const mirror = byTrades(
        minutes.map((prints) =>
          prints.map(
            ({ price, size, side }): Print => ({
              price: 40_000 - price,
              size,
              side: side === 1 ? -1 : 1,
            }),
          ),
        ),
      );
      const told = (of: NodeRun) =>
        of.emits
          .filter(({ port }) => port === 'condition')
          .map(({ ts, payload }) => [ts, payload['condition'], payload['side']]);
      const turned = { long: 'short', short: 'long' } as Record<string, string>;
      expect(told(mirror)).toEqual(
        told(run).map(([ts, condition, side]) => [ts, condition, turned[String(side)] ?? null]),
      );
    }),
    { numRuns: 60 },
  );
});
