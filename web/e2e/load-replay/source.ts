import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  rowKind,
  type SourceArguments,
} from '#engine';
import { openReplay } from '#plugins/replay/source.ts';
import { Rate, stepMs } from '../load-market/rate.ts';

/** What the source is configured with. */
export interface LoadReplayConfig {
  readonly files: readonly string[];
  /** Event time from which on rows come at the pace. */
  readonly pacedFrom: number;
  /** Hundreds of rows a second. */
  readonly pace: number | 'max';
  readonly trace: string;
}

/** Where it stands: in front of which batch of the replay, and how many rows of that batch are written. */
interface Place {
  readonly resume: string | null;
  readonly skip: number;
}

function copyRow(builder: MarketBatchBuilder, batch: MarketBatch, i: number): void {
  const [ts, a, b] = [batch.ts[i]!, batch.a[i]!, batch.b[i]!];
  switch (batch.kind[i]) {
    case rowKind.trade:
      return builder.trade(ts, a, b, batch.side[i]!, batch.flags[i]!);
    case rowKind.quote:
      return builder.quote(ts, a, b, batch.c[i]!, batch.d[i]!);
    case rowKind.depth:
      return builder.depth(ts, batch.side[i]!, batch.c[i]!, a, b);
    default:
      return builder.heartbeat(ts);
  }
}

/** Cuts what the replay writes into the rows that are due, and hands those on. */
class Cutter {
  readonly #a: SourceArguments<LoadReplayConfig>;
  readonly #rate: Rate;
  readonly #builder: MarketBatchBuilder;
  #place: Place;
  #isPaced = false;

  constructor(a: SourceArguments<LoadReplayConfig>, place: Place) {
    this.#a = a;
    this.#place = place;
    this.#rate = new Rate(a.config.pace === 'max' ? Infinity : a.config.pace);
    this.#builder = new MarketBatchBuilder(a.instrument.symbol);
  }

  async take(bytes: Uint8Array, next: string): Promise<void> {
    const { config, signal } = this.#a;
    const batch = decodeMarketBatch(bytes);
    const isRunUp = batch.ts[batch.count - 1]! < config.pacedFrom;
    if (!isRunUp && !this.#isPaced) this.#note('paced');
    this.#isPaced ||= !isRunUp;
    for (let at = this.#place.skip; at < batch.count && !signal.aborted; ) {
      const due = isRunUp || config.pace === 'max' ? batch.count : this.#rate.due();
      const until = Math.min(batch.count, at + Math.max(0, due));
      if (until === at) await sleep(stepMs);
      else await this.#hand(batch, at, until, next);
      at = until;
    }
  }

  async #hand(batch: MarketBatch, from: number, until: number, next: string): Promise<void> {
    for (let i = from; i < until; i += 1) copyRow(this.#builder, batch, i);
    const isWhole = until === batch.count;
    this.#place = isWhole ? { resume: next, skip: 0 } : { ...this.#place, skip: until };
    const { lastTs } = this.#builder;
    const bytes = this.#builder.finish();
    if (this.#isPaced) this.#rate.wrote(until - from);
    this.#note(`${lastTs} ${Date.now()} ${until - from}`);
    await this.#a.write(bytes, JSON.stringify(this.#place));
  }

  #note(line: string): void {
    const { trace } = this.#a.config;
    if (trace !== '') appendFileSync(trace, `${line}\n`);
  }
}

/** Plays recorded files through the replay of the product, its rows at a rate. */
export async function openLoadReplay(a: SourceArguments<LoadReplayConfig>): Promise<void> {
  const place: Place =
    a.resume === null ? { resume: null, skip: 0 } : (JSON.parse(a.resume) as Place);
  const cutter = new Cutter(a, place);
  await openReplay({
    ...a,
    config: { files: a.config.files },
    resume: place.resume,
    write: (bytes, next) => cutter.take(bytes, next),
  });
}
