// What every backend of the store must do: the same tables, the same rows, whatever happens on the way.
import type { EntityManager } from '@mikro-orm/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Log } from '../runtime/ports.ts';
import type { StoreTarget } from '../runtime/store-port.ts';
import { entities, projected } from './entities/all.ts';
import { Position } from './entities/broker.ts';
import { Projector } from './projector.ts';
import { describeQueries } from './queries.conformance.ts';
import { answer } from './queries.ts';
import { appendDays, appendTrades, dateOf, firstDay, madePartitions } from './store-fixture.ts';
import { StoreSession } from './store-session.ts';

/** A backend under test. */
export interface StoreSubject {
  /** Makes an empty store. */
  make(): Promise<StoreTarget>;
  remove(target: StoreTarget): Promise<void>;
}

/** Thrown where a test lets the projector die. */
class Killed extends Error {
  constructor() {
    super('made to die');
  }
}

async function empty(session: StoreSession): Promise<void> {
  const em = session.em();
  for (const entity of entities) await em.nativeDelete(entity, {});
}

/** Returns every projected row of a store as text. */
async function dump(session: StoreSession): Promise<Readonly<Record<string, readonly string[]>>> {
  const em = session.em();
  const tables: Record<string, string[]> = {};
  for (const entity of projected) {
    const rows = await em.find(entity, {}, { disableIdentityMap: true });
    tables[entity.meta.tableName] = rows.map((row) => JSON.stringify({ ...row })).sort();
  }
  return tables;
}

async function project(session: StoreSession, log: Log): Promise<Projector> {
  const projector = new Projector({ log, session, partitions: madePartitions });
  await projector.open();
  await projector.catchUp();
  return projector;
}

/** A session whose process dies at the n-th statement of its transactions, or at the end of one, before or after. */
function dying(session: StoreSession, statements: number, afterCommit: boolean): StoreSession {
  let left = statements;
  const counted = (em: EntityManager): EntityManager =>
    new Proxy(em, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const method = member.bind(target) as (...given: unknown[]) => unknown;
        if (name === 'transactional')
          return async (work: (em: EntityManager) => Promise<void>) => {
            await target.transactional((inner) => work(counted(inner)));
            left -= 1;
            if (left <= 0 && afterCommit) throw new Killed();
          };
        if (name !== 'insertMany' && name !== 'upsertMany') return method;
        return async (...given: unknown[]) => {
          left -= 1;
          if (left <= 0 && !afterCommit) throw new Killed();
          return method(...given);
        };
      },
    });
  return Object.assign(Object.create(session) as StoreSession, {
    em: () => counted(session.em()),
  });
}

/** A log that has dropped the records of a topic below an offset. */
function trimmed(log: Log, topic: string, first: number): Log {
  const read: Log['read'] = async (of, partition, from, limit) => {
    if (of === topic && from < first)
      throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first, from });
    return log.read(of, partition, from, limit);
  };
  return Object.assign(Object.create(log) as Log, { read });
}

const day = { instrument: 'ES', tradeDate: dateOf(0) };

