import { describe, expect, it } from 'vitest';
import { decodeMarketBatch, MarketBatchBuilder, rowKind } from '../contracts/market-batch.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import { tradeFlags } from '../plugin/sensor.ts';
import { chanceFrom } from '../study/chance.ts';
import { nullOrder, readMarks, writeNullTape } from './null-tape.ts';

const es = findInstrument('ES');

interface Trade {
  readonly ts: number;
  readonly price: number;
  readonly size: number;
  readonly side: number;
}

/** Trades before and after the regular open, each of a size of its own, with quotes and depth in between. */
function madeTape(): Uint8Array[] {
  const builder = new MarketBatchBuilder('ES');
  const tape: Uint8Array[] = [];
  const open = zonedToUtc('America/New_York', 20251119, '09:30');
  for (let i = 0; i < 300; i += 1) {
    const ts = open + (i - 100) * 1_000_000;
    if (i % 10 === 0) {
      builder.quote(ts, 24_000, 50, 24_001, 60);
      builder.depth(ts, 1, 0, 24_000, 50 + i);
    }
    builder.trade(ts, 24_000 + (i % 2), 1 + i, i % 2 === 0 ? -1 : 1, i === 0 ? 8 : 0);
    if (builder.count >= 200) tape.push(builder.finish().slice());
  }
  tape.push(builder.finish().slice());
  return tape;
}

function rowsOf(tape: readonly Uint8Array[]): { trades: Trade[]; others: string[] } {
  const trades: Trade[] = [];
  const others: string[] = [];
  for (const bytes of tape) {
    const b = decodeMarketBatch(bytes);
    for (let i = 0; i < b.count; i += 1) {
      if (b.kind[i] === rowKind.trade)
        trades.push({ ts: b.ts[i]!, price: b.a[i]!, size: b.b[i]!, side: b.side[i]! });
      else others.push([b.ts[i], b.kind[i], b.side[i], b.a[i], b.b[i], b.c[i], b.d[i]].join(' '));
    }
  }
  return { trades, others };
}

const tape = madeTape();
const marks = readMarks(tape, es);
const real = rowsOf(tape);
const pairsOf = (trades: readonly Trade[]): string[] =>
  trades.map(({ size, side }) => `${size} ${side}`).toSorted();

describe('a null tape', () => {
  it('groups trades by the night and regular hours', () => {
    expect(marks.groups).toEqual([
      [0, 100],
      [100, 300],
    ]);
  });

  it.each(['permuted', 'shifted'] as const)(
    '%s: keeps times, prices and the book, and moves whole pairs within their group',
    (kind) => {
      const order = nullOrder(marks, kind, chanceFrom(1));
      const made = rowsOf(writeNullTape(tape, es, marks, order));
      const place = ({ ts, price }: Trade): string => `${ts} ${price}`;
      expect(made.trades.map(place)).toEqual(real.trades.map(place));
      expect(made.others).toEqual(real.others);
      // The auction print has no side; every other side is the venue's.
      const known = real.trades.map((t, i) => ({ ...t, side: i === 0 ? 0 : t.side }));
      for (const [from, to] of [
        [0, 100],
        [100, 300],
      ])
        expect(pairsOf(made.trades.slice(from, to))).toEqual(pairsOf(known.slice(from, to)));
      const moved = made.trades.filter(({ size }, i) => size !== real.trades[i]!.size);
      expect(moved.length).toBeGreaterThan(250);
    },
  );

  it('keeps bursts when it shifts: neighbours stay neighbours', () => {
    const order = nullOrder(marks, 'shifted', chanceFrom(3));
    const breaks = order.slice(101).filter((from, i) => from !== order[100 + i]! + 1);
    expect(breaks).toHaveLength(1);
  });

  it('does not let the engine infer a side that nobody knew', () => {
    const order = nullOrder(marks, 'permuted', chanceFrom(1));
    const flags = writeNullTape(tape, es, marks, order).flatMap((bytes) => {
      const b = decodeMarketBatch(bytes);
      return Array.from({ length: b.count }, (_, i) => i)
        .filter((i) => b.kind[i] === rowKind.trade && b.side[i] === 0)
        .map((i) => b.flags[i]);
    });
    expect(flags).toEqual([tradeFlags.auction]);
  });

  it('is the same for the same seed and another for another', () => {
    const of = (seed: number): string => nullOrder(marks, 'permuted', chanceFrom(seed)).join();
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });
});
