import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { type MarketBatchBuilder, maxBatchRows } from '../contracts/market-batch.ts';
import { toTicks } from '../market/price.ts';
import { microsPerMinute, nanosToMicros } from '../market/time.ts';
import type { NodeRun } from './node-run.ts';

/** Where the real data lies: `ORDERFLOW_DATA`, by default beside the checkout. It is never part of the project. */
const folder = process.env['ORDERFLOW_DATA'] ?? '../shared/data';

/** Returns the text of a file of the shared data; `.gz` is unpacked. */
export function readShared(name: string): string {
  const bytes = readFileSync(path.join(folder, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Registers tests on real data. Without the data they are skipped, loudly; with `CI=true` they fail. */
export function describeWithData(title: string, files: readonly string[], body: () => void): void {
  const missing = files.filter((file) => !existsSync(path.join(folder, file)));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const say = `skipped: ${title}: no ${missing.join(', ')} in ${path.resolve(folder)} (set ORDERFLOW_DATA)`;
  if (process.env['CI'] === 'true') {
    it(title, () => {
      throw new Error(say);
    });
    return;
  }
  console.warn(say);
  // Not `describe.skip`: that would run the body, which reads the data.
  it.skip(say, body);
}

interface Row {
  readonly ts: number;
  readonly field: (name: string) => string;
}

function* rowsOf(text: string): Generator<Row> {
  let start = text.indexOf('\n') + 1;
  const columns = new Map(
    text
      .slice(0, start - 1)
      .split(',')
      .map((name, i) => [name, i] as const),
  );
  while (start < text.length) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at;
    const cells = text.slice(start, end).split(',');
    start = end + 1;
    yield {
      ts: nanosToMicros(cells[0] ?? ''),
      field: (name) => cells[columns.get(name) ?? -1] ?? '',
    };
  }
}

const numberOf = (cell: string): number => (cell === '' ? Number.NaN : Number(cell));
const sideOf = (cell: string): number => (cell === 'B' ? 1 : cell === 'S' ? -1 : 0);

/** Feeds a file of the shared data to a driven plugin, in batches as a source would: trades, or bars of `barMinutes`. */
export function feedShared(run: NodeRun, name: string, barMinutes = 0): void {
  const { tickSize } = run.instrument;
  const ticks = (cell: string): number => toTicks(run.instrument, Number(cell));
  const write = (batch: MarketBatchBuilder, { ts, field }: Row): void => {
    if (barMinutes === 0) {
      batch.trade(ts, ticks(field('price')), Number(field('size')), sideOf(field('side')), 0);
      return;
    }
    const prices = ['open', 'high', 'low', 'close'].map((column) => ticks(field(column))) as [
      number,
      number,
      number,
      number,
    ];
    const volumes = ['volume', 'bid_vol', 'ask_vol'].map((column) => numberOf(field(column))) as [
      number,
      number,
      number,
    ];
    batch.bar(
      ts + barMinutes * microsPerMinute,
      ...prices,
      ...volumes,
      (numberOf(field('vwap')) * tickSize.den) / tickSize.num,
    );
  };
  const rows = rowsOf(readShared(name));
  for (let next = rows.next(); next.done !== true; ) {
    run.market((batch) => {
      while (next.done !== true && batch.count < maxBatchRows) {
        write(batch, next.value);
        next = rows.next();
      }
    });
  }
}
