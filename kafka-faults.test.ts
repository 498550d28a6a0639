import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { crashFlow, fillCrashLog, outputsOf, runCrashFlow } from '#engine/faults/crash-flow.ts';
import type { Log } from '#engine/runtime/ports.ts';
import { projected } from '#engine/store/entities/all.ts';
import { Projector } from '#engine/store/projector.ts';
import { StoreSession } from '#engine/store/store-session.ts';
import { inMemory } from '#engine/store/target.ts';
import { type KafkaLog, type KafkaLogOptions, openKafkaLog, openMemoryLog } from '#kafka';
import { removeLog, testBrokers } from './kafka/kafka.conformance.ts';
import { type RunningBroker, startBroker, stopBroker } from './kafka/local-broker.ts';
import { Proxy } from './kafka/proxy.conformance.ts';

// KAFKA_FAULTS=long kills at more than forty places with five seeds, and cuts the connection for thirty seconds.
const isLong = process.env['KAFKA_FAULTS'] === 'long';
const seeds = isLong ? [1, 2, 3, 4, 5] : [1];
const placesPerSeed = isLong ? 48 : 6;
const leastKilled = isLong ? 40 : 4;
const cutMs = isLong ? 30_000 : 2_000;
const timeout = isLong ? 2_400_000 : 400_000;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Where a worker dies: at its n-th request of a name, before it is sent, when it is on its way, or when it is answered. */
interface Death {
  readonly name: string;
  readonly nth: number;
  readonly when: 'before' | 'sent' | 'after';
}

interface Plan {
  readonly options: KafkaLogOptions;
  readonly flow: string;
  readonly death?: Death;
  /** Milliseconds between two commits. */
  readonly pauseMs?: number;
}

const url = (path: string): string => new URL(path, import.meta.url).href;

/** Runs the flow in a process of its own: says a dot after each commit, and in the end which requests it made. */
const worker = `
  import { createRequire } from 'node:module';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { openKafkaLog } from '${url('./kafka/index.ts')}';
  import { crashFlow, runCrashFlow } from '${url('./engine/faults/crash-flow.ts')}';
  const { options, flow, death, pauseMs = 0 } = JSON.parse(process.argv.at(-1));
  const { prototype } = createRequire('${url('./kafka/index.ts')}')('kafkajs/src/broker');
  const requests = [];
  const die = () => process.kill(process.pid, 'SIGKILL');
  for (const name of ['initProducerId', 'addPartitionsToTxn', 'produceRecords', 'endTxn', 'fetch', 'listOffsets']) {
    const send = prototype[name];
    prototype[name] = async function (...words) {
      requests.push(name);
      const nth = requests.filter((other) => other === name).length;
      const when = death?.name === name && death.nth === nth ? death.when : '';
      if (when === 'before') die();
      const answering = send.apply(this, words);
      if (when === 'sent') setImmediate(die);
      const answer = await answering;
      if (when === 'after') die();
      return answer;
    };
  }
  const log = await openKafkaLog(options);
  const open = log.openTask.bind(log);
  log.openTask = async (...words) => {
    const task = await open(...words);
    const commit = task.commit.bind(task);
    task.commit = async (...outputs) => {
      await commit(...outputs);
      process.stdout.write('.');
      await sleep(pauseMs);
    };
    return task;
  };
  try {
    await runCrashFlow(log, crashFlow(flow));
    await log.close();
    process.stdout.write('\\n' + JSON.stringify(requests));
    process.exit(0);
  } catch (error) {
    process.stderr.write(String(error.message));
    process.exit(3);
  }`;

