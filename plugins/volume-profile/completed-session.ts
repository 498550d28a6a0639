import type { z } from 'zod';
import {
  assert,
  type completedProfile,
  contractCode,
  dayType,
  type Instrument,
  meanOf,
  medianOf,
  type ProfileShape,
  parseTradeDate,
  type priorProfile,
  profileShape,
  rangeExtension,
  type ShapeFeatures,
  type ShapeLimits,
  sessionDay,
  withSession,
} from '#engine';
import type { Config } from './config.ts';
import type { MeasuredSession } from './volume-profile.ts';

/** A completed session as it leaves the plugin. */
export type CompletedSession = z.infer<typeof completedProfile>;
/** What later days need of it. */
export type PriorSession = z.infer<typeof priorProfile>;

/** What is kept of earlier ordinary sessions, oldest first. */
export interface EarlierSessions {
  /** RTH volumes. */
  readonly volumes: readonly number[];
  /** Ranges, and widths of the initial balance, in ticks. */
  readonly ranges: readonly number[];
  readonly balances: readonly number[];
}

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
  config: Pick<Config, 'minSessions' | keyof ShapeLimits>,
): { shape: ProfileShape; features: ShapeFeatures } {
  const average = volumes.length >= config.minSessions ? meanOf(volumes) : null;
  const { high, low, close, initialBalance: balance } = session;
  const extension = balance === null ? null : rangeExtension(balance, low, high);
  const { shape, features } = profileShape(session.rows, {
    limits: config,
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

/** Returns whether a volume lies below a share of the median of earlier ordinary sessions; false while there are too few of them. */
export function isThin(
  volume: number,
  volumes: readonly number[],
  { minSessions, thinShare }: Pick<Config, 'minSessions' | 'thinShare'>,
): boolean {
  const median = volumes.length >= minSessions ? medianOf(volumes) : null;
  return median !== null && volume < thinShare * median;
}

/**
 * Returns whether a completed session may stand for others: no half day, holiday or gap, and not thin.
 *
 * @param volumes - RTH volumes of earlier ordinary sessions.
 */
export function isOrdinary(
  { short, holiday, gap, volume }: CompletedSession,
  volumes: readonly number[],
  config: Config,
): boolean {
  return !short && !holiday && !gap && !isThin(volume, volumes, config);
}

/** Returns what is kept of earlier sessions with one more ordinary session. */
export function withOrdinary(
  earlier: EarlierSessions,
  { volume, high, low, initialBalance: balance }: CompletedSession,
  { baselineSessions: most }: Config,
): EarlierSessions {
  return {
    volumes: withSession(earlier.volumes, volume, most),
    ranges: withSession(earlier.ranges, high - low, most),
    balances:
      balance === null
        ? earlier.balances
        : withSession(earlier.balances, balance.high - balance.low, most),
  };
}

function typeOfDay(
  session: MeasuredSession,
  shape: ProfileShape,
  isHoliday: boolean,
  earlier: EarlierSessions,
  config: Config,
): Pick<CompletedSession, 'dayType' | 'dayTypeMissing'> {
  const { minSessions } = config;
  const missing = (reason: string) => ({ dayType: null, dayTypeMissing: reason });
  if (isHoliday) return missing('a holiday is no day of its own');
  const { initialBalance: balance, framing, high, low, close } = session;
  if (balance === null || framing === undefined) return missing('no initial balance');
  const known = Math.min(earlier.ranges.length, earlier.balances.length);
  const averageRange = meanOf(earlier.ranges);
  const averageBalance = meanOf(earlier.balances);
  if (known < minSessions || averageRange === null || averageBalance === null)
    return missing(`${known} earlier ordinary sessions, ${minSessions} are needed`);
  const day = { high, low, close, balance, shape, framing, averageRange, averageBalance };
  const type = dayType(day, config);
  return { dayType: { ...type, averageRange, averageBalance }, dayTypeMissing: null };
}

/** Returns what was measured together with what the calendar and earlier sessions say about it. */
export function completeSession(
  session: MeasuredSession,
  earlier: EarlierSessions,
  config: Config,
  instrument: Instrument,
): CompletedSession {
  const shaped = sessionShape(session, earlier.volumes, config);
  const calendar = calendarOf(instrument, session.tradeDate);
  return {
    ...session,
    ...shaped,
    ...typeOfDay(session, shaped.shape, calendar.holiday, earlier, config),
    ...calendar,
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
