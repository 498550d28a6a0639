import { decodeMarketBatch, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { GraphSource } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Log } from './ports.ts';

/** How many batches the log holds that no task has taken yet; a source waits while there are too many. */
export class Backlog {
  private readonly most: number;
  private end: number;
  private taken: number;
  private waiting: (() => void)[] = [];
  private isOver = false;

  /**
   * @param end - Offset the next batch will get.
   * @param taken - Offset of the next batch the task takes.
   * @param most - Batches that may wait.
   */
  constructor(end: number, taken: number, most: number) {
    this.end = end;
    this.taken = taken;
    this.most = most;
  }

  /** Notes one more batch. */
  appended(): void {
    this.end += 1;
  }

  /** Notes how far the task is, and lets the source go on when there is room. */
  takenTo(offset: number): void {
    this.taken = offset;
    if (this.hasRoom) this.wake();
  }

  /** Lets the source go on for good: nobody takes batches any more. */
  release(): void {
    this.isOver = true;
    this.wake();
  }

  /** Resolves when there is room. */
  async room(): Promise<void> {
    while (!this.hasRoom) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private get hasRoom(): boolean {
    return this.isOver || this.end - this.taken < this.most;
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** What a source runs on. */
export interface SourceHostOptions {
  readonly log: Log;
  readonly source: GraphSource;
  readonly instrument: Instrument;
  readonly backlog: Backlog;
  readonly signal: AbortSignal;
  /** Told how far a finite source is, 0 to 1. */
  readonly progress?: (done: number) => void;
}

/**
 * Runs a source of a flow until it ends or `signal` asks it to: each batch goes into the log together with the text
 * that the source needs to go on after it.
 *
 * @throws {OF_SOURCE_OTHER} when another source has written the instrument's market data.
 * @throws {OF_SOURCE_FAILED} when the source throws something that is no coded error; coded ones pass as they are.
 */
export async function runSource(options: SourceHostOptions): Promise<void> {
  const { log, source, instrument, backlog, signal, progress } = options;
  const { id } = source.plugin;
  const partition = instrument.number;
  const resume = await log.resumeOf(id, partition);
  if (resume === null && (await log.end(marketTopic, partition)) > 0) {
    throw new OrderflowError('OF_SOURCE_OTHER', { source: id, instrument: instrument.symbol });
  }
  const write = async (batch: Uint8Array, position: string): Promise<void> => {
    // Decoding also refuses bytes that no task could read before they are in the log for good.
    const ts = decodeMarketBatch(batch).ts.at(-1) ?? 0;
    const record = {
      topic: marketTopic,
      key: instrument.symbol,
      ts,
      schema: marketSchema,
      value: batch,
    };
    await log.append(partition, [record], { source: id, value: position });
    backlog.appended();
    await backlog.room();
  };
  try {
    await source.plugin.open({
      config: source.config as never,
      instrument,
      resume,
      signal,
      write,
      ...(progress ? { progress } : {}),
    });
  } catch (error) {
    if (isOrderflowError(error)) throw error;
    if (signal.aborted && error === signal.reason) return;
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_SOURCE_FAILED', { source: source.id, cause }, { cause: error });
  }
}
