import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeMarketBatch, findInstrument, isOrderflowError, rowKind } from '#engine';
import { openReplay, type ReplayConfig } from './source.ts';

/** Header lines of the formats, as the tests write them. */
export const headers = {
  trades: 'ts_ns,price,size,side,bid,ask',
  bars: 'ts_ns,open,high,low,close,volume,bid_vol,ask_vol,delta,trades,vwap',
  footprint: 'ts_ns,price,volume,bid_vol,ask_vol,delta',
  book: `ts_ns,${Array.from({ length: 10 }, (_, i) => `bid_px_0${i},bid_sz_0${i},bid_ct_0${i},ask_px_0${i},ask_sz_0${i},ask_ct_0${i}`).join()}`,
};

/** A decoded row as text, such as `trade 0 6561 8 0 0`: kind, microseconds after the epoch given, numbers. */
export type RowText = string;

/** What a run of the source left behind. */
export interface ReplayRun {
  readonly rows: RowText[];
  readonly batches: number[];
  readonly resumes: string[];
  readonly error: unknown;
  readonly progress: number[];
}

/** Settings of {@link runReplay}. */
export interface RunOptions {
  readonly instrument?: string;
  readonly resume?: string | null;
  /** Stops after so many batches. */
  readonly stopAfter?: number;
  /** Event time that counts as 0 in the rows' texts. */
  readonly epoch?: number;
}

const kindNames = new Map<number, string>(
  Object.entries(rowKind).map(([name, kind]) => [kind, name]),
);

/** Returns the rows of an encoded batch as text. */
export function rowTexts(bytes: Uint8Array, epoch = 0): RowText[] {
  const batch = decodeMarketBatch(bytes);
  let bar = 0;
  return Array.from({ length: batch.count }, (_, i) => {
    const head = `${kindNames.get(batch.kind[i]!)} ${batch.ts[i]! - epoch}`;
    const [a, b, c, d] = [batch.a[i], batch.b[i], batch.c[i], batch.d[i]];
    switch (batch.kind[i]) {
      case rowKind.trade:
        return `${head} ${a} ${b} ${batch.side[i]} ${batch.flags[i]}`;
      case rowKind.quote:
        return `${head} ${a} ${b} ${c} ${d}`;
      case rowKind.depth:
        return `${head} ${batch.side[i]} ${c} ${a} ${b}`;
      case rowKind.bar:
        bar += 4;
        return `${head} ${a} ${b} ${c} ${d} ${batch.bars.subarray(bar - 4, bar).join(' ')}`;
      default:
        return head;
    }
  });
}

/** Runs the source to its end, an error, or the batch after which it is stopped. */
export async function runReplay(
  config: ReplayConfig,
  options: RunOptions = {},
): Promise<ReplayRun> {
  const stop = new AbortController();
  const run = {
    rows: [] as string[],
    batches: [] as number[],
    resumes: [] as string[],
    progress: [] as number[],
  };
  let error: unknown = null;
  if (options.stopAfter === 0) stop.abort();
  const write = (bytes: Uint8Array, resume: string): Promise<void> => {
    const rows = rowTexts(bytes, options.epoch ?? 0);
    run.rows.push(...rows);
    run.batches.push(rows.length);
    run.resumes.push(resume);
    if (run.batches.length === options.stopAfter) stop.abort();
    return Promise.resolve();
  };
  await openReplay({
    config,
    instrument: findInstrument(options.instrument ?? 'ES'),
    resume: options.resume ?? null,
    signal: stop.signal,
    write,
    progress: (done) => run.progress.push(done),
  }).catch((caught: unknown) => {
    error = caught;
  });
  return { ...run, error };
}

/** One level of a side, price as a decimal; null where the book has none. */
export type BookLevel = readonly [price: number, size: number] | null;

/** Returns the line of a book: levels from the best one on, those not given are empty. */
export function bookLine(
  stamp: string,
  bids: readonly BookLevel[],
  asks: readonly BookLevel[],
): string {
  const cells = (level: BookLevel | undefined): string =>
    level ? `${level[0]},${level[1]},1` : ',,';
  const levels = Array.from({ length: 10 }, (_, i) => `${cells(bids[i])},${cells(asks[i])}`);
  return `${stamp},${levels.join()}`;
}

/** A folder for the files of one test file. */
export interface FileFolder {
  file(name: string, content: string | Uint8Array): string;
  remove(): void;
}

/** Runs the source and returns beside the rest the message of the error it ends with. */
export async function refusal(
  config: ReplayConfig,
  resume: string | null = null,
): Promise<ReplayRun & { said: string }> {
  const run = await runReplay(config, { resume });
  const said = isOrderflowError(run.error) ? run.error.message : `no error: ${String(run.error)}`;
  return { ...run, said };
}

/** Returns the message of the error that a file's content gives, without the folder it lies in. */
export async function refusalOf(
  folder: FileFolder,
  name: string,
  content: string | Uint8Array,
  config: Partial<ReplayConfig> = {},
): Promise<string> {
  const { said } = await refusal({ files: [folder.file(name, content)], ...config });
  return said.replaceAll(/[^' ]*orderflow-replay-[^/]*\//g, '');
}

/** Makes a folder, to be removed at the end. */
export function fileFolder(): FileFolder {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-replay-'));
  return {
    file(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
