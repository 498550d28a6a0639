import { decodeMarketBatch, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { GraphSource } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Log } from './ports.ts';

/** How many batches the log holds that no task has taken yet; a source waits while there are too many. */
export class Backlog {
  private readonly most: number;
  /** Where the log ended at the start. Offsets may have holes, so what lay in it is counted by its end, the rest by number. */
  private readonly end: number;
  private old: number;
  private ahead = 0;
  private waiting: (() => void)[] = [];
  private isOver = false;

  /**
   * @param end - Offset the next batch would have got at the start.
   * @param taken - Offset of the next batch the task takes.
   * @param most - Batches that may wait.
   */
  constructor(end: number, taken: number, most: number) {
    this.end = end;
    this.old = Math.max(0, end - taken);
    this.most = most;
  }

  /** Notes one more batch, in the log or on its way there. */
  appended(): void {
    this.ahead += 1;
  }

  /** Notes that the task has taken so many more batches and where it is, and lets the source go on when there is room. */
  takenTo(offset: number, count: number): void {
    this.old = Math.max(0, this.end - offset);
    if (this.old === 0) this.ahead = Math.max(0, this.ahead - count);
    if (this.hasRoom) this.wake();
  }

  /** Lets the source go on for good: nobody takes batches any more. */
  release(): void {
    this.isOver = true;
    this.wake();
  }

  /** Resolves when there is room, or when it is woken and need not wait any longer. */
  async room(isIdle = (): boolean => false): Promise<void> {
    while (!this.hasRoom && !isIdle())
      await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private get hasRoom(): boolean {
    return this.isOver || this.old + this.ahead < this.most;
  }

  /** Lets sources look again whether they have to wait. */
  wake(): void {
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

/** Whether there is a committed record: on Kafka what a killed writer left open takes offsets, and is none. */
async function holdsMarketData(log: Log, partition: number): Promise<boolean> {
  if ((await log.end(marketTopic, partition)) === 0) return false;
  try {
    return (await log.read(marketTopic, partition, 0, 1)).length > 0;
  } catch (error) {
    if (isOrderflowError(error, 'OF_LOG_TRIMMED')) return true;
    throw error;
  }
}

/**
 * Runs a source of a flow until it ends or `signal` asks it to: each batch goes into the log together with the text
 * that the source needs to go on after it. A source does not wait for a log that is far away: as many batches as the
 * backlog has room for are on their way at once, in their order, and all are in the log when this returns.
 *
 * @throws {OF_SOURCE_OTHER} when another source has written the instrument's market data.
 * @throws {OF_SOURCE_FAILED} when the source throws something that is no coded error; coded ones pass as they are.
 */
export async function runSource(options: SourceHostOptions): Promise<void> {
  const { log, source, instrument, backlog, signal, progress } = options;
  const { id } = source.plugin;
  const partition = instrument.number;
  const resume = await log.resumeOf(id, partition);
  if (resume === null && (await holdsMarketData(log, partition))) {
    throw new OrderflowError('OF_SOURCE_OTHER', { source: id, instrument: instrument.symbol });
  }
  const underWay = new Set<Promise<void>>();
  const failed: unknown[] = [];
  const write = async (batch: Uint8Array, position: string): Promise<void> => {
    if (failed.length > 0) throw failed[0];
    // Decoding also refuses bytes that no task could read before they are in the log for good.
    const ts = decodeMarketBatch(batch).ts.at(-1) ?? 0;
    const record = {
      topic: marketTopic,
      key: instrument.symbol,
      ts,
      schema: marketSchema,
      value: batch,
    };
    backlog.appended();
    const appending = log
      .append(partition, [record], { source: id, value: position })
      .catch((error: unknown) => {
        failed.push(error);
        backlog.wake();
      })
      .finally(() => underWay.delete(appending));
    underWay.add(appending);
    await backlog.room(() => failed.length > 0);
  };
  const written = async (): Promise<void> => {
    await Promise.all(underWay);
    if (failed.length > 0) throw failed[0];
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
    await written();
  } catch (error) {
    await Promise.all(underWay);
    if (isOrderflowError(error)) throw error;
    if (signal.aborted && error === signal.reason) return;
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_SOURCE_FAILED', { source: source.id, cause }, { cause: error });
  }
}
