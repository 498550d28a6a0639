import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MarketBatchBuilder, type SourceArguments } from '#engine';
import { MarketGenerator } from '#plugins/simulator/generator.ts';
import { Rate, stepMs } from './rate.ts';

/** What the source is configured with. */
export interface LoadConfig {
  readonly seed: number;
  readonly tradesPerDay: number;
  readonly depth: boolean;
  readonly catchUpDays: number;
  /** Hundreds of rows a second. */
  readonly pace: number | 'max';
  readonly trace: string;
}

/** Line of the trace that says that the first days are over. */
const pacedMark = 'paced';
/** Event time is asked for in steps of this length until the rows that are due are there. */
const stepMicros = 2_000;
const batchesPerTurn = 64;
const firstPrice = 6_000;

/** Writes the simulated market by the number of its rows: first days at once, then so many a second. */
export async function openLoad(a: SourceArguments<LoadConfig>): Promise<void> {
  const { config, instrument, signal } = a;
  // Each instrument begins at a price of its own, so that a test can tell whose it sees: ES at 6,000, NQ at 18,000.
  const startPrice = firstPrice * (instrument.number + 1);
  const market = { startDate: '2025-11-17', startPrice, knownSides: 0.9, stage: [] };
  const generator = new MarketGenerator(instrument, { ...config, ...market }, a.resume);
  const builder = new MarketBatchBuilder(instrument.symbol);
  const hand = async (): Promise<number> => {
    const { count, lastTs } = builder;
    const batch = builder.finish();
    if (config.trace !== '') appendFileSync(config.trace, `${lastTs} ${Date.now()} ${count}\n`);
    await a.write(batch, generator.snapshot());
    return count;
  };
  const isCatchingUp = (): boolean =>
    generator.dayNumber + generator.shareOfDay < config.catchUpDays;
  for (
    let batches = 1;
    !signal.aborted && (config.pace === 'max' || isCatchingUp());
    batches += 1
  ) {
    generator.write(builder, Infinity);
    if (builder.count > 0) await hand();
    if (batches % batchesPerTurn === 0) await sleep(0);
  }
  if (config.trace !== '') appendFileSync(config.trace, `${pacedMark}\n`);
  const rate = new Rate(config.pace === 'max' ? Infinity : config.pace);
  while (!signal.aborted) {
    for (let due = rate.due(); due > 0; ) {
      fill(generator, builder, due);
      const rows = await hand();
      rate.wrote(rows);
      due -= rows;
    }
    await sleep(stepMs);
  }
}

/** Collects so many rows, or as many as a batch has room for. */
function fill(generator: MarketGenerator, builder: MarketBatchBuilder, due: number): void {
  for (;;) {
    const until = generator.nextTs + stepMicros;
    const { dayNumber } = generator;
    generator.write(builder, until);
    const isFull = generator.nextTs < until && generator.dayNumber === dayNumber;
    if (isFull || builder.count >= due) return;
  }
}
