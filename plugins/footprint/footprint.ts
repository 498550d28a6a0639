import type { FootprintRows, ImbalanceStack, Payload } from '#engine';
import type { Senses } from './config.ts';

type Bar = Payload<Senses['barClosed']>;

/** Whose imbalances, or whose stack. */
export type StackSide = 'buy' | 'sell';

/** A stack of imbalances that price has not closed through yet. */
export interface Zone {
  readonly side: StackSide;
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** End of the bar that made it. */
  readonly since: number;
  /** A later bar traded into it. */
  readonly tested: boolean;
}

/** Zones kept; the oldest go first. */
const mostZones = 32;

const mass = ({ bid, ask, unknown }: FootprintRows, tick: number): number =>
  bid.at(tick) + ask.at(tick) + unknown.at(tick);

/** Returns the median volume of the rows that traded, 0 without any. */
export function medianRow(rows: FootprintRows): number {
  const volumes: number[] = [];
  for (let tick = rows.low; tick <= rows.high; tick += 1) {
    const volume = mass(rows, tick);
    if (volume > 0) volumes.push(volume);
  }
  volumes.sort((a, b) => a - b);
  const middle = volumes.length >> 1;
  if (volumes.length === 0) return 0;
  return volumes.length % 2 === 1
    ? volumes[middle]!
    : (volumes[middle - 1]! + volumes[middle]!) / 2;
}

/** Returns the smallest volume of the stronger side in a stack. */
export function leastOf(rows: FootprintRows, side: StackSide, stack: ImbalanceStack): number {
  const ladder = side === 'buy' ? rows.ask : rows.bid;
  let least = ladder.at(stack.low);
  for (let tick = stack.low + 1; tick <= stack.high; tick += 1)
    least = Math.min(least, ladder.at(tick));
  return least;
}

/** The end of a bar where traders may be caught, and what lies beyond it. */
export interface Extreme {
  /** 1: buyers at the high, -1: sellers at the low. */
  readonly way: 1 | -1;
  readonly price: number;
  readonly close: number;
  /** The same end of the bar before, NaN for the first. */
  readonly prior: number;
}

/**
 * Says whether a bar went beyond the end of the bar before, or beyond a level, and closed back.
 *
 * A close on the end of the bar before is back inside; a close on a level is neither side of it.
 */
export function isFailedBreak(extreme: Extreme, levels: Float64Array): boolean {
  const { way, price, close, prior } = extreme;
  if ((price - prior) * way > 0 && (close - prior) * way <= 0) return true;
  for (const level of levels) {
    if ((price - level) * way > 0 && (close - level) * way < 0) return true;
  }
  return false;
}

/** Returns the zones after a bar: those it closed through are gone, those it traded into are tested, its own are new. */
export function zonesAfter(zones: readonly Zone[], bar: Bar): Zone[] {
  const alive = zones
    .filter((zone) => (zone.side === 'buy' ? bar.close >= zone.low : bar.close <= zone.high))
    .map((zone) => {
      const isTouched = bar.low <= zone.high && bar.high >= zone.low;
      return isTouched && !zone.tested ? { ...zone, tested: true } : zone;
    });
  const fresh = bar.stacks.map((stack) => ({ ...stack, since: bar.end, tested: false }));
  return [...alive, ...fresh].slice(-mostZones);
}