function start(plan: Plan): ChildProcess {
  const child = spawn(process.execPath, ['--input-type=module', '-', JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(worker);
  children.push(child);
  return child;
}

interface Ended {
  readonly signal: string | null;
  readonly code: number | null;
  readonly said: string;
  readonly error: string;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let [said, error] = ['', ''];
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stderr?.on('data', (chunk) => (error += String(chunk)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, said, error };
}

function freshOptions(brokers: readonly string[]): KafkaLogOptions {
  return { brokers, clientId: 'test', prefix: `t${randomUUID().slice(0, 8)}.`, partitions: 1 };
}

async function outputsOnKafka(log: KafkaLog, flow: string): Promise<Record<string, unknown[]>> {
  const topics = (await log.topicAdmin.list()).filter((topic) => !topic.endsWith('.state'));
  return outputsOf(log, flow, topics);
}

/** The hash of the whole journal is in its last record. */
function journalHashOf(outputs: Record<string, unknown[]>): unknown {
  const [, , value] = (outputs['.journal'] ?? []).at(-1) as [number, number, string];
  return (JSON.parse(value) as { readonly hash: string }).hash;
}

async function memoryOutputs(seed: number): Promise<Record<string, unknown[]>> {
  const log = openMemoryLog();
  await fillCrashLog(log, seed);
  await runCrashFlow(log, crashFlow());
  return outputsOf(log, 'crash');
}

/** Returns the rows that a store has of a flow, by table, without its name and without places: Kafka has holes there. */
async function rowsOf(session: StoreSession, flow: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const entity of projected) {
    const rows = await session.em().find(entity, {}, { disableIdentityMap: true });
    const own = rows
      .map((row) => JSON.stringify({ ...row, topic: undefined, offset: undefined }))
      .filter((text) => text.includes(`"flow":"${flow}"`) || text.includes(`"${flow}.`))
      .map((text) => text.replaceAll(`"${flow}"`, '"crash"').replaceAll(`"${flow}.`, '"crash.'));
    if (own.length > 0) found[entity.meta.tableName] = own.sort();
  }
  return found;
}

/** Shows a log to a store: of every flow that died it has the rows of the one that never did. */
async function expectSameRows(log: Log, flows: number): Promise<void> {
  const session = await StoreSession.open(inMemory);
  const projector = new Projector({ log, session, partitions: [0] });
  await projector.open();
  await projector.catchUp();
  const expected = await rowsOf(session, 'whole');
  expect(Object.keys(expected)).toEqual(
    expect.arrayContaining(['journal_entries', 'system_status']),
  );
  for (let i = 0; i < flows; i += 1)
    expect(await rowsOf(session, `crash-${i}`), `flow crash-${i}`).toEqual(expected);
  await session.close();
}

/** Places in a run that made these requests: at every start of a task and around commits first of all. */
function deathsIn(requests: readonly string[], count: number): readonly Death[] {
  const whens = ['before', 'sent', 'after'] as const;
  const isRead = (name: string): boolean => name === 'fetch' || name === 'listOffsets';
  const all = requests.flatMap((name, i) => {
    const nth = requests.slice(0, i + 1).filter((other) => other === name).length;
    return whens.map((when): Death => ({ name, nth, when }));
  });
  const evenly = <T>(list: readonly T[], n: number): readonly T[] =>
    Array.from({ length: n }, (_, i) => list[Math.floor(((i + 0.5) * list.length) / n)] as T);
  const reads = all.filter(({ name }) => isRead(name));
  const most = Math.ceil(count * 0.8);
  const writes = evenly(
    all.filter(({ name }) => !isRead(name)),
    most,
  );
  // A read is asked again more or less often, so the later ones may not come.
  return [...writes, ...evenly(reads.slice(0, reads.length / 2), count - most)];
}

describe.skipIf(!testBrokers)('a worker on Kafka', () => {
  test.each(seeds)(
    'killed at any request, its successor leaves what the one leaves that never died (seed %i)',
    { timeout },
    async (seed) => {
      const options = freshOptions(testBrokers ?? []);
      const log = await openKafkaLog(options);
      await fillCrashLog(log, seed);
      const { said } = await endOf(start({ options, flow: 'whole' }));
      const requests = JSON.parse(said.split('\n').at(-1) ?? '') as readonly string[];
      const expected = await outputsOnKafka(log, 'whole');
      expect(journalHashOf(expected)).toBe(journalHashOf(await memoryOutputs(seed)));
      let killed = 0;
      for (const [i, death] of deathsIn(requests, placesPerSeed).entries()) {
        const flow = `crash-${i}`;
        const { signal, code, error } = await endOf(start({ options, flow, death }));
        // Records of the order go together now and then, so a late request may not come.
        if (signal === null) expect([code, error]).toEqual([0, '']);
        else killed += 1;
        await runCrashFlow(log, crashFlow(flow));
        expect(await outputsOnKafka(log, flow), JSON.stringify(death)).toEqual(expected);
      }
      await expectSameRows(log, placesPerSeed);
      expect(killed).toBeGreaterThanOrEqual(leastKilled);
      await log.close();
      await removeLog(options);
    },
  );

  test('stopped, replaced and woken again, it is fenced: it says so, and writes nothing', {
    timeout,
  }, async () => {
    const options = freshOptions(testBrokers ?? []);
    const log = await openKafkaLog(options);
    await fillCrashLog(log, 9);
    const zombie = start({ options, flow: 'zombie', pauseMs: 50 });
    const ended = endOf(zombie);
    let commits = 0;
    await new Promise<void>((resolve) => {
      zombie.stdout?.on('data', (chunk) => {
        commits += String(chunk).length;
        if (commits >= 3) resolve();
      });
    });
    zombie.kill('SIGSTOP');
    await runCrashFlow(log, crashFlow('zombie'));
    const before = await outputsOnKafka(log, 'zombie');
    zombie.kill('SIGCONT');
    const { code, error } = await ended;
    expect([code, error]).toEqual([
      3,
      expect.stringMatching(/^OF_LOG_FENCED task '.*zombie\.ES\.0'/),
    ]);
    expect(await outputsOnKafka(log, 'zombie')).toEqual(before);
    await runCrashFlow(log, crashFlow('whole'));
    expect(before).toEqual(await outputsOnKafka(log, 'whole'));
    await log.close();
    await removeLog(options);
  });
});

/** Runs a flow and lets something happen after its third commit. */
async function runWhile(
  log: Log,
  flow: string,
  happen: () => void | Promise<unknown>,
): Promise<void> {
  let left = 3;
  const watched: Log = Object.assign(Object.create(log) as Log, {
    openTask: async (...words: Parameters<Log['openTask']>) => {
      const task = await log.openTask(...words);
      const commit = task.commit.bind(task);
      return Object.assign(task, {
        commit: async (...outputs: Parameters<typeof commit>) => {
          left -= 1;
          if (left === 0) await happen();
          await commit(...outputs);
        },
      });
    },
  });
  await runCrashFlow(watched, crashFlow(flow));
}

describe.skipIf(!testBrokers)('a broker of its own', { timeout }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'orderflow-broker-'));
  const [port, advertisedPort] = [19_492, 19_496];
  const proxy = new Proxy(advertisedPort, port);
  const options = freshOptions([`127.0.0.1:${advertisedPort}`]);
  let broker: RunningBroker;
  let log: KafkaLog;
  let expected: Record<string, unknown[]>;

  beforeAll(async () => {
    await proxy.open();
    broker = await startBroker({ directory, port, advertisedPort });
    log = await openKafkaLog(options);
    await fillCrashLog(log, 4);
    await runCrashFlow(log, crashFlow('whole'));
    expected = await outputsOnKafka(log, 'whole');
  }, timeout);
  afterAll(async () => {
    await log.close();
    proxy.cut();
    await stopBroker(broker);
    rmSync(directory, { recursive: true, force: true });
  }, timeout);

  async function runThrough(flow: string, happen: () => void): Promise<void> {
    await runWhile(log, flow, happen);
    expect(await outputsOnKafka(log, flow)).toEqual(expected);
  }

  test('that is cut off for a while costs no record and no duplicate', async () => {
    await runThrough('cut', () => {
      proxy.cut();
      void sleep(cutMs).then(() => proxy.open());
    });
  });

  test('whose connection falls silent costs no record and no duplicate', async () => {
    await runThrough('silent', () => {
      proxy.silence();
      void sleep(cutMs).then(() => {
        proxy.cut();
        return proxy.open();
      });
    });
  });

  test('that is killed and started again costs no record and no duplicate', async () => {
    await runThrough('killed', () => {
      process.kill(broker.pid, 'SIGKILL');
      void (async () => {
        while (await isThere(broker.pid)) await sleep(20);
        broker = await startBroker({ directory, port, advertisedPort });
      })();
    });
  });
});

