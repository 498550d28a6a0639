import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDelta,
  deltaOf,
  diagonalImbalances,
  emptyDeltaSums,
  Footprint,
  stackedImbalances,
} from '#engine';
import { driveNode } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Row = Readonly<Record<string, unknown>>;

interface Print {
  readonly price: number;
  readonly size: number;
  readonly side: -1 | 0 | 1;
}

const tapes = fc
  .array(
    fc.record({
      move: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -15, max: 15 })),
      size: fc.integer({ min: 1, max: 60 }),
      side: fc.constantFrom(-1 as const, 1 as const, -1 as const, 1 as const, 0 as const),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((steps) => {
    let price = 20_000;
    return steps.map(({ move, size, side }): Print => {
      price += move;
      return { price, size, side };
    });
  });

/** What the sensor told of its bars, in ticks. */
function tell(tape: readonly Print[], config: Row): Row[] {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', config, explain: false });
  const start = run.at('10:00');
  run.market((batch) => {
    // Auctions, so that no side is inferred where none is given.
    tape.forEach(({ price, size, side }, i) =>
      batch.trade(start + i, price, size, side, side === 0 ? 8 : 0),
    );
  });
  run.to('16:01');
  expect(run.errors).toEqual([]);
  return run.outputs
    .filter(({ port }) => port === 'bar')
    .map(({ value }) => JSON.parse(String(value)) as Row);
}

/** The bar of some prints, by the engine's own functions. */
function barOf(prints: readonly Print[]): Row {
  const rows = new Footprint();
  const sums = emptyDeltaSums();
  for (const { price, size, side } of prints) {
    rows.add(price, size, side);
    addDelta(sums, side, size);
  }
  const { buy, sell } = diagonalImbalances(rows);
  const last = (end: number): number => prints.map(({ price }) => price).lastIndexOf(end);
  const since = (end: number): number =>
    prints.slice(last(end) + 1).reduce((sum, { size, side }) => sum + size * side, 0) + 0;
  return {
    open: prints[0]!.price,
    high: rows.high,
    low: rows.low,
    close: prints.at(-1)!.price,
    volume: prints.reduce((sum, { size }) => sum + size, 0),
    delta: deltaOf(sums),
    minDelta: sums.min,
    maxDelta: sums.max,
    deltaSinceHigh: since(rows.high),
    deltaSinceLow: since(rows.low),
    imbalances: { buy, sell },
    stacks: [
      ...stackedImbalances(buy).map((one) => ({ side: 'buy', ...one })),
      ...stackedImbalances(sell).map((one) => ({ side: 'sell', ...one })),
    ],
  };
}

function volumeBars(tape: readonly Print[], most: number): Print[][] {
  const bars: Print[][] = [[]];
  let room = most;
  for (const print of tape) {
    for (let left = print.size; left > 0; ) {
      const size = Math.min(left, room);
      bars.at(-1)!.push({ ...print, size });
      left -= size;
      room -= size;
      if (room > 0) continue;
      bars.push([]);
      room = most;
    }
  }
  return bars.filter((bar) => bar.length > 0);
}

function rangeBars(tape: readonly Print[], most: number): Print[][] {
  const bars: Print[][] = [[]];
  for (const print of tape) {
    const prices = [...bars.at(-1)!, print].map(({ price }) => price);
    if (Math.max(...prices) - Math.min(...prices) > most) bars.push([]);
    bars.at(-1)!.push(print);
  }
  return bars;
}

describe('bars of random tapes', () => {
  it.each([
    ['volume', { volumeContracts: 100 }, (tape: readonly Print[]) => volumeBars(tape, 100)],
    ['range', { barType: 'range', rangeTicks: 6 }, (tape: readonly Print[]) => rangeBars(tape, 6)],
    ['time', { barType: 'time' }, (tape: readonly Print[]) => [[...tape]]],
  ] as const)('by %s are what the same prints make one by one', (_name, config, split) => {
    fc.assert(
      fc.property(tapes, (tape) => {
        const told = tell(tape, config);
        const bars = split(tape);
        expect(told).toMatchObject(bars.map(barOf));
        for (const bar of told) {
          const { bid, ask, unknown } = bar['rows'] as Record<'bid' | 'ask' | 'unknown', number[]>;
          const sum = (volumes: readonly number[]) => volumes.reduce((all, v) => all + v, 0);
          expect(sum(bid) + sum(ask) + sum(unknown)).toBe(bar['volume']);
          expect(sum(ask) - sum(bid)).toBe(bar['delta']);
        }
      }),
      { numRuns: 60 },
    );
  });
});
