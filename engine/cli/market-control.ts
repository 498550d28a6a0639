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

/** The market of one instrument. */
interface Market {
  outcome: 'running' | 'ended' | 'failed';
  /** When its last record was written; null before the first. */
  lastAt: number | null;
  /** Event time it hurries to; null when it keeps its pace. */
  target: number | null;
  /** Ends its source, so that it is opened again in another way. */
  change: AbortController;
}

function reopen(market: Market): void {
  const { change } = market;
  market.change = new AbortController();
  change.abort();
}

/**
 * Speed, pause and jump of a market that can be paced, the same for every instrument of a run. A change ends the source
 * cleanly and opens it again where it stood, so what the market does never depends on it: only when it does it. The
 * engine knows nothing of it.
 */
export class MarketControl {
  private readonly wallClock: () => number;
  private readonly markets = new Map<string, Market>();
  private pace: MarketPace | null = null;
  private canPace = false;
  private isPaused = false;

  /** @param wallClock - Milliseconds of a clock that only moves forward. */
  constructor(wallClock: () => number) {
    this.wallClock = wallClock;
  }

  /** Where the market of an instrument stands now; for null, of the first that began. */
  state(symbol: string | null = null): MarketState {
    const market = symbol === null ? [...this.markets.values()][0] : this.markets.get(symbol);
    const outcome = market?.outcome ?? 'starting';
    const lastAt = market?.lastAt ?? null;
    return {
      state: outcome === 'running' && this.isPaused ? 'paused' : outcome,
      canPace: this.canPace,
      pace: this.pace,
      jumpingTo: market?.target ?? null,
      ageMs: lastAt === null ? null : this.wallClock() - lastAt,
    };
  }

  /** Sets the pace; a jump that is on its way ends. */
  setPace(pace: MarketPace): void {
    this.pace = pace;
    this.changed(null);
  }

  /** Holds the market. */
  pause(): void {
    this.isPaused = true;
    this.changed(null);
  }

  /** Lets it go on. */
  resume(): void {
    this.isPaused = false;
    for (const market of this.markets.values()) reopen(market);
  }

  /** Runs each instrument at full speed up to its first record at or after an event time, then on at the pace it had. */
  jumpTo(ts: number): void {
    this.isPaused = false;
    this.changed(ts);
  }

  /** Runs a source until it ends or `options.signal` asks it to, at the pace that is asked for meanwhile. */
  async run(options: SourceHostOptions): Promise<void> {
    const market = this.begin(options.instrument.symbol);
    try {
      const own = paceOf(options.source);
      if (own === null) await runSource({ ...options, log: this.watched(options.log, market) });
      else {
        this.canPace = true;
        this.pace ??= own;
        await this.runPaced(options, market);
      }
      market.outcome = 'ended';
    } catch (error) {
      market.outcome = 'failed';
      throw error;
    } finally {
      // A flow that takes over goes on with the jump.
      if (!options.signal.aborted) market.target = null;
    }
  }

  private begin(symbol: string): Market {
    const known = this.markets.get(symbol);
    if (known) {
      known.outcome = 'running';
      return known;
    }
    const change = new AbortController();
    const market: Market = { outcome: 'running', lastAt: null, target: null, change };
    this.markets.set(symbol, market);
    return market;
  }

  private async runPaced(options: SourceHostOptions, market: Market): Promise<void> {
    const { signal, source } = options;
    const log = this.watched(options.log, market);
    while (!signal.aborted) {
      const change = market.change.signal;
      if (this.isPaused) {
        await anyAborted(signal, change);
        continue;
      }
      const pace = market.target === null ? this.pace : 'max';
      const config = source.plugin.config.parse({ ...source.config, pace });
      const either = AbortSignal.any([signal, change]);
      await runSource({ ...options, log, source: { ...source, config }, signal: either });
      if (!change.aborted) return;
    }
  }

  private changed(target: number | null): void {
    for (const market of this.markets.values()) {
      market.target = target;
      reopen(market);
    }
  }

  /** A log that tells when records come, and ends a jump that has arrived. */
  private watched(log: Log, market: Market): Log {
    return watchAppends(log, (ts) => {
      market.lastAt = this.wallClock();
      if (market.target === null || ts < market.target) return;
      market.target = null;
      reopen(market);
    });
  }
}
