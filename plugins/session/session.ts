import {
  contractCode,
  formatTradeDate,
  type Instrument,
  medianOf,
  parseTradeDate,
  previousSession,
  sessionDay,
} from '#engine';
import type { Config } from './config.ts';

/** What the calendar says about a trade date. */
export interface DayFacts {
  readonly rthOpen: number | null;
  readonly rthEnd: number | null;
  readonly short: boolean;
  readonly holiday: boolean;
  readonly contract: string | null;
  readonly rolled: boolean;
}

/** Returns what the calendar says about a trade date; a date without trading has no regular hours. */
export function dayFacts(
  instrument: Instrument,
  tradeDate: string,
  roll: Config['roll'],
): DayFacts {
  const day = sessionDay(instrument.calendar, parseTradeDate(tradeDate));
  const contract = contractCode(instrument, parseTradeDate(tradeDate), roll);
  const before =
    day === null ? tradeDate : formatTradeDate(previousSession(instrument.calendar, day).tradeDate);
  return {
    rthOpen: day?.rthOpen ?? null,
    rthEnd: day?.rthEnd ?? null,
    short: day?.short ?? false,
    holiday: day?.holiday ?? false,
    contract,
    rolled: contract !== contractCode(instrument, parseTradeDate(before), roll),
  };
}

/** Returns the volume below which a session is thin, null while too few ordinary sessions are known. */
export function thinBelow(volumes: readonly number[], config: Config): number | null {
  const median = volumes.length >= config.minSessions ? medianOf(volumes) : null;
  return median === null ? null : median * config.thinShare;
}
