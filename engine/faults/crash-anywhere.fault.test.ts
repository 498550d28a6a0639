import { describe, expect, it } from 'vitest';
import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import { TaskRunner } from '../runtime/runner.ts';
import { largeLot } from '../testing/large-lot.ts';
import { Crash, type CrashPlan, FaultyLog } from './faulty-log.ts';

const es = findInstrument('ES');
const place = { file: 'test.flow.yaml', line: 1, col: 1 };

/** Two nodes in a row: the second hears the first, so order between nodes matters too. */
const graph: FlowGraph = {
  name: 'crash',
  version: '1.0.0',
  doc: '',
  file: place.file,
  hash: 'crash',
  instruments: [es],
  zone: 'America/New_York',
  params: {},
  sources: [],
  topics: ['test.orders'],
  nodes: ['first', 'second'].map((id) => ({
    id,
    use: 'large-lot',
    plugin: largeLot,
    config: { minSize: id === 'first' ? 20 : 40, neededSize: 100 },
    wires: [
      {
        port: 'market',
        kind: 'market',
        origin: { kind: 'market', source: 'market' },
        late: 'take',
        place,
      },
      {
        port: 'cancel',
        kind: 'event',
        origin: { kind: 'topic', topic: 'test.orders', port: 'cancel' },
        late: 'take',
        place,
      },
    ],
    tables: {},
    onError: 'quarantine',
    place,
  })),
  sinks: [],
  moved: {},
};

function nextRandom(state: number): number {
  const x = state ^ (state << 13);
  const y = x ^ (x >>> 17);
  return (y ^ (y << 5)) >>> 0;
}

/** Batches of trades with records of a second topic between them, in a random but fixed order. */
async function fill(log: FaultyLog, seed: number): Promise<void> {
  let random = seed;
  let ts = zonedToUtc('America/New_York', 20251119, '09:29');
  for (let batch = 0; batch < 30; batch += 1) {
    const builder = new MarketBatchBuilder('ES');
    for (let row = 0; row < 8; row += 1) {
      random = nextRandom(random);
      ts += random % 9_000_000;
      builder.trade(ts, 24_000 + (random % 7), 1 + (random % 60), 0, 0);
    }
    await log.append(es.number, [
      { topic: marketTopic, key: 'ES', ts, schema: marketSchema, value: builder.finish() },
    ]);
    if (random % 3 === 0) {
      await log.append(es.number, [
        {
          topic: 'test.orders',
          key: 'ES',
          ts,
          schema: 'cancel/1',
          port: 'cancel',
          value: JSON.stringify({ ts, reason: 'test' }),
        },
      ]);
    }
  }
}

async function runToEnd(log: FaultyLog): Promise<void> {
  let now = 0;
  // A clock that moves on by itself, so that commits and checkpoints fall at changing places.
  const wallClock = (): number => (now += 7);
  const runner = await TaskRunner.open(log, graph, es, {
    wallClock,
    commitEveryMs: 20,
    checkpointEveryMs: 90,
  });
  while ((await runner.runOnce(0)) > 0);
  await runner.close();
}

async function outputsOf(log: FaultyLog): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const topic of await log.topics()) {
    if (topic === marketTopic || topic === 'test.orders') continue;
    all[topic] = (await log.read(topic, es.number, 0, 1e9)).map((r: StoredRecord) => [
      r.offset,
      r.ts,
      r.seq ?? null,
      r.value,
    ]);
  }
  return all;
}

async function runWithCrash(seed: number, plan: CrashPlan): Promise<FaultyLog> {
  const log = new FaultyLog();
  await fill(log, seed);
  log.crashAt(plan);
  try {
    await runToEnd(log);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  log.crashAt(null);
  await runToEnd(log);
  return log;
}

describe('a task that dies anywhere', () => {
  it.each([1, 2, 3])(
    'writes what the task that never died writes, record for record (seed %i)',
    async (seed) => {
      const whole = new FaultyLog();
      await fill(whole, seed);
      whole.crashAt(null);
      await runToEnd(whole);
      const expected = await outputsOf(whole);
      expect(Object.keys(expected)).toContain('crash.journal');
      for (let operation = 1; operation <= whole.operations; operation += 1) {
        for (const when of ['before', 'after'] as const) {
          const log = await runWithCrash(seed, { operation, when });
          expect(await outputsOf(log), `died ${when} operation ${operation}`).toEqual(expected);
        }
      }
    },
  );

  it('refuses a zombie: an older handle cannot commit', async () => {
    const log = new FaultyLog();
    await fill(log, 5);
    const options = { wallClock: () => 0 };
    const zombie = await TaskRunner.open(log, graph, es, options);
    await zombie.runOnce(0);
    const heir = await TaskRunner.open(log, graph, es, options);
    await expect(zombie.close()).rejects.toMatchObject({ code: 'OF_LOG_FENCED' });
    await heir.close();
  });

  it('stops loudly when re-running does not arrive at the committed hash', async () => {
    const log = new FaultyLog();
    await fill(log, 6);
    let now = 0;
    const wallClock = (): number => (now += 50);
    const runner = await TaskRunner.open(log, graph, es, {
      wallClock,
      commitEveryMs: 1,
      checkpointEveryMs: 1e9,
    });
    await runner.runOnce(0);
    const changed: FlowGraph = {
      ...graph,
      nodes: graph.nodes.map((n) => ({ ...n, config: { minSize: 30, neededSize: 100 } })),
    };
    await expect(TaskRunner.open(log, changed, es, { wallClock })).rejects.toMatchObject({
      code: 'OF_SNAPSHOT_DIVERGED',
    });
  });

  it('says when the flow that goes on is not the one that wrote the log', async () => {
    const log = new FaultyLog();
    await fill(log, 7);
    await runToEnd(log);
    const same = await TaskRunner.open(log, graph, es, { wallClock: () => 0 });
    expect(same.recovery).toMatchObject({ records: 0, flowChanged: false });
    const changed = await TaskRunner.open(log, { ...graph, hash: 'other' }, es, {
      wallClock: () => 0,
    });
    expect(changed.recovery).toMatchObject({ records: 0, flowChanged: true });
  });

  it('commits every 100 ms also while it works off a backlog', async () => {
    const log = new FaultyLog();
    await fill(log, 8);
    log.crashAt(null);
    let now = 0;
    const runner = await TaskRunner.open(log, graph, es, { wallClock: () => (now += 30) });
    expect(await runner.runOnce(0)).toBeGreaterThan(20);
    expect(log.operations).toBeGreaterThan(5);
  });
});
