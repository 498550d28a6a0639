import type { EntityManager } from '@mikro-orm/core';
import {
  Order,
  type OrderRow,
  Position,
  type PositionRow,
  Trade,
  type TradeRow,
} from './entities/broker.ts';
import {
  AuditEntry,
  type AuditRow,
  Run,
  type RunRow,
  SystemStatus,
  type SystemStatusRow,
  TopicOffset,
  type TopicOffsetRow,
} from './entities/system.ts';
import { mostRows, plainRows } from './plain-rows.ts';
import type { DayAsk } from './queries-market.ts';

/** Returns the newest state of each part of the system. */
export async function systemStatus(em: EntityManager): Promise<SystemStatusRow[]> {
  return plainRows(
    await em.find(SystemStatus, {}, { orderBy: { instrument: 'asc', component: 'asc' } }),
  );
}

/** A run with what is known of its end. */
export interface RunAnswer extends RunRow {
  /** It never said that it ended, and a later run of its flow and instrument began: it was killed. */
  readonly isLost: boolean;
}

/** Returns runs, the newest first. */
export async function runs(
  em: EntityManager,
  { limit = 50 }: { readonly limit?: number } = {},
): Promise<RunAnswer[]> {
  const found = await em.find(Run, {}, { orderBy: { startedAt: 'desc', id: 'asc' }, limit });
  const later = new Set<string>();
  return plainRows(found).map((run) => {
    const key = `${run.instrument} ${run.flow}`;
    const isLost = run.stoppedAt === null && later.has(key);
    later.add(key);
    return { ...run, isLost };
  });
}

/** Returns what operators asked for, the newest first; with `before` what is older than that event time. */
export async function audit(
  em: EntityManager,
  { before, limit = 100 }: { readonly before?: number; readonly limit?: number } = {},
): Promise<AuditRow[]> {
  return plainRows(
    await em.find(AuditEntry, before === undefined ? {} : { ts: { $lt: before } }, {
      orderBy: { ts: 'desc', topic: 'asc', offset: 'desc' },
      limit,
    }),
  );
}

/** Returns how far each topic was projected. */
export async function projectedTo(em: EntityManager): Promise<TopicOffsetRow[]> {
  return plainRows(await em.find(TopicOffset, {}, { orderBy: { topic: 'asc', partition: 'asc' } }));
}

/** Returns the contracts held; empty while no broker is connected. */
export async function positions(em: EntityManager): Promise<PositionRow[]> {
  return plainRows(await em.find(Position, {}, { orderBy: { account: 'asc', instrument: 'asc' } }));
}

/** Returns orders, the newest first; empty while no broker is connected. */
export async function orders(
  em: EntityManager,
  { limit = 100 }: { readonly limit?: number } = {},
): Promise<OrderRow[]> {
  return plainRows(
    await em.find(Order, {}, { orderBy: { createdAt: 'desc', orderRef: 'asc' }, limit }),
  );
}

/** Returns trades of a trade date in the order of their entries; empty while no broker is connected. */
export async function tradesOf(em: EntityManager, ask: DayAsk): Promise<TradeRow[]> {
  const { instrument, tradeDate } = ask;
  return plainRows(
    await em.find(
      Trade,
      { instrument, tradeDate },
      { orderBy: { entryAt: 'asc', id: 'asc' }, limit: mostRows },
    ),
  );
}
