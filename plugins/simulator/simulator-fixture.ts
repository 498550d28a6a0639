import {
  decodeMarketBatch,
  findInstrument,
  type Instrument,
  type MarketBatch,
  MarketBatchBuilder,
} from '#engine';
import { MarketGenerator } from './generator.ts';
import type { MarketConfig } from './market-state.ts';

/** The market of the tests: light, everything on. */
export const testMarket: MarketConfig = {
  seed: 7,
  startDate: '2025-11-17',
  startPrice: 6_000,
  tradesPerDay: 60_000,
  depth: true,
  knownSides: 0.9,
  stage: [],
};

/** Makes batches until so many rows or days are made, and hands each over decoded with its bytes. */
export function makeMarket(
  config: MarketConfig,
  until: { readonly rows?: number; readonly days?: number },
  use: (batch: MarketBatch, bytes: Uint8Array, generator: MarketGenerator) => void,
  instrument: Instrument = findInstrument('ES'),
): MarketGenerator {
  const generator = new MarketGenerator(instrument, config, null);
  const builder = new MarketBatchBuilder(instrument.symbol);
  let rows = 0;
  while (rows < (until.rows ?? Infinity) && generator.dayNumber < (until.days ?? Infinity)) {
    generator.write(builder, Infinity);
    const bytes = builder.finish();
    const batch = decodeMarketBatch(bytes);
    rows += batch.count;
    use(batch, bytes, generator);
  }
  return generator;
}

/** Returns a hash of the first rows of a market, the same on every engine. */
export function marketHash(config: MarketConfig, rows: number): string {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ (value | 0), 0x01000193);
    hash ^= hash >>> 15;
  };
  let left = rows;
  makeMarket(config, { rows }, (batch) => {
    for (let i = 0; i < batch.count && left > 0; i += 1) {
      left -= 1;
      mix(Math.floor(batch.ts[i]! / 4_294_967_296));
      mix(batch.ts[i]! % 4_294_967_296);
      for (const column of [
        batch.kind,
        batch.side,
        batch.flags,
        batch.a,
        batch.b,
        batch.c,
        batch.d,
      ])
        mix(column[i]!);
    }
  });
  return (hash >>> 0).toString(16).padStart(8, '0');
}
