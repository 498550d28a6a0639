import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { Log } from '../runtime/ports.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeSource, writeBatches } from '../testing/made-flow.ts';
import { readArguments } from './arguments.ts';
import { HostDouble } from './host-double.ts';
import { loadFlow } from './load-flow.ts';
import { runCommandLine } from './main.ts';
import { runFlow } from './run-flow.ts';
import type { TopicAdmin, TopicDrift } from './topics-admin.ts';

const file = 'lots.flow.yaml';
const text = `flow: lots
version: 1.0.0
doc: Large lots.
instruments: [ES]
sources:
  market: { use: made-source }
  other: { topic: elsewhere.vwap.bands, contract: vwapBands, kind: table }
nodes:
  lots: { use: large-lot, in: { market: market } }
  chart:
    in: { lot: lots.signal, bands: other }
    machine: { initial: idle, states: { idle: { description: Waits. } } }
`;
const source = madeSource((a) => writeBatches(a, 40));

function hostWith(log: Log, ...args: string[]): HostDouble {
  const host = new HostDouble(args);
  host.plugins = [largeLot, source].map((plugin) => ({
    plugin: plugin as unknown as Plugin,
    file: `/project/plugins/${plugin.id}/plugin.ts`,
  }));
  host.files.set(file, text);
  host.files.set('data/log/log.sqlite', '');
  host.log = log;
  return host;
}

async function say(
  log: Log,
  ...words: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const host = hostWith(log, 'topics', ...words);
  const code = await runCommandLine(host);
  return { code, out: host.written, err: host.errors };
}

async function filledLog(): Promise<FaultyLog> {
  const log = new FaultyLog();
  const host = hostWith(log);
  const graph = await loadFlow(
    host,
    file,
    readArguments({ name: 'x', words: [], options: [] }, []),
  );
  const signal = new AbortController().signal;
  await runFlow({ host, log, graph, explain: true, keep: true, signal });
  return log;
}

/** A log on a cluster whose topics have drifted; it takes partitions, but refuses to change how long it keeps. */
function cluster(log: FaultyLog): Log & {
  readonly topicAdmin: TopicAdmin;
  readonly asked: string[];
  readonly declared: object[];
} {
  let drift: readonly TopicDrift[] = [
    { topic: 'market.data', setting: 'partitions', expected: '16', was: '8' },
    { topic: 'lots.journal', setting: 'retention.ms', expected: '5184000000', was: '1000' },
  ];
  const asked: string[] = [];
  const declared: object[] = [];
  const topicAdmin: TopicAdmin = {
    own: ['log.order', 'log.meta'],
    declare: (kept) => declared.push(...kept),
    describe: async (topics) =>
      topics.slice(0, -1).map((topic) => ({
        topic,
        partitions: 8,
        settings: { 'cleanup.policy': 'delete', 'retention.ms': '5184000000' },
      })),
    drift: async (topics) => drift.filter(({ topic }) => topics.includes(topic)),
    repair: async (topics) => {
      asked.push(...topics);
      drift = drift.filter(({ setting }) => setting !== 'partitions');
    },
  };
  return Object.assign(log, { topicAdmin, asked, declared });
}

