import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KafkaLog, kafkaOptionsFrom, openKafkaLog } from './index.ts';
import { freshOptions, removeLog, testBrokers } from './kafka.conformance.ts';
import {
  after,
  codeOf,
  commands,
  input,
  market,
  output,
  readAll,
  replay,
  seqsOf,
} from './records.conformance.ts';

describe.skipIf(!testBrokers)('a log on a real broker', { timeout: 60_000 }, () => {
  const options = freshOptions();
  const { brokers, prefix = '' } = options;
  let log: KafkaLog;
  beforeEach(async () => {
    log = await openKafkaLog(options);
  });
  afterEach(async () => {
    await log.close();
    await removeLog(options);
  });

  /** Writes as a program would that knows nothing of this one. */
  async function writeForeign(topic: string, value: string, key = 'ES'): Promise<void> {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic: prefix + topic, messages: [{ key, value, partition: 0 }] });
    await producer.disconnect();
  }

  test('a record of another program gets its place in the order, the same for every reader', async () => {
    await log.append(0, [input(market, 1), input(commands, 2)]);
    const task = await log.openTask('one.ES', 0, [market, commands]);
    const first = await task.read({}, 10, 1_000);
    await writeForeign(commands, '{"stop":true}');
    const stray = await task.read(after(first), 10, 30_000);
    expect(stray).toMatchObject([
      { topic: commands, key: 'ES', schema: '', value: '{"stop":true}' },
    ]);
    expect(stray[0]?.ts).toBeGreaterThan(1_700_000_000_000_000);
    await log.append(0, [input(market, 3)]);
    const rest = await task.read(after([...first, ...stray]), 10, 1_000);
    const other = await log.openTask('other.ES', 0, [commands, market]);
    expect(await replay(other, {}, 2)).toEqual([...first, ...stray, ...rest]);
  });

  test('a task that starts again reads the order from where it stood, not from the beginning', async () => {
    for (let i = 0; i < 20; i += 1) await log.append(0, [input(i % 2 ? market : commands, i)]);
    const task = await log.openTask('one.ES', 0, [market, commands]);
    const first = await task.read({}, 15, 1_000);
    await task.read(after(first), 1, 1_000);
    await task.commit({ outputs: [], state: [{ key: '@task', value: '{}' }] });
    const read: number[] = [];
    const forget = watchFetches(`${prefix}log.order`, (offset) => read.push(offset));
    const again = await log.openTask('one.ES', 0, [market, commands]);
    expect(seqsOf(await replay(again, after(first), 100))).toEqual([15, 16, 17, 18, 19]);
    forget();
    // The run of the last record read is still open then.
    expect(Math.min(...read)).toBe(14);
  });

  test('an order record that is none is passed over', async () => {
    await log.append(0, [input(market, 1)]);
    await writeForeign('log.order', 'nonsense');
    await writeForeign('log.order', '{"topics":1}');
    await log.append(0, [input(market, 2)]);
    const task = await log.openTask('one.ES', 0, [market]);
    expect(seqsOf(await replay(task, {}, 10))).toEqual([1, 2]);
  });

  test('a source that is opened a second time fences the first, which writes nothing more', async () => {
    const second = await openKafkaLog(options);
    expect(await log.resumeOf('replay', 0)).toBe(null);
    await log.append(0, [input(market, 1)], { source: 'replay', value: '1' });
    expect(await second.resumeOf('replay', 0)).toBe('1');
    const late = log.append(0, [input(market, 2)], { source: 'replay', value: '2' });
    expect(await codeOf(late)).toBe('OF_LOG_FENCED');
    await second.append(0, [input(market, 3)], { source: 'replay', value: '3' });
    expect(seqsOf(await readAll(second, market, 0))).toEqual([1, 3]);
    expect(await second.resumeOf('replay', 0)).toBe('3');
    await second.close();
  });

  test('a source finds what it left last, while another one of its instrument writes', async () => {
    const { release, isHeld } = hold('endTxn', (id) => id.includes('source.other'));
    const other = log.append(0, [input(commands, 1)], { source: 'other', value: '7' });
    // Its records are in the topics before those of the one that is asked for.
    await isHeld;
    await log.append(0, [input(market, 1)], { source: 'replay', value: '1' });
    const asked = log.resumeOf('replay', 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    release();
    await other;
    expect(await asked).toBe('1');
    expect(await log.resumeOf('other', 0)).toBe('7');
  });

  test('a transaction that the cluster gave up is told apart from one whose id somebody else took', async () => {
    const hasty = await openKafkaLog({ ...options, transactionMs: 1_000 });
    const task = await hasty.openTask('given-up.ES', 0, [market]);
    const taken = await hasty.openTask('taken.ES', 0, [market]);
    for (const one of [task, taken]) await one.commit({ outputs: [output(1)], state: [] });
    await hasty.resumeOf('replay', 0);
    const { release } = hold('produceRecords', () => true);
    const late = { outputs: [output(2)], state: [{ key: 'a', value: '2' }] };
    const codes = [
      task.commit(late),
      taken.commit(late),
      hasty.append(0, [input(market, 1)], { source: 'replay', value: '1' }),
    ].map(codeOf);
    // Long enough for the cluster to look for transactions that nobody ends, which it does every ten seconds.
    await new Promise((resolve) => setTimeout(resolve, 13_000));
    const successor = await log.openTask('taken.ES', 0, [market]);
    release();
    expect(await Promise.all(codes)).toEqual(['OF_LOG_EXPIRED', 'OF_LOG_FENCED', 'OF_LOG_EXPIRED']);
    await successor.commit({ outputs: [output(3)], state: [] });
    const again = await hasty.openTask('given-up.ES', 0, [market]);
    expect([...again.state]).toEqual([]);
    await again.commit({ outputs: [output(4)], state: [] });
    expect(await codeOf(task.commit(late))).toBe('OF_LOG_EXPIRED');
    expect(seqsOf(await readAll(log, output(1).topic, 0))).toEqual([1, 1, 3, 4]);
    expect(await hasty.resumeOf('replay', 0)).toBe(null);
    expect(await readAll(log, market, 0)).toEqual([]);
    await hasty.close();
  });

  test('a commit whose answer was lost leaves its task to whoever took it meanwhile', async () => {
    const task = await log.openTask('one.ES', 0, [market]);
    const { release, isHeld } = hold('endTxn', (id) => id.includes('one.ES'), 'answer lost');
    const state = [{ key: 'n', value: '1' }];
    const code = codeOf(task.commit({ outputs: [output(1)], state }));
    await isHeld;
    const successor = await log.openTask('one.ES', 0, [market]);
    expect([...successor.state]).toEqual([['n', '1']]);
    release();
    expect(await code).toBe('OF_LOG_FENCED');
    await successor.commit({ outputs: [output(2)], state: [] });
    expect(seqsOf(await readAll(log, output(1).topic, 0))).toEqual([1, 2]);
  });

  test('appends that are not waited for keep their order and share transactions', async () => {
    const count = 200;
    const appends = Array.from({ length: count }, (_, i) =>
      log.append(0, [input(i % 3 ? market : commands, i)], { source: 'replay', value: `${i}` }),
    );
    await Promise.all(appends);
    const task = await log.openTask('one.ES', 0, [market, commands]);
    const all = await replay(task, {}, 1_000);
    expect(seqsOf(all)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(await log.resumeOf('replay', 0)).toBe(`${count - 1}`);
    // Each transaction leaves a mark, which takes an offset.
    const ends = (await log.end(market, 0)) + (await log.end(commands, 0));
    expect(ends - count).toBeLessThan(count / 4);
  });

  test('a commit that the cluster refuses leaves nothing, and its task is of no more use', async () => {
    const task = await log.openTask('pro-course.ES', 0, [market]);
    await task.commit({ outputs: [output(1)], state: [{ key: 'n', value: '1' }] });
    const tooLarge = { ...output(3), value: new Uint8Array(11 * 2 ** 20) };
    const commit = { outputs: [output(2), tooLarge], state: [{ key: 'n', value: '2' }] };
    expect(await codeOf(task.commit(commit))).toBe('OF_KAFKA_REFUSED');
    expect(await codeOf(task.commit({ outputs: [output(4)], state: [] }))).toBe('OF_KAFKA_REFUSED');
    const next = await log.openTask('pro-course.ES', 0, [market]);
    expect(next.state.get('n')).toBe('1');
    await next.commit({ outputs: [output(5)], state: [] });
    expect(seqsOf(await readAll(log, output(1).topic, 0))).toEqual([1, 5]);
  });

  test('the log is drawn one id, whoever comes first', async () => {
    const fresh = freshOptions();
    const logs = await Promise.all([1, 2, 3, 4].map(() => openKafkaLog(fresh)));
    expect(new Set(logs.map(({ logId }) => logId)).size).toBe(1);
    await Promise.all(logs.map((one) => one.close()));
    await removeLog(fresh);
  });

  test('a partition beyond those of a topic makes it grow', async () => {
    await log.append(0, [input(market, 1)]);
    await log.append(11, [input(market, 2)]);
    expect(seqsOf(await readAll(log, market, 11))).toEqual([2]);
    const task = await log.openTask('pro-course.ES', 11, [market]);
    expect(seqsOf(await replay(task, {}, 10))).toEqual([2]);
  });

  test('says how many bytes each topic takes', async () => {
    const large = { ...input(market, 1), value: new Uint8Array(200_000) };
    await log.append(0, [large, input(commands, 1)]);
    await log.append(3, [large]);
    const { topics, files, reason } = await log.sizes([market, commands, 'absent.topic']);
    expect([files, reason]).toEqual([null, null]);
    expect(topics[market]).toBeGreaterThan(400_000);
    expect(topics[market]).toBeLessThan(410_000);
    expect(topics[commands]).toBeGreaterThan(50);
    expect(topics['absent.topic']).toBeUndefined();
    expect(await log.sizes(['absent.topic'])).toEqual({ topics: {}, files: null, reason: null });
  });

  test('topics have the settings of their plan; one made by hand has drifted, until it is mended', async () => {
    await log.append(0, [input(market, 1)]);
    expect(await log.topicAdmin.drift([market])).toEqual([]);
    const settings = { 'retention.ms': '1000', 'segment.ms': '60000' };
    await log.topicAdmin.create([{ topic: commands, partitions: 1, settings }]);
    expect(await log.topicAdmin.drift([commands, 'absent.topic'])).toContainEqual({
      topic: commands,
      setting: 'retention.ms',
      expected: '-1',
      was: '1000',
    });
    await log.topicAdmin.repair([commands, 'absent.topic']);
    expect(await log.topicAdmin.drift([commands, 'absent.topic'])).toEqual([]);
    // A contract says for how long its records are kept; a table is kept whole.
    const outcomes = 'flow.eighty.outcome';
    log.topicAdmin.declare([{ topic: outcomes, keptDays: 400 }]);
    await log.append(0, [input(outcomes, 1)]);
    await log.topicAdmin.repair(log.topicAdmin.own);
    expect(await log.topicAdmin.drift([outcomes, ...log.topicAdmin.own])).toEqual([]);
    const [kept, meta] = await log.topicAdmin.describe([outcomes, 'log.meta']);
    expect(kept?.settings).toMatchObject({
      ...{ 'cleanup.policy': 'delete', 'retention.ms': String(400 * 86_400_000) },
    });
    expect(meta).toMatchObject({ partitions: 1, settings: { 'cleanup.policy': 'compact' } });
    log.topicAdmin.declare([{ topic: outcomes, keptDays: null }]);
    expect(await log.topicAdmin.drift([outcomes])).toMatchObject([{ expected: '-1' }]);
    await log.topicAdmin.repair([outcomes]);
    expect(await log.topicAdmin.drift([outcomes])).toEqual([]);
    const [found] = await log.topicAdmin.describe([commands]);
    expect(found).toMatchObject({ partitions: 8, settings: { 'segment.ms': '60000' } });
  });
});