describe.skipIf(!testBrokers)('a cluster of three brokers', { timeout }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'orderflow-cluster-'));
  const ports = [19_592, 19_594, 19_596];
  const options = { ...freshOptions(ports.map((port) => `127.0.0.1:${port}`)), replicas: 3 };
  const plans = ports.map((port, i) => ({
    directory: join(directory, String(i)),
    port,
    cluster: 'orderflow-three-broker',
    settings: {
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'share.coordinator.state.topic.replication.factor': '3',
      'node.id': String(i + 1),
      'controller.quorum.voters': `1@127.0.0.1:${ports[0]! + 1}`,
      'broker.session.timeout.ms': '3000',
      // The first is the controller and stays; the others are brokers only.
      ...(i > 0 && { 'process.roles': 'broker', listeners: `PLAINTEXT://127.0.0.1:${port}` }),
    },
  }));
  const brokers: RunningBroker[] = [];
  let log: KafkaLog;

  beforeAll(async () => {
    for (const plan of plans) brokers.push(await startBroker(plan));
    log = await openKafkaLog(options);
    await fillCrashLog(log, 4);
    await runCrashFlow(log, crashFlow('whole'));
  }, timeout);
  afterAll(async () => {
    await log.close();
    for (const broker of brokers.toReversed()) await stopBroker(broker);
    rmSync(directory, { recursive: true, force: true });
  }, timeout);

  /** Returns the place of a broker that leads a topic of a flow and is not the controller. */
  async function leaderOf(flow: string): Promise<number> {
    const kafka = new Kafka({ brokers: [...options.brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata();
    await admin.disconnect();
    const own = topics.filter(({ name }) => name.startsWith(`${options.prefix}${flow}.`));
    const leaders = own.flatMap(({ partitions }) => partitions.map(({ leader }) => leader - 1));
    return leaders.find((leader) => leader > 0) ?? -1;
  }

  test('whose leader dies goes on with another one, and loses and doubles nothing', async () => {
    let dead = -1;
    await runWhile(log, 'leaderless', async () => {
      dead = await leaderOf('leaderless');
      process.kill(brokers[dead]!.pid, 'SIGKILL');
    });
    expect(await outputsOnKafka(log, 'leaderless')).toEqual(await outputsOnKafka(log, 'whole'));
    expect(await isThere(brokers[dead]!.pid)).toBe(false);
    expect(await leaderOf('leaderless')).not.toBe(dead);
  });
});

async function isThere(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
