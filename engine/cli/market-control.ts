import type { GraphSource } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';
import { runSource, type SourceHostOptions } from '../runtime/source-host.ts';
import { watchAppends } from './watched-log.ts';

/** Event time per wall time, or as fast as it goes. */
export type MarketPace = number | 'max';

/** Where the market of a run stands. */
export interface MarketState {
  readonly state: 'starting' | 'running' | 'paused' | 'ended' | 'failed';
  /** False for a feed that has its own speed. */
  readonly canPace: boolean;
  readonly pace: MarketPace | null;
  /** Event time it hurries to; null when it keeps its pace. */
  readonly jumpingTo: number | null;
  /** Milliseconds since the last record was written; null before the first. */
  readonly ageMs: number | null;
}

/** Resolves when one of the signals fires. */
function anyAborted(...signals: readonly AbortSignal[]): Promise<void> {
  const either = AbortSignal.any([...signals]);
  if (either.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    either.addEventListener('abort', () => resolve(), { once: true });
  });
}

function paceOf({ plugin, config }: GraphSource): MarketPace | null {
  if (!('pace' in plugin.config.shape)) return null;
  const { pace } = config;
  return typeof pace === 'number' ? pace : 'max';
}

/**
 * Speed, pause and jump of a market that can be paced. A change ends the source cleanly and opens it again where it
 * stood, so what the market does never depends on it: only when it does it. The engine knows nothing of it.
 */
export class MarketControl {
  private readonly wallClock: () => number;
  private change = new AbortController();
  private pace: MarketPace | null = null;
  private canPace = false;
  private isPaused = false;
  private target: number | null = null;
  private lastAt: number | null = null;
  private outcome: 'starting' | 'running' | 'ended' | 'failed' = 'starting';

  /** @param wallClock - Milliseconds of a clock that only moves forward. */
  constructor(wallClock: () => number) {
    this.wallClock = wallClock;
  }

  /** Where the market stands now. */
  state(): MarketState {
    return {
      state: this.outcome === 'running' && this.isPaused ? 'paused' : this.outcome,
      canPace: this.canPace,
      pace: this.pace,
      jumpingTo: this.target,
      ageMs: this.lastAt === null ? null : this.wallClock() - this.lastAt,
    };
  }

  /** Sets the pace; a jump that is on its way ends. */
  setPace(pace: MarketPace): void {
    this.pace = pace;
    this.target = null;
    this.changed();
  }

  /** Holds the market. */
  pause(): void {
    this.isPaused = true;
    this.target = null;
    this.changed();
  }

  /** Lets it go on. */
  resume(): void {
    this.isPaused = false;
    this.changed();
  }

  /** Runs at full speed up to the first record at or after an event time, then on at the pace it had. */
  jumpTo(ts: number): void {
    this.target = ts;
    this.isPaused = false;
    this.changed();
  }

  /** Runs a source until it ends or `options.signal` asks it to, at the pace that is asked for meanwhile. */
  async run(options: SourceHostOptions): Promise<void> {
    this.outcome = 'running';
    try {
      const own = paceOf(options.source);
      if (own === null) await runSource({ ...options, log: this.watched(options.log) });
      else {
        this.canPace = true;
        this.pace ??= own;
        await this.runPaced(options);
      }
      this.outcome = 'ended';
    } catch (error) {
      this.outcome = 'failed';
      throw error;
    }
  }

  private async runPaced(options: SourceHostOptions): Promise<void> {
    const { signal, source } = options;
    const log = this.watched(options.log);
    while (!signal.aborted) {
      const change = this.change.signal;
      if (this.isPaused) {
        await anyAborted(signal, change);
        continue;
      }
      const pace = this.target === null ? this.pace : 'max';
      const config = source.plugin.config.parse({ ...source.config, pace });
      const either = AbortSignal.any([signal, change]);
      await runSource({ ...options, log, source: { ...source, config }, signal: either });
      if (!change.aborted) return;
    }
  }

  private changed(): void {
    const { change } = this;
    this.change = new AbortController();
    change.abort();
  }

  /** A log that tells when records come, and ends a jump that has arrived. */
  private watched(log: Log): Log {
    return watchAppends(log, (ts) => {
      this.lastAt = this.wallClock();
      if (this.target === null || ts < this.target) return;
      this.target = null;
      this.changed();
    });
  }
}
