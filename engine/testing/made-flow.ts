import { z } from 'zod';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument, type Instrument } from '../market/instrument.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { type AnySource, definePlugin, type SourceArguments } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';

const place = { file: 'made.flow.yaml', line: 1, col: 1 };
const config = z.object({});

/** Trades of one morning, `count` batches of four; every seventh trade is a large lot. */
function batchOf(instrument: Instrument, number: number): Uint8Array {
  const builder = new MarketBatchBuilder(instrument.symbol);
  const start = zonedToUtc('America/New_York', parseTradeDate('2025-11-19'), '10:00');
  for (let i = 0; i < 4; i += 1) {
    const n = number * 4 + i;
    builder.trade(
      start + n * 7_000_000,
      24_000 + (n % 9),
      n % 7 === 0 ? 120 + n : 3,
      n % 2 === 0 ? 1 : -1,
      0,
    );
  }
  return builder.finish();
}

/** Writes `count` batches and remembers by their number where it stands. */
export async function writeBatches(a: SourceArguments<never>, count: number): Promise<void> {
  for (let n = Number(a.resume ?? 0); n < count && !a.signal.aborted; n += 1) {
    await a.write(batchOf(a.instrument, n), String(n + 1));
    a.progress?.((n + 1) / count);
  }
}

/** A source whose `open` a test writes itself. */
export function madeSource(open: AnySource['open'], id = 'made-source'): AnySource {
  const out = { market: { kind: 'market', takes: ['trade'] } } as const;
  const plugin = {
    id,
    kind: 'source',
    version: '1.0.0',
    api: 1,
    summary: 'Made',
    needs: [],
    in: {},
    out,
    config,
    examples: [],
  } as const;
  return definePlugin({ ...plugin, open: async (a) => open(a as never) });
}

/** A flow of one node that tells of large lots, over a made source. */
export function madeFlow(source: AnySource, hash = 'made'): FlowGraph {
  return {
    name: 'made',
    version: '1.0.0',
    doc: '',
    file: place.file,
    hash,
    instruments: [findInstrument('ES')],
    zone: 'America/New_York',
    params: {},
    sources: [{ id: 'market', plugin: source, config: {}, place }],
    topics: [],
    nodes: [
      {
        id: 'lots',
        use: 'large-lot',
        plugin: largeLot,
        config: largeLot.config.parse({}),
        wires: [
          {
            port: 'market',
            kind: 'market',
            origin: { kind: 'market', source: 'market' },
            late: 'take',
            place,
          },
        ],
        tables: {},
        onError: 'quarantine',
        place,
      },
    ],
    sinks: [],
    moved: {},
  };
}
