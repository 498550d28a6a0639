import { MarketBatchBuilder, type SourceArguments } from '#engine';
import { MarketGenerator } from './generator.ts';
import type { MarketConfig } from './market-state.ts';
import { Pace } from './pace.ts';

/** What the plugin is configured with. */
export interface SimulatorConfig extends MarketConfig {
  /** Trading days to make; null: without end. */
  readonly days: number | null;
  readonly pace: number | 'max';
  /** Days made at full speed before the pace counts; a half is half a trading day. */
  readonly catchUpDays: number;
}

/** The wall clock, which only paces: no row depends on it. */
export interface WallClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Batches after which timers and signals of the process get their turn when nothing is waited for. */
const batchesPerTurn = 128;

const wallClock: WallClock = {
  now: () => performance.now(),
  sleep(ms, signal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
    return promise;
  },
};

/** Returns whether the first `days`, of which the last may be a part, are not over. */
function hasDaysLeft({ dayNumber, shareOfDay }: MarketGenerator, days: number): boolean {
  return dayNumber < Math.floor(days) || dayNumber + shareOfDay < days;
}

/** Hands a batch over, with what was staged in it and how far the market is. */
async function handOver(
  a: SourceArguments<SimulatorConfig>,
  builder: MarketBatchBuilder,
  generator: MarketGenerator,
  days: number,
): Promise<void> {
  await a.write(builder.finish(), generator.snapshot());
  for (const episode of generator.staged.splice(0)) a.staged?.(episode);
  a.progress?.((generator.dayNumber + generator.shareOfDay) / days);
}

/** Writes the simulated market: the first days at once, then as fast as the pace says. */
export async function openSimulator(
  a: SourceArguments<SimulatorConfig>,
  clock: WallClock = wallClock,
): Promise<void> {
  const { config, instrument, signal } = a;
  const days = config.days ?? Infinity;
  const generator = new MarketGenerator(instrument, config, a.resume);
  const builder = new MarketBatchBuilder(instrument.symbol);
  const pace = new Pace(config.pace === 'max' ? Infinity : config.pace);
  for (let batches = 1; !signal.aborted && generator.dayNumber < days; batches += 1) {
    const { dayNumber, nextTs } = generator;
    const isCatchingUp = hasDaysLeft(generator, config.catchUpDays);
    const due = isCatchingUp ? Infinity : pace.dueAt(clock.now(), builder.lastTs, nextTs);
    generator.write(builder, due);
    if (builder.count > 0) await handOver(a, builder, generator, days);
    const isWaiting = generator.nextTs >= due && generator.dayNumber === dayNumber;
    if (isWaiting) await clock.sleep(pace.waitMs(due, generator.nextTs), signal);
    else if (batches % batchesPerTurn === 0) await clock.sleep(0, signal);
  }
}
