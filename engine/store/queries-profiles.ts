import type { EntityManager } from '@mikro-orm/core';
import {
  CompositeProfile,
  type CompositeProfileRow,
  CompositeStack,
  type CompositeStackRow,
  DailyProfile,
  type DailyProfileRow,
} from './entities/profiles.ts';
import { plainRows } from './plain-rows.ts';
import type { DayAsk } from './queries-market.ts';

/** What is asked of profiles: of one instrument, the newest first, up to a trade date. */
export interface ProfilesAsk {
  readonly instrument: string;
  /** `YYYY-MM-DD`, itself inside; without it up to the newest. */
  readonly until?: string;
  readonly limit?: number;
}

const sessionsKept = 30;

/** Returns completed sessions without their rows, the newest first. */
export async function dailyProfiles(
  em: EntityManager,
  { instrument, until, limit = sessionsKept }: ProfilesAsk,
): Promise<Omit<DailyProfileRow, 'record'>[]> {
  const found = await em.find(
    DailyProfile,
    { instrument, ...(until === undefined ? {} : { tradeDate: { $lte: until } }) },
    { orderBy: { tradeDate: 'desc', topic: 'asc' }, limit, exclude: ['record'] },
  );
  return plainRows(found) as Omit<DailyProfileRow, 'record'>[];
}

/** Returns a completed session with its whole record: rows, periods, letters. Null when there is none. */
export async function dailyProfile(
  em: EntityManager,
  ask: DayAsk & { readonly node?: string },
): Promise<DailyProfileRow | null> {
  const { instrument, tradeDate, node } = ask;
  const found = await em.findOne(
    DailyProfile,
    { instrument, tradeDate, ...(node === undefined ? {} : { node }) },
    { orderBy: { topic: 'asc' } },
  );
  return found ? { ...found } : null;
}

/** Returns composite value areas, the newest first: at most the 30 that are kept. */
export async function compositeProfiles(
  em: EntityManager,
  { instrument, until, limit = sessionsKept }: ProfilesAsk,
): Promise<CompositeProfileRow[]> {
  return plainRows(
    await em.find(
      CompositeProfile,
      { instrument, ...(until === undefined ? {} : { asOf: { $lte: until } }) },
      { orderBy: { asOf: 'desc', topic: 'asc' }, limit },
    ),
  );
}

/** Returns what archived composites stacked up to, the newest first: at most the 30 that are kept. */
export async function compositeStacks(
  em: EntityManager,
  { instrument, until, limit = 1 }: ProfilesAsk,
): Promise<CompositeStackRow[]> {
  return plainRows(
    await em.find(
      CompositeStack,
      { instrument, ...(until === undefined ? {} : { asOf: { $lte: until } }) },
      { orderBy: { asOf: 'desc', topic: 'asc' }, limit },
    ),
  );
}
