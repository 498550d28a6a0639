import type { z } from 'zod';
import {
  assert,
  type completedProfile,
  contractCode,
  type Instrument,
  meanOf,
  medianOf,
  type ProfileShape,
  parseTradeDate,
  type priorProfile,
  profileShape,
  rangeExtension,
  type ShapeFeatures,
  sessionDay,
} from '#engine';
import type { Config } from './config.ts';
import type { MeasuredSession } from './volume-profile.ts';

/** A completed session as it leaves the plugin. */
export type CompletedSession = z.infer<typeof completedProfile>;
/** What later days need of it. */
export type PriorSession = z.infer<typeof priorProfile>;

const thinShare = 0.5;

/** Returns what the calendar says about a trade date. */
export function calendarOf(
  instrument: Instrument,
  tradeDate: string,
): { short: boolean; holiday: boolean } {
  const day = sessionDay(instrument.calendar, parseTradeDate(tradeDate));
  return { short: day?.short ?? false, holiday: day?.holiday ?? false };
}

/**
 * Returns the shape of a completed session with the numbers it was read from.
 *
 * @param volumes - RTH volumes of earlier ordinary sessions; fewer than `minSessions` say nothing about too little volume.
 */
export function sessionShape(
  session: MeasuredSession,
  volumes: readonly number[],
  minSessions: number,
): { shape: ProfileShape; features: ShapeFeatures } {
  const average = volumes.length >= minSessions ? meanOf(volumes) : null;
  const { high, low, close, initialBalance: balance } = session;
  const extension = balance === null ? null : rangeExtension(balance, low, high);
  const { shape, features } = profileShape(session.rows, {
    ...(average === null ? {} : { averageDailyVolume: average }),
    ...(extension === null
      ? {}
      : {
          day: {
            extension: Math.max(extension.up, extension.down),
            closePosition: high > low ? (close - low) / (high - low) : 0.5,
          },
        }),
  });
  assert(features !== null, 'a session with a profile has volume', session.volume);
  return { shape, features };
}

/** Returns whether a volume lies below half the median of earlier ordinary sessions; false while there are too few of them. */
export function isThin(volume: number, volumes: readonly number[], minSessions: number): boolean {
  const median = volumes.length >= minSessions ? medianOf(volumes) : null;
  return median !== null && volume < thinShare * median;
}

/**
 * Returns whether a session may stand for others: no half day, holiday or gap, and not thin.
 *
 * @param volumes - RTH volumes of earlier ordinary sessions.
 */
export function isOrdinary(
  session: MeasuredSession,
  volumes: readonly number[],
  config: Config,
  instrument: Instrument,
): boolean {
  const { short, holiday } = calendarOf(instrument, session.tradeDate);
  return !short && !holiday && !session.gap && !isThin(session.volume, volumes, config.minSessions);
}

/** Returns what was measured together with what the calendar and earlier sessions say about it. */
export function completeSession(
  session: MeasuredSession,
  volumes: readonly number[],
  config: Config,
  instrument: Instrument,
): CompletedSession {
  return {
    ...session,
    ...sessionShape(session, volumes, config.minSessions),
    ...calendarOf(instrument, session.tradeDate),
    contract: contractCode(instrument, parseTradeDate(session.tradeDate), config.roll),
  };
}

/** Returns the part of a completed session that later days refer to. */
export function priorOf(session: CompletedSession): PriorSession {
  const {
    tradeDate,
    open,
    high,
    low,
    close,
    poc,
    vah,
    val,
    shape,
    short,
    approximate,
    gap,
    contract,
  } = session;
  return {
    tradeDate,
    open,
    high,
    low,
    close,
    poc,
    vah,
    val,
    shape,
    short,
    approximate,
    gap,
    contract,
  };
}