interface Held {
  readonly transactionalId?: string;
}
type Send = (request: Held) => Promise<unknown>;

/**
 * Holds back requests of this process for transactional ids, or their answers, which are lost then; tells of the first, and
 * lets them go on.
 */
function hold(
  name: 'produceRecords' | 'endTxn',
  isOne: (transactionalId: string) => boolean,
  what: 'request' | 'answer lost' = 'request',
): { readonly isHeld: Promise<void>; readonly release: () => void } {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/broker') as {
    prototype: Record<'produceRecords' | 'endTxn', Send>;
  };
  const send = prototype[name];
  const [first, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  prototype[name] = async function waiting(request) {
    if (!isOne(request.transactionalId ?? '')) return send.call(this, request);
    if (what === 'answer lost') await send.call(this, request);
    first.resolve();
    await going.promise;
    if (what === 'request') return send.call(this, request);
    throw Object.assign(new Error('cut'), { name: 'KafkaJSConnectionClosedError' });
  };
  const release = (): void => {
    prototype[name] = send;
    going.resolve();
  };
  return { isHeld: first.promise, release };
}

interface FetchRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly fetchOffset: string }[];
  }[];
}

/** Tells of every offset that a topic is fetched from; returns how to stop that. */
function watchFetches(topic: string, told: (offset: number) => void): () => void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/broker') as {
    prototype: { fetch: (request: FetchRequest) => Promise<unknown> };
  };
  const { fetch } = prototype;
  prototype.fetch = function watched(request) {
    for (const one of request.topics)
      if (one.topic === topic)
        for (const { fetchOffset } of one.partitions) told(Number(fetchOffset));
    return fetch.call(this, request);
  };
  return () => {
    prototype.fetch = fetch;
  };
}

