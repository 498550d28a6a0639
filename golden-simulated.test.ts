// The whole flow on simulated days: the golden journal hash, however the rows are cut into batches and runs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BenchTape, collectTape } from '#engine/cli/bench-cases.ts';
import {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  rowKind,
} from '#engine/contracts/market-batch.ts';
import { cutsOf, es, root, run, sourceOf } from '#engine/testing/whole-flow.ts';

/** Adds row `i` of a batch to another; trades, quotes and heartbeats only. */
function copyRow(builder: MarketBatchBuilder, batch: MarketBatch, i: number): void {
  const at = (column: ArrayLike<number>): number => column[i] ?? Number.NaN;
  const [ts, a, b] = [at(batch.ts), at(batch.a), at(batch.b)];
  switch (at(batch.kind)) {
    case rowKind.trade:
      return builder.trade(ts, a, b, at(batch.side), at(batch.flags));
    case rowKind.quote:
      return builder.quote(ts, a, b, at(batch.c), at(batch.d));
    case rowKind.heartbeat:
      return builder.heartbeat(ts);
    default:
      throw new Error(`row of kind ${at(batch.kind)}`);
  }
}

/** The same rows in batches of another size. */
function inBatchesOf(rows: number, tape: BenchTape): BenchTape {
  const batches: Uint8Array[] = [];
  const builder = new MarketBatchBuilder(es.symbol);
  for (const bytes of tape.batches) {
    const batch = decodeMarketBatch(bytes);
    for (let i = 0; i < batch.count; i += 1) {
      copyRow(builder, batch, i);
      if (builder.count === rows) batches.push(builder.finish());
    }
  }
  if (builder.count > 0) batches.push(builder.finish());
  return { batches, trades: tape.trades };
}

describe('three simulated days', async () => {
  const config = { seed: 7, days: 3, tradesPerDay: 40_000, depth: false };
  const tape = await collectTape(sourceOf('simulator'), config, es, Number.MAX_SAFE_INTEGER);
  const expected = run(tape, true);
  const golden = join(root, 'flows', 'golden', 'simulated-seed-7.json');

  it('come out as the golden file says', () => {
    const states = Object.fromEntries(expected.nodes.map((n) => [n.id, n.machine?.state ?? null]));
    const was = {
      made: `simulator ${JSON.stringify(config)}`,
      journalHash: expected.journal.hash,
      macrosteps: expected.journal.seq,
      states,
    };
    if (process.env['GOLDEN'] === 'update')
      writeFileSync(golden, `${JSON.stringify(was, null, 2)}\n`);
    expect(was).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it.each([1, 7, 100])('come out the same in batches of %i rows', (rows) => {
    expect(run(inBatchesOf(rows, tape), true).journal.hash).toBe(expected.journal.hash);
  });

  it('come out the same stopped and restored at 30 random records', () => {
    expect(run(tape, true, cutsOf(tape, 30, 11)).journal.hash).toBe(expected.journal.hash);
  });
});
