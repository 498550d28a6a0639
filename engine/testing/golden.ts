import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import type { BookSide } from '../inspect/write-book.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import { type BarInput, type DriveOptions, driveNode, type NodeRun } from './node-run.ts';

type Row = Readonly<Record<string, unknown>>;

/** One line of a golden input after the first: what happened at a time of the trade date, prices as decimals. */
interface GoldenStep {
  readonly at: string;
  readonly day?: string;
  readonly trade?: {
    readonly price: number;
    readonly size: number;
    readonly side?: 'buy' | 'sell' | 'none';
  };
  readonly quote?: {
    readonly bid: number;
    readonly bidSize: number;
    readonly ask: number;
    readonly askSize: number;
  };
  readonly book?: { readonly bids: BookSide; readonly asks: BookSide };
  readonly bar?: BarInput;
  readonly event?: { readonly port: string; readonly payload: Row };
}

function linesOf<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}

function feed(run: NodeRun, { at, day, trade, quote, book, bar, event }: GoldenStep): void {
  if (day !== undefined) run.day(day);
  if (trade) run.trade(at, trade.price, trade.size, trade.side);
  else if (quote) run.quote(at, quote.bid, quote.bidSize, quote.ask, quote.askSize);
  else if (book) run.book(at, book.bids, book.asks);
  else if (bar) run.bar(at, bar);
  else if (event) run.event(at, event.port, event.payload);
  else run.to(at);
}

/** What a golden case pins: every transition taken, every event emitted, and the last row of each table. */
function outcomeOf(run: NodeRun): string {
  const transitions = run.journal
    .filter((step) => step.taken.length > 0)
    .map((step) => ({ ts: step.ts, from: step.from, to: step.to, taken: step.taken }));
  const tables = new Map<string, Row>();
  const events = run.emits.filter(({ port, ts, payload }) => {
    const spec = run.outPort(port);
    if (spec?.kind !== 'table') return true;
    tables.set(`${port}|${spec.key === undefined ? '' : String(payload[spec.key])}`, {
      table: port,
      ts,
      payload,
    });
    return false;
  });
  const rows = [
    ...transitions,
    ...events,
    ...tables.values(),
    { journalHash: run.task.journal.hash, macrosteps: run.task.journal.seq },
  ];
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

/**
 * Registers a test for each `<case>.in.ndjson` of a golden folder: its first line is how the plugin is driven
 * (`tradeDate`, `config`), the others are steps; `<case>.out.ndjson` beside it holds what must come out. With the
 * environment variable `GOLDEN=update` the outputs and their sums in `metadata.json` are written anew: read the diff.
 */
export function describeGolden(plugin: AnyProcessor | object, folder: string): void {
  const isUpdate = process.env['GOLDEN'] === 'update';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.in.ndjson'))
    .map((name) => name.replace('.in.ndjson', ''));
  describe(`${(plugin as AnyProcessor).id}: golden cases`, () => {
    it.each(names)('%s', (name) => {
      const [options, ...steps] = linesOf<Row>(
        readFileSync(join(folder, `${name}.in.ndjson`), 'utf8'),
      );
      const run = driveNode(plugin, options as unknown as DriveOptions);
      for (const step of steps) feed(run, step as unknown as GoldenStep);
      expect(run.errors).toEqual([]);
      const file = join(folder, `${name}.out.ndjson`);
      if (isUpdate) writeFileSync(file, outcomeOf(run));
      expect(outcomeOf(run)).toBe(readFileSync(file, 'utf8'));
    });

    it('holds the files its metadata names', () => {
      const file = join(folder, 'metadata.json');
      const sums = Object.fromEntries(
        readdirSync(folder)
          .filter((name) => name.endsWith('.ndjson'))
          .sort()
          .map((name) => [
            name,
            createHash('sha256')
              .update(readFileSync(join(folder, name)))
              .digest('hex'),
          ]),
      );
      const metadata = JSON.parse(readFileSync(file, 'utf8')) as Row;
      if (isUpdate)
        writeFileSync(file, `${JSON.stringify({ ...metadata, sha256: sums }, null, 2)}\n`);
      else expect(metadata['sha256']).toEqual(sums);
    });
  });
}