describe('a cluster that is not there', () => {
  test('is reported with its address and what to do', async () => {
    const opening = openKafkaLog({
      brokers: ['127.0.0.1:1'],
      clientId: 'test',
      startPatienceMs: 50,
    });
    await expect(opening).rejects.toThrow(
      /^OF_KAFKA_UNREACHABLE Kafka at '127\.0\.0\.1:1' expected an answer within 0 s, was .*ECONNREFUSED.*`npm run kafka`/,
    );
  });

  test('a program that listens and never answers is none', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const brokers = [`127.0.0.1:${port}`];
    const opening = openKafkaLog({ brokers, clientId: 'test', startPatienceMs: 50 });
    expect(await codeOf(opening)).toBe('OF_KAFKA_UNREACHABLE');
    server.close();
  });

  test('a prefix that Kafka would not take is refused', async () => {
    const opening = openKafkaLog({ brokers: ['127.0.0.1:1'], clientId: 'test', prefix: 'a_b' });
    expect(await codeOf(opening)).toBe('OF_KAFKA_OPTION');
  });
});

describe('the environment', () => {
  const secret = join(tmpdir(), 'orderflow-test-secret');
  writeFileSync(secret, 'hunter2\n');

  test('without it, a broker of this machine in plain text', () => {
    expect(kafkaOptionsFrom({})).toEqual({
      brokers: ['127.0.0.1:9092'],
      clientId: 'orderflow',
      prefix: '',
      ssl: false,
    });
  });

  test('names a cluster with a secret in a file', () => {
    const env = {
      KAFKA_BROKERS: 'a.example:9093, b.example:9093',
      KAFKA_PREFIX: 'team-a.',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'trader',
      KAFKA_SASL_PASSWORD_FILE: secret,
      KAFKA_PARTITIONS: '4',
      KAFKA_REPLICAS: '3',
      KAFKA_PATIENCE_SECONDS: '5',
      KAFKA_TRANSACTION_SECONDS: '30',
    };
    expect(kafkaOptionsFrom(env)).toEqual({
      brokers: ['a.example:9093', 'b.example:9093'],
      clientId: 'orderflow',
      prefix: 'team-a.',
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'trader', password: 'hunter2' },
      partitions: 4,
      replicas: 3,
      patienceMs: 5_000,
      transactionMs: 30_000,
    });
  });

  test('certificates come from files and switch TLS on', () => {
    expect(kafkaOptionsFrom({ KAFKA_SSL_CA_FILE: secret }).ssl).toEqual({ ca: 'hunter2\n' });
    expect(kafkaOptionsFrom({ KAFKA_SSL: 'false', KAFKA_SSL_CA_FILE: secret }).ssl).toBe(false);
  });

  test.each([
    [{ KAFKA_BROKERS: 'localhost' }, "'KAFKA_BROKERS' expected host:port"],
    [{ KAFKA_BROKERS: 'user:pass@host:9092' }, "'KAFKA_BROKERS' expected host:port"],
    [{ KAFKA_SSL: 'yes' }, "'KAFKA_SSL' expected true or false, was 'yes'"],
    [{ KAFKA_SSL_CA_FILE: '/nowhere' }, "'KAFKA_SSL_CA_FILE' expected a file that can be read"],
    [{ KAFKA_PARTITIONS: '0' }, "'KAFKA_PARTITIONS' expected a whole number from 1 on, was '0'"],
    [{ KAFKA_SASL_MECHANISM: 'kerberos' }, "'KAFKA_SASL_MECHANISM' expected plain, scram"],
    [{ KAFKA_SASL_MECHANISM: 'plain' }, "'KAFKA_SASL_USERNAME' expected a name"],
    [
      { KAFKA_SASL_USERNAME: 'trader' },
      "'KAFKA_SASL_PASSWORD_FILE' expected a file with the password",
    ],
  ])('%j is refused', (env, message) => {
    expect(() => kafkaOptionsFrom(env)).toThrow(message);
  });
});
