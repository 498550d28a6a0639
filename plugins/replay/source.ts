import { realpath } from 'node:fs/promises';
import {
  MarketBatchBuilder,
  maxBatchRows,
  OrderflowError,
  type SourceArguments,
  sessionAt,
} from '#engine';
import { FileMerge } from './file-merge.ts';
import { type FilePosition, parsePosition, type ReplayPosition } from './position.ts';
import { timeRange } from './time-range.ts';

/** What the plugin is configured with. */
export interface ReplayConfig {
  readonly files: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly barSeconds?: number | undefined;
}

/** Refuses a file that is given twice, also under another name: its rows would count double. */
async function refuseTwice(files: readonly string[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const file of files) {
    // A file that does not exist is reported when it is opened.
    const path = await realpath(file).catch(() => file);
    const first = seen.get(path);
    if (first !== undefined) throw new OrderflowError('OF_REPLAY_FILE_TWICE', { file, first });
    seen.set(path, file);
  }
}

/** Returns the latest time stamp inside the range over all files, null when there is none. */
function latestOf(positions: readonly FilePosition[]): number | null {
  const stamps = positions.flatMap(({ last }) => (last === null ? [] : [last]));
  return stamps.length === 0 ? null : Math.max(...stamps);
}

/** Writes the files' rows as market batches, then one heartbeat at the close of the last trade date. */
export async function openReplay(a: SourceArguments<ReplayConfig>): Promise<void> {
  const { config, instrument, signal } = a;
  const range = timeRange(instrument, config.from, config.to);
  await refuseTwice(config.files);
  const options = { instrument, range, barSeconds: config.barSeconds ?? null };
  const resume = parsePosition(a.resume);
  const merge = await FileMerge.open(config.files, options, resume, signal);
  if (resume.done && merge.isExhausted) return;
  const builder = new MarketBatchBuilder(instrument.symbol);
  const write = async (done: boolean): Promise<void> => {
    const position: ReplayPosition = { files: merge.positions, done };
    await a.write(builder.finish(), JSON.stringify(position));
    a.progress?.(merge.progress);
  };
  try {
    await writeRows(merge, builder, write, signal);
    if (signal.aborted) return;
    const last = latestOf(merge.positions);
    if (last === null) {
      throw new OrderflowError('OF_REPLAY_RANGE_EMPTY', {
        files: config.files.join("', '"),
        from: config.from ?? 'their begin',
        to: config.to ?? 'their end',
      });
    }
    builder.heartbeat(Math.max(sessionAt(instrument.calendar, last).close, builder.lastTs));
    await write(true);
  } finally {
    await merge.close();
  }
}

/** Writes full batches; what is left of the last one stays in the builder, unless a row cannot be read. */
async function writeRows(
  merge: FileMerge,
  builder: MarketBatchBuilder,
  write: (done: boolean) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!merge.isExhausted || builder.count === maxBatchRows) {
    try {
      await merge.write(builder);
    } catch (error) {
      // What was read before the damage stays.
      if (builder.count > 0) await write(false);
      throw error;
    }
    if (signal.aborted) return;
    if (!merge.isExhausted || builder.count === maxBatchRows) await write(false);
  }
}