describe('orderflow topics', async () => {
  const log = await filledLog();
  const count = await log.end('lots.lots.last', 0);

  it('lists what the flow reads and writes, with contract and size', async () => {
    const { code, out } = await say(log, file);
    expect(code).toBe(0);
    const rows = out.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
    expect(rows[0]).toBe('topic | contract | kind | records | bytes | end');
    expect(rows).toContain('market.data | in | market-batch/1 | market | 40 | unknown | ES 40');
    expect(rows).toContain('elsewhere.vwap.bands | in | – | table | 0 | – | ES 0');
    expect(rows).toContain(
      `lots.lots.last | out | large-lot.last/1 | table | ${count} | unknown | ES ${count}`,
    );
    expect(rows.some((row) => row.startsWith('lots.journal | out | journal/1 | log | '))).toBe(
      true,
    );
    expect(out).toContain('Bytes of a topic are unknown: this log does not measure itself.\n');
    expect(out).toContain('Every record is kept until it is trimmed');
  });

  it('shows one topic with its last record, and knows which there are', async () => {
    const { out } = await say(log, 'show', file, 'lots.lots.last');
    const last = (await log.read('lots.lots.last', 0, count - 1, 1))[0]?.value;
    expect(out).toContain(`ES        partition 0, offsets 0 to ${count}, last at 2025-11-19T15:`);
    expect(out).toContain(String(last));
    const json = JSON.parse((await say(log, 'show', file, 'market.data', '--json')).out) as object;
    expect(json).toMatchObject({ topic: 'market.data', partitions: [{ first: 0, end: 40 }] });
    const unknown = await say(log, 'show', file, 'lots.nobody.signal');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/^OF_CLI_VALUE 'TOPIC' expected one of market\.data, /m);
    expect((await say(log, 'mend', 'x', file)).err).toMatch(/^OF_CLI_VALUE 'ACTION'/);
  });

  it('shows the last record of a trimmed topic, and one from outside that is no JSON', async () => {
    const written = await filledLog();
    const place = { topic: 'elsewhere.vwap.bands', key: 'ES', ts: 1, schema: 'x/1' };
    await written.append(0, [{ ...place, value: '{}' }]);
    await written.append(0, [{ ...place, value: 'half a {' }]);
    // As on Kafka after a trim: one record is left, and the mark of its transaction after it.
    const marked = Object.assign(Object.create(written) as FaultyLog, {
      end: async (topic: string, partition: number) =>
        (await written.end(topic, partition)) + (topic === place.topic ? 1 : 0),
      read: async (topic: string, partition: number, from: number, limit: number) => {
        if (topic === place.topic && from < 1)
          throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first: 1, from });
        return written.read(topic, partition, from, limit);
      },
    });
    const { code, out } = await say(marked, 'show', file, place.topic);
    expect(code).toBe(0);
    expect(out).toContain('partition 0, offsets 1 to 3, last at 1970-01-01T');
    expect(out).toContain('"half a {"');
  });

  it('shows bytes, of a topic or of all together, and counts no mark of a transaction for sure', async () => {
    const written = await filledLog();
    const inFiles = Object.assign(Object.create(written) as FaultyLog, {
      sizes: async () => ({ topics: {}, files: 1_234_567, reason: 'one file holds all' }),
    });
    const local = (await say(inFiles, file)).out;
    expect(local).toContain('The files of the log take 1.23 MB, of all topics together.\n');
    expect(local).toContain('Bytes of a topic are unknown: one file holds all.\n');
    expect((await say(inFiles, 'show', file, 'market.data')).out).toMatch(
      /^records +40\nbytes +unknown: one file holds all$/m,
    );
    const onKafka = Object.assign(Object.create(written) as FaultyLog, {
      kind: 'kafka',
      sizes: async () => ({ topics: { 'market.data': 4_567 }, files: null, reason: null }),
      // Few offsets are read to count what is a record.
      end: async (topic: string) => (topic === 'market.data' ? 1_000 : count + 3),
    });
    const shared = (await say(onKafka, file)).out;
    expect(shared).toMatch(/^market\.data .* market +≤ 1,000 +4\.57 kB +ES 1000/m);
    expect(shared).toMatch(
      new RegExp(`^lots\\.lots\\.last .* table +${count} +unknown +ES ${count + 3}$`, 'm'),
    );
    expect(shared).toContain('≤: at most so many records; ');
    const json = JSON.parse((await say(onKafka, file, '--json')).out) as object;
    expect(json).toMatchObject({
      sizes: { files: null, reason: null },
      topics: expect.arrayContaining([
        expect.objectContaining({
          topic: 'market.data',
          bytes: 4_567,
          partitions: [expect.objectContaining({ records: 1_000, isExact: false })],
        }),
      ]),
    });
  });

  it('has nothing to mend where nothing can drift', async () => {
    const { code, out } = await say(log, 'repair', file);
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing to mend: /);
  });

  it('shows drift of a cluster, mends what it takes and says what is left', async () => {
    const shared = cluster(await filledLog());
    const list = await say(shared, file);
    expect(list.code).toBe(1);
    expect(list.out).toMatch(/^market\.data .* 8 {2}60 days {2}partitions 8, wanted 16$/m);
    expect(list.out).toMatch(/^log\.meta .* log +– +– +– +–  – +made with its first record$/m);
    for (const topic of ['log.order', 'lots.state', 'system.runs', 'control.commands'])
      expect(list.out).toMatch(new RegExp(`^${topic} `, 'm'));
    expect(shared.declared).toContainEqual({ topic: 'lots.lots.last', keptDays: 60 });
    expect(shared.declared).toContainEqual({ topic: 'control.commands', keptDays: null });
    expect(shared.declared).not.toContainEqual(expect.objectContaining({ topic: 'market.data' }));
    expect(list.out).toContain("Drift in 2 topics; 'orderflow topics repair' mends it.\n");
    const mended = await say(shared, 'repair', file);
    expect(shared.asked).toContain('lots.lots.last');
    expect(mended).toMatchObject({
      code: 1,
      out:
        'mended  market.data: partitions 8 → 16\n' +
        'left    lots.journal: retention.ms is 1000, wanted 5184000000; the cluster does not take it\n',
    });
    const [audited] = await shared.read('control.commands', 0, 0, 1);
    expect(JSON.parse(String(audited?.value))).toMatchObject({
      ...{ command: 'topics.repair', actor: 'shell of an unnamed user', outcome: 'refused' },
      reason: 'the cluster does not take lots.journal: retention.ms',
      ts: (await shared.read('market.data', 0, 39, 1))[0]?.ts,
    });
  });
});
