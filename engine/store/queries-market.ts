import type { EntityManager } from '@mikro-orm/core';
import {
  Bar,
  type BarRow,
  LatestPrice,
  type LatestPriceRow,
  SessionDay,
  type SessionDayRow,
} from './entities/market.ts';
import { mostRows, plainRows } from './plain-rows.ts';

const microsPerMinute = 60_000_000;

/** A range of event time in microseconds: `from` inside, `to` outside. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What is asked of a trade date of one instrument. */
export interface DayAsk {
  readonly instrument: string;
  /** `YYYY-MM-DD`. */
  readonly tradeDate: string;
}

/** Joins bars of one minute into longer ones that begin at whole multiples of `minutes` since the epoch. */
function joinBars(single: readonly BarRow[], minutes: number): BarRow[] {
  const length = minutes * microsPerMinute;
  const joined: BarRow[] = [];
  for (const bar of single) {
    const start = Math.floor(bar.start / length) * length;
    const last = joined.at(-1);
    if (last?.start !== start) {
      joined.push({ ...bar, start });
      continue;
    }
    last.high = Math.max(last.high, bar.high);
    last.low = Math.min(last.low, bar.low);
    last.close = bar.close;
    last.volume += bar.volume;
    last.buyVolume += bar.buyVolume;
    last.sellVolume += bar.sellVolume;
    last.unknownVolume += bar.unknownVolume;
    last.trades += bar.trades;
  }
  return joined;
}

/** Returns bars of a range, ascending; minutes in which nothing traded have none. `minutes` defaults to 1. */
export async function bars(
  em: EntityManager,
  ask: TimeRange & { readonly instrument: string; readonly minutes?: number },
): Promise<BarRow[]> {
  const { instrument, from, to, minutes = 1 } = ask;
  const found = await em.find(
    Bar,
    { instrument, start: { $gte: from, $lt: to } },
    { orderBy: { start: 'asc' }, disableIdentityMap: true },
  );
  const rows = plainRows(found);
  return minutes > 1 ? joinBars(rows, minutes) : rows;
}

/** Returns what each instrument did last. */
export async function latestPrices(em: EntityManager): Promise<LatestPriceRow[]> {
  return plainRows(await em.find(LatestPrice, {}, { orderBy: { instrument: 'asc' } }));
}

/** Returns the trade dates that are known, the newest first. */
export async function sessionDays(
  em: EntityManager,
  ask: { readonly instrument: string; readonly limit?: number },
): Promise<SessionDayRow[]> {
  const { instrument, limit = mostRows } = ask;
  return plainRows(
    await em.find(SessionDay, { instrument }, { orderBy: { tradeDate: 'desc' }, limit }),
  );
}

/** Returns from when until when a trade date lasted; the newest has no end yet. Null when no session told of it. */
export async function dayRange(
  em: EntityManager,
  { instrument, tradeDate }: DayAsk,
): Promise<TimeRange | null> {
  const days = await em.find(
    SessionDay,
    { instrument, tradeDate: { $gte: tradeDate } },
    { orderBy: { tradeDate: 'asc' }, limit: 2 },
  );
  const [day, next] = days;
  if (day?.tradeDate !== tradeDate) return null;
  return { from: day.startsAt, to: next?.startsAt ?? Number.MAX_SAFE_INTEGER };
}
