import { type Instrument, OrderflowError } from '#engine';
import type { RandomState } from './random.ts';
import { type EpisodeKind, idleScript, type ScriptState } from './script-state.ts';

/** What decides which market is made: the same values give the same rows. */
export interface MarketConfig {
  readonly seed: number;
  readonly startDate: string;
  /** Points; left out: that of the instrument. */
  readonly startPrice?: number | undefined;
  readonly tradesPerDay: number;
  readonly depth: boolean;
  /** Share of trades whose aggressor the venue tells. */
  readonly knownSides: number;
  /** What each day stages; empty: the ordinary mixture of days. */
  readonly stage: readonly EpisodeKind[];
}

/**
 * All that the generator remembers between two rows; plain JSON, so that a restart goes on from a copy. Times are
 * microseconds, prices ticks.
 */
export interface MarketState {
  /** Number of the trading day from 0, and its date. */
  dayNumber: number;
  tradeDate: number;
  /** Start of the second in hand, the time of the next step in it, its orders and how many are left. */
  second: number;
  nextTs: number;
  orders: number;
  ordersLeft: number;
  /** 1 before the opening auction of the day; 1 while the second in hand has no row. */
  opening: number;
  silent: number;
  /** 1 inside regular trading hours. */
  regular: number;
  /** Where the auction pulls price: at the begin and the end of the second. */
  fairBefore: number;
  fair: number;
  bid: number;
  ask: number;
  quoteTs: number;
  /** Sizes from the best level away; only the first is kept up when depth is off. */
  readonly bids: number[];
  readonly asks: number[];
  /** Sums over the regular session, prices relative to the last close. */
  volume: number;
  volumePrice: number;
  volumeSquare: number;
  priorClose: number;
  priorMean: number;
  priorDeviation: number;
  priorBalanced: number;
  /** Absorptions begun today; the side that holds (1 bid, -1 ask, 0 none), until when; then price leaves at this pace. */
  absorptions: number;
  holdingSide: number;
  holdingUntil: number;
  leavingTicks: number;
  leavingUntil: number;
  /** The staged episode in hand. */
  readonly script: ScriptState;
  random: RandomState;
}

/** Returns what must be equal for a saved state to be gone on with. */
function identityOf(instrument: Instrument, config: MarketConfig): string {
  const { seed, startDate, startPrice, tradesPerDay, depth, knownSides, stage } = config;
  return [
    instrument.symbol,
    seed,
    startDate,
    startPrice,
    tradesPerDay,
    depth,
    knownSides,
    ...stage,
  ].join(' ');
}

/** Writes a state as resume text. */
export function printState(
  instrument: Instrument,
  config: MarketConfig,
  state: MarketState,
): string {
  return JSON.stringify({ market: identityOf(instrument, config), state });
}

/**
 * Reads a resume text.
 *
 * @throws {OF_SIMULATOR_RESUME} when it is of another market.
 */
export function parseState(
  instrument: Instrument,
  config: MarketConfig,
  resume: string,
): MarketState {
  const expected = identityOf(instrument, config);
  let saved: { market?: unknown; state?: MarketState };
  try {
    saved = (JSON.parse(resume) ?? {}) as typeof saved;
  } catch {
    saved = {};
  }
  // A state that was saved before scripts existed, or before one of their fields did, has nothing of it in hand.
  if (saved.market === expected && saved.state !== undefined)
    return { ...saved.state, script: { ...idleScript(), ...saved.state.script } };
  const was = typeof saved.market === 'string' ? saved.market : resume.slice(0, 60);
  throw new OrderflowError('OF_SIMULATOR_RESUME', { expected, was });
}
