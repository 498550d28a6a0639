import type { EntityManager } from '@mikro-orm/core';
import {
  DeadLetterEntry,
  type DeadLetterRow,
  JournalEntry,
  type JournalEntryRow,
  NearMiss,
  type NearMissRow,
} from './entities/journal.ts';
import { mostRows, plainRows } from './plain-rows.ts';
import { type DayAsk, dayRange, type TimeRange } from './queries-market.ts';

/** What is asked of the journal: a range, of all nodes or one. */
export interface JournalAsk extends TimeRange {
  readonly instrument: string;
  readonly flow?: string;
  readonly node?: string;
  readonly limit?: number;
}

function within({ instrument, flow, node, from, to }: JournalAsk) {
  return {
    instrument,
    ...(flow === undefined ? {} : { flow }),
    ...(node === undefined ? {} : { node }),
    ts: { $gte: from, $lt: to },
  };
}

/**
 * Returns macrosteps of a range, oldest first: where each lies in the log, what happened, how many candidates were
 * refused. `transitionsOnly` leaves out those that took none.
 */
export async function journalIndex(
  em: EntityManager,
  ask: JournalAsk & { readonly transitionsOnly?: boolean },
): Promise<JournalEntryRow[]> {
  const { transitionsOnly = false, limit = mostRows } = ask;
  return plainRows(
    await em.find(
      JournalEntry,
      { ...within(ask), ...(transitionsOnly ? { transitions: { $gt: 0 } } : {}) },
      { orderBy: { ts: 'asc', topic: 'asc', offset: 'asc' }, limit },
    ),
  );
}

/** Returns the event times of a flow's last macrostep before a range and of its first after it; null where there is none. */
export async function journalAround(
  em: EntityManager,
  {
    instrument,
    flow,
    from,
    to,
  }: TimeRange & { readonly instrument: string; readonly flow: string },
): Promise<{ readonly before: number | null; readonly after: number | null }> {
  const one = { limit: 1 } as const;
  const [before] = await em.find(
    JournalEntry,
    { instrument, flow, ts: { $lt: from } },
    { ...one, orderBy: { ts: 'desc' } },
  );
  const [after] = await em.find(
    JournalEntry,
    { instrument, flow, ts: { $gte: to } },
    { ...one, orderBy: { ts: 'asc' } },
  );
  return { before: before?.ts ?? null, after: after?.ts ?? null };
}

/** Returns what nearly happened in a range, the nearest first. */
export async function nearMisses(
  em: EntityManager,
  ask: JournalAsk & { readonly kind?: 'guard' | 'probe' },
): Promise<NearMissRow[]> {
  const { kind, limit = 100 } = ask;
  return plainRows(
    await em.find(
      NearMiss,
      { ...within(ask), ...(kind === undefined ? {} : { kind }) },
      {
        orderBy: { shortfall: 'asc', missed: 'asc', ts: 'desc', topic: 'asc', offset: 'desc' },
        limit,
      },
    ),
  );
}

/** Returns what nearly happened on a trade date, the nearest first; empty when no session told of that date. */
export async function nearMissesOf(
  em: EntityManager,
  ask: DayAsk & {
    readonly node?: string;
    readonly kind?: 'guard' | 'probe';
    readonly limit?: number;
  },
): Promise<NearMissRow[]> {
  const range = await dayRange(em, ask);
  return range === null ? [] : nearMisses(em, { ...ask, ...range });
}

/** Returns what quarantined nodes left behind, the newest first. */
export async function deadLetters(
  em: EntityManager,
  { limit = 100 }: { readonly limit?: number } = {},
): Promise<DeadLetterRow[]> {
  return plainRows(
    await em.find(
      DeadLetterEntry,
      {},
      { orderBy: { ts: 'desc', topic: 'asc', offset: 'desc' }, limit },
    ),
  );
}
