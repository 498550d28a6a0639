import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { StoreStatus } from '../runtime/store-port.ts';
import { entities } from './entities/all.ts';
import { appendDays, dateOf, madePartitions } from './store-fixture.ts';
import { StoreLoop } from './store-loop.ts';
import { StoreSession } from './store-session.ts';
import { inMemory } from './target.ts';

const unreachable = new OrderflowError('OF_STORE_UNREACHABLE', { store: 'x', cause: 'refused' });
const day = { instrument: 'ES', tradeDate: dateOf(0) };

/** Time that passes only while the loop rests, and what the loop said. */
class World {
  readonly said: StoreStatus[] = [];
  readonly rests: number[] = [];
  time = 0;
  /** Called after each rest with its number. */
  afterRest: (count: number) => void = () => {};

  loop(openSession: () => Promise<StoreSession>, log: FaultyLog): StoreLoop {
    return new StoreLoop({
      ...{ target: inMemory, partitions: madePartitions, openSession, openLog: () => log },
      now: () => this.time,
      told: (status) => this.said.push(status),
      rest: async (ms) => {
        this.rests.push(ms);
        this.time += ms;
        this.afterRest(this.rests.length);
      },
    });
  }

  /** States in order, each once. */
  get states(): string[] {
    const states = this.said.map(({ state }) => state as string);
    return states.filter((state, i) => state !== states[i - 1]);
  }
}

describe('keeping a store at the end of the log', () => {
  let session: StoreSession;
  let log: FaultyLog;
  let world: World;
  /** The one session, which a loop may close as often as it likes. */
  const lent = (): StoreSession =>
    Object.assign(Object.create(session) as StoreSession, { close: async () => {} });

  beforeAll(async () => {
    session = await StoreSession.open(inMemory);
  });
  afterAll(() => session.close());
  beforeEach(async () => {
    for (const entity of entities) await session.em().nativeDelete(entity, {});
    log = new FaultyLog();
    await appendDays(log, 0, 1);
    world = new World();
  });

  it('works off what is there, waits at the end, takes what comes, and ends when it is asked to', async () => {
    const loop = world.loop(async () => lent(), log);
    world.afterRest = (count) => {
      if (count === 1) void appendDays(log, 1, 2);
      if (count === 5) loop.end(10_000);
    };
    await loop.run();
    expect(world.states).toEqual(['behind', 'current', 'behind', 'current', 'stopped']);
    expect(world.said.at(-1)).toMatchObject({ problem: null });
    const { done, all } = world.said.at(-1)!;
    expect(done).toBe(all);
    expect(await loop.ask('signalsOf', day).catch(String)).toContain('not open');
  });

  it('tries again after a problem, longer and longer apart, and catches up', async () => {
    let tries = 0;
    const loop = world.loop(async () => {
      tries += 1;
      if (tries < 4) throw unreachable;
      return lent();
    }, log);
    const answers: unknown[] = [];
    world.afterRest = (count) => {
      answers.push(loop.ask('signalsOf', day).catch((error: unknown) => error));
      if (count === 4) loop.end(0);
    };
    await loop.run();
    expect(world.rests).toEqual([500, 1_000, 2_000, 500]);
    expect(world.states).toEqual([...['waiting', 'behind', 'current', 'stopped']]);
    expect(world.said[0]?.problem).toContain('OF_STORE_UNREACHABLE');
    expect(world.said[3]?.problem).toBeNull();
    expect(await answers[0]).toBe(unreachable);
    expect(await answers[3]).toHaveLength(2);
  });

  it('never waits longer than half a minute', async () => {
    const loop = world.loop(() => Promise.reject(unreachable), log);
    world.afterRest = (count) => {
      if (count === 9) loop.end(0);
    };
    await loop.run();
    expect(world.rests.slice(-3)).toEqual([30_000, 30_000, 30_000]);
  });

  it.each([
    ['OF_STORE_FULL', '53100', 'could not extend file: No space left on device'],
    ['OF_STORE_READ_ONLY', '25006', 'cannot execute INSERT in a read-only transaction'],
    ['OF_STORE_SLOW', '57014', 'canceling statement due to statement timeout'],
  ])(
    '%s in the middle of the work: nothing is lost and nothing doubled',
    async (code, state, message) => {
      let failures = 2;
      const failing = (): StoreSession => {
        const em = (): ReturnType<StoreSession['em']> => {
          const own = session.em();
          const real = own.transactional.bind(own);
          const transactional: typeof own.transactional = (work) =>
            real(async (inner) => {
              const made = await work(inner);
              failures -= 1;
              if (failures >= 0) throw Object.assign(new Error(message), { code: state });
              return made;
            });
          return Object.assign(own, { transactional });
        };
        return Object.assign(lent(), { em });
      };
      const loop = world.loop(async () => failing(), log);
      let answer: unknown = null;
      world.afterRest = (count) => {
        if (count < 3) return;
        answer = loop.ask('signalsOf', day);
        loop.end(0);
      };
      await loop.run();
      expect(world.said[0]?.problem).toContain(code);
      expect(world.states).toEqual(['waiting', 'behind', 'current', 'stopped']);
      expect(await answer).toHaveLength(2);
    },
  );

  it('stops where no try will help, and says so', async () => {
    const corrupt = new OrderflowError('OF_STORE_CORRUPT', { store: 'x', cause: 'cut' });
    await world.loop(() => Promise.reject(corrupt), log).run();
    expect(world.rests).toEqual([]);
    expect(world.states).toEqual(['stopped']);
    expect(world.said.at(-1)?.problem).toContain('OF_STORE_CORRUPT');
  });

  it('ends at its time, caught up or not; the next one goes on from there', async () => {
    const loop = world.loop(async () => lent(), log);
    loop.end(0);
    await loop.run();
    expect(world.states).toEqual(['stopped']);
    const next = world.loop(async () => lent(), log);
    next.end(10_000);
    await next.run();
    expect(world.states).toEqual(['stopped', 'behind', 'current', 'stopped']);
  });

  it('refuses a question it does not know', async () => {
    const loop = world.loop(async () => lent(), log);
    let answer: unknown = null;
    world.afterRest = () => {
      answer = loop.ask('toString', {}).catch(String);
      loop.end(0);
    };
    await loop.run();
    expect(await answer).toContain("no 'toString'");
  });
});