/** Registers what a backend must do. */
export function describeStore(name: string, subject: StoreSubject): void {
  describe(name, () => {
    let target: StoreTarget;
    let session: StoreSession;

    beforeAll(async () => {
      target = await subject.make();
      session = await StoreSession.open(target);
    });
    beforeEach(() => empty(session));
    afterAll(async () => {
      await session.close();
      await subject.remove(target);
    });

    async function logOf(days: number): Promise<FaultyLog> {
      const log = new FaultyLog();
      await appendDays(log, 0, days);
      return log;
    }

    it('has the tables its entities ask for', async () => {
      expect(await session.orm.schema.getUpdateSchemaSQL()).toBe('');
      expect(await session.orm.migrator.getPending()).toEqual([]);
    });

    it('makes rows of what the log holds', async () => {
      await project(session, await logOf(1));
      const counts = Object.entries(await dump(session)).map(([table, rows]) => [
        table,
        rows.length,
      ]);
      expect(Object.fromEntries(counts)).toEqual({
        ...{ bars: 114, latest_prices: 2, session_days: 2, daily_profiles: 2 },
        ...{
          composite_profiles: 2,
          composite_stacks: 2,
          hypotheses: 4,
          hypothesis_scores: 2,
          signals: 4,
        },
        ...{ trade_ideas: 2, expectations: 4, outcomes: 2, journal_entries: 24 },
        ...{ near_misses: 10, dead_letters: 2, system_status: 8, runs: 2, audit_entries: 2 },
        ...{ positions: 0, orders: 0, trades: 0 },
      });
    });

    it('projecting again doubles nothing', async () => {
      const log = await logOf(2);
      await project(session, log);
      const once = await dump(session);
      const again = await project(session, log);
      expect(await again.round()).toEqual({ records: 0, rows: 0, isOvertaken: false });
      expect(await dump(session)).toEqual(once);
    });

    it('projecting bit by bit, and all anew, come to the same', async () => {
      const log = new FaultyLog();
      for (let days = 0; days < 4; days += 1) {
        await appendDays(log, days, days + 1);
        await project(session, log);
      }
      const bitByBit = await dump(session);
      await empty(session);
      await project(session, log);
      expect(await dump(session)).toEqual(bitByBit);
    });

    it('killed at any statement and started again comes to the same as never killed', async () => {
      const log = await logOf(2);
      await project(session, log);
      const unharmed = await dump(session);
      await empty(session);
      let kills = 0;
      for (let state = 20_251_119; ; kills += 1) {
        // The minimal standard generator: the same kills every time.
        state = (state * 48_271) % 2_147_483_647;
        const mortal = dying(session, 1 + (state % 23), state % 2 === 0);
        const size = { rows: 20, records: 4 };
        const projector = new Projector({ log, session: mortal, partitions: madePartitions, size });
        await projector.open();
        const killed = await projector.catchUp().then(() => null, String);
        if (killed === null) break;
        expect(killed).toContain('made to die');
      }
      expect(kills).toBeGreaterThan(5);
      expect(await dump(session)).toEqual(unharmed);
    });

    it('two projectors at once double nothing', async () => {
      const log = await logOf(3);
      await project(session, log);
      const alone = await dump(session);
      await empty(session);
      const both = [0, 1].map(() => new Projector({ log, session, partitions: madePartitions }));
      for (const projector of both) await projector.open();
      await Promise.all(both.map((projector) => projector.catchUp()));
      expect(await dump(session)).toEqual(alone);
      await appendDays(log, 3, 4);
      const rounds = await Promise.all(both.map((projector) => projector.round()));
      expect(rounds.filter(({ isOvertaken }) => isOvertaken)).toHaveLength(1);
      // Bars add up: only the offsets keep them from being counted twice.
      await appendTrades(log, 3);
      await Promise.all(both.map((projector) => projector.catchUp()));
      const twice = await dump(session);
      await empty(session);
      await project(session, log);
      expect(await dump(session)).toEqual(twice);
    });

    it('keeps thirty composites of a node', async () => {
      const log = new FaultyLog();
      await appendDays(log, 0, 20);
      await project(session, log);
      await appendDays(log, 20, 33);
      await project(session, log);
      const kept = await answer(session.em(), 'compositeProfiles', { instrument: 'ES', limit: 50 });
      expect(kept).toHaveLength(30);
      expect(kept.at(-1)?.asOf).toBe(dateOf(3));
      expect(
        await answer(session.em(), 'compositeStacks', { instrument: 'ES', limit: 50 }),
      ).toHaveLength(30);
      expect(
        await answer(session.em(), 'dailyProfiles', { instrument: 'ES', limit: 50 }),
      ).toHaveLength(33);
    });

    it('counts records off their contract, and takes the ones around them', async () => {
      const log = await logOf(1);
      const topic = 'made.absorb.signal';
      const [good] = await log.read(topic, 0, 0, 1);
      const bad = ['{}', 'no JSON', '[]', good!.value, good!.value];
      // The last but one has a price that no column takes.
      bad[3] = String(good!.value).replace('"price":24000', '"price":99999999999');
      await log.append(
        0,
        bad.map((value) => ({ ...good!, value })),
      );
      await log.append(0, [
        { ...good!, topic: 'market.data', schema: 'market-batch/1', value: '?' },
      ]);
      await project(session, log);
      const offsets = await answer(session.em(), 'projectedTo', undefined);
      const refused = offsets.filter((row) => row.refused > 0);
      expect(refused.map((row) => [row.topic, row.next, row.refused])).toEqual([
        ['made.absorb.signal', 6, 4],
        ['market.data', 11, 1],
      ]);
      const signals = await answer(session.em(), 'signalsOf', day);
      expect(signals.filter(({ node }) => node === 'absorb').map(({ offset }) => offset)).toEqual([
        0, 5,
      ]);
    });

    it('reads on where the log was trimmed, and counts what it missed', async () => {
      const log = await logOf(1);
      await project(session, trimmed(log, 'made.journal', 5));
      const offsets = await answer(session.em(), 'projectedTo', undefined);
      const journals = offsets.filter(({ topic }) => topic === 'made.journal');
      expect(journals.map(({ missed, next }) => [missed, next])).toEqual([
        [5, 12],
        [5, 12],
      ]);
    });

    it('shows one log, and refuses another or one that was changed', async () => {
      const log = await logOf(1);
      await project(session, log);
      const other = Object.assign(Object.create(log) as Log, { logId: 'another' });
      await expect(project(session, other)).rejects.toThrow('OF_STORE_OTHER_LOG');
      await expect(project(session, new FaultyLog())).rejects.toThrow('OF_STORE_DIVERGED');
      const changed = new FaultyLog();
      await appendDays(changed, 1, 2);
      await expect(project(session, changed)).rejects.toThrow('OF_STORE_DIVERGED');
      const em = session.em();
      await em.getConnection().execute('update store_identity set projection = 0');
      await expect(project(session, log)).rejects.toThrow('OF_STORE_VERSION');
    });

    it('refuses tables that a newer build made', async () => {
      const insert = "insert into mikro_orm_migrations (name) values ('9999-from-the-future')";
      await session.em().getConnection().execute(insert);
      try {
        if (target.kind === 'server')
          await expect(StoreSession.open(target)).rejects.toThrow('OF_STORE_VERSION');
        expect((await session.orm.migrator.getExecuted()).length).toBe(3);
      } finally {
        const remove = "delete from mikro_orm_migrations where name like '9999%'";
        await session.em().getConnection().execute(remove);
      }
    });

    it('keeps microseconds, cents and long numbers exact', async () => {
      const em = session.em();
      const cents = Number.MAX_SAFE_INTEGER;
      const row = {
        ...{ account: 'A', instrument: 'ES', contracts: -2, averagePrice: 24_010.12345678 },
        ...{ openCents: cents, realisedCents: -cents, feesCents: null, ts: firstDay + 123_457 },
      };
      await em.insert(Position, row);
      expect(await answer(em, 'positions', undefined)).toEqual([row]);
    });

    it('a question does not see half a transaction', async () => {
      const log = await logOf(1);
      const projector = new Projector({ log, session, partitions: madePartitions });
      await projector.open();
      const [, bars, signals] = await Promise.all([
        projector.round(),
        answer(session.em(), 'bars', { instrument: 'ES', from: 0, to: Number.MAX_SAFE_INTEGER }),
        answer(session.em(), 'latestSignals', {}),
      ]);
      expect([
        [0, 0],
        [57, 4],
      ]).toContainEqual([bars.length, signals.length]);
    });

    describeQueries(async (log) => {
      await empty(session);
      await project(session, log);
      return session;
    });
  });
}
