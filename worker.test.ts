// Workers of one group on a real broker: what a group shares out is worked on by somebody, and by one only.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { discoverPlugins } from '#engine/cli/discover-plugins.ts';
import { HostDouble } from '#engine/cli/host-double.ts';
import { runFlow } from '#engine/cli/run-flow.ts';
import { StartedProgram } from '#engine/cli/started-program.ts';
import { compileFlow } from '#engine/flow/compile-flow.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import { createRegistry } from '#engine/plugin/registry.ts';
import type { Log, StoredRecord } from '#engine/runtime/ports.ts';
import type { StoreTarget } from '#engine/runtime/store-port.ts';
import { storeDoor } from '#engine/store/index.ts';
import { tables } from '#engine/store/tables.ts';
import { dropDatabase, makeDatabase, testServer } from '#engine/store/test-database.ts';
import { type KafkaLog, openKafkaLog, openMemoryLog } from '#kafka';

const brokers = process.env['TEST_KAFKA_BROKERS'] ?? '';
if (brokers === '') {
  const said = 'skipped: workers; TEST_KAFKA_BROKERS names no broker (npm run kafka starts one)';
  if (process.env['CI'] === 'true') throw new Error(`${said}, and CI skips nothing`);
  process.stderr.write(`${said}\n`);
}
const folder = mkdtempSync(join(tmpdir(), 'orderflow-workers-'));
const prefix = `w${Date.now().toString(36)}.`;
const env = { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix };
const symbols = ['ES', 'MES', 'NQ', 'MNQ', 'YM', 'RTY', 'CL', 'GC', 'SPY'];

function flowText(name: string, instruments: readonly string[], source: string): string {
  return `flow: ${name}
version: 1.0.0
doc: Value, shared out over workers.
instruments: [${instruments.join(', ')}]
sources:
  market: { use: simulator@^1, with: { seed: 5, depth: false, days: 1, tradesPerDay: 8000, ${source} } }
nodes:
  session: { use: session@^1, in: { market: market } }
  profile: { use: volume-profile@^1, in: { market: market } }
  vwap: { use: vwap@^1, in: { market: market } }
`;
}

function write(name: string, instruments: readonly string[], source: string): string {
  const file = join(folder, `${name}.flow.yaml`);
  writeFileSync(file, flowText(name, instruments, source));
  return file;
}

async function graphOf(
  name: string,
  instruments: readonly string[],
  source: string,
): Promise<FlowGraph> {
  const root = import.meta.dirname;
  const plugins = await discoverPlugins({ root, cwd: root, folders: '' });
  const { graph, lints } = compileFlow({
    file: `${name}.flow.yaml`,
    text: flowText(name, instruments, source),
    registry: createRegistry(plugins.map(({ plugin }) => plugin)),
    readFile: () => null,
  });
  if (!graph) throw new Error(JSON.stringify(lints));
  return graph;
}

/** Everything a flow wrote, by topic and instrument, without what depends on the log: offsets. */
async function writtenOf(log: Log, graph: FlowGraph): Promise<Map<string, readonly string[]>> {
  const written = new Map<string, readonly string[]>();
  const topics = (await log.topics()).filter((topic) => topic.startsWith(`${graph.name}.`));
  for (const topic of topics)
    for (const { symbol, number } of graph.instruments) {
      const records: StoredRecord[] = [];
      for (let from = 0; ; ) {
        const page = await log.read(topic, number, from, 1_000);
        if (page.length === 0) break;
        records.push(...page);
        from = (page.at(-1)?.offset ?? from) + 1;
      }
      if (records.length > 0) written.set(`${topic} ${symbol}`, records.map(textOf));
    }
  return written;
}

function textOf({ topic, ts, seq, schema, value }: StoredRecord): string {
  const { in: _, ...payload } = JSON.parse(String(value)) as Record<string, unknown>;
  return JSON.stringify([topic, ts, seq, schema, payload]);
}

const sizeOf = (written: ReadonlyMap<string, readonly string[]>): number =>
  [...written.values()].reduce((sum, { length }) => sum + length, 0);

/** What a flow writes when nothing happens to it. */
async function crashFree(
  name: string,
  instruments: readonly string[],
): Promise<{ readonly graph: FlowGraph; readonly expected: Map<string, readonly string[]> }> {
  const graph = await graphOf(name, instruments, 'pace: max');
  const log = openMemoryLog();
  const signal = new AbortController().signal;
  await runFlow({ host: new HostDouble([]), log, graph, explain: true, keep: true, signal });
  const expected = await writtenOf(log, graph);
  expect(expected.size).toBeGreaterThan(5 * instruments.length);
  return { graph, expected };
}

/** Waits until everything is written, stops the workers and compares record for record. */
async function expectSame(
  workers: readonly StartedProgram[],
  graph: FlowGraph,
  expected: ReadonlyMap<string, readonly string[]>,
  ofItsOwn = '',
): Promise<void> {
  const wanted = sizeOf(expected);
  const isJournalWhole = async (log: Log): Promise<boolean> => {
    for (const { symbol, number } of graph.instruments) {
      const topic = `${graph.name}.journal`;
      const written = await log.read(topic, number, 0, 10_000);
      if (written.length < (expected.get(`${topic} ${symbol}`)?.length ?? 0)) return false;
    }
    return true;
  };
  const isDone = (): Promise<boolean> =>
    lookAt(
      async (log) => (await isJournalWhole(log)) && sizeOf(await writtenOf(log, graph)) >= wanted,
      ofItsOwn,
    );
  await workers[0]?.until('the end of the day', isDone, 90_000);
  for (const worker of workers) expect((await worker.stop()).code).toBe(0);
  const written = await lookAt((log) => writtenOf(log, graph), ofItsOwn);
  expect([...written.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [topic, records] of expected)
    expect([topic, written.get(topic)]).toEqual([topic, records]);
}

/** What the lines of a worker for programs say last of what it has. */
function standingOf(program: StartedProgram): { has: readonly string[]; isOpen: boolean } {
  const lines = program.err
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as { event: string; instruments?: string[] });
  const given = lines.findLastIndex(({ event }) => event === 'partitions');
  const open = lines.findLastIndex(({ event }) => event === 'rebalanced');
  return { has: lines[given]?.instruments ?? [], isOpen: open > given };
}

/** Whether workers have all instruments of a flow between them, each at least so many, and every one is open. */
function isShared(workers: readonly StartedProgram[], each: number, of = symbols): boolean {
  const standings = workers.map(standingOf);
  const has = standings.flatMap((standing) => standing.has);
  const isAtWork = standings.every(({ isOpen, has: own }) => isOpen && own.length >= each);
  return isAtWork && has.length === of.length && new Set(has).size === of.length;
}

const started: StartedProgram[] = [];
function start(
  words: readonly string[],
  ofItsOwn = '',
  more: Readonly<Record<string, string>> = {},
): StartedProgram {
  // The market of an instrument is written once: another flow needs a log of its own to see it move.
  const program = new StartedProgram(words, { ...env, KAFKA_PREFIX: prefix + ofItsOwn, ...more });
  started.push(program);
  return program;
}

function startWorker(file: string, ofItsOwn = ''): StartedProgram {
  return start(['worker', file, '--log-format', 'json'], ofItsOwn);
}

/** Everything that a store knows of the market and of flows, by table, without places in the log: Kafka has holes there. */
async function rowsOf(target: StoreTarget): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = new Map<string, readonly string[]>();
  for (const name of Object.keys(tables)) {
    // Processes: those of a killed one differ.
    if (name === 'runs' || name === 'systemStatus') continue;
    const table = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const texts: string[] = [];
    const take = (text: string): void => void texts.push(text);
    await storeDoor.export(target, table, 'jsonl', take, () => {});
    const lines = texts.join('').split('\n').filter(Boolean);
    rows.set(table, lines.map((line) => JSON.stringify(JSON.parse(line, withoutPlace))).sort());
  }
  return rows;
}

function withoutPlace(name: string, value: unknown): unknown {
  return name === 'offset' || name === 'in' ? undefined : value;
}

async function lookAt<T>(look: (log: KafkaLog) => Promise<T>, ofItsOwn = ''): Promise<T> {
  const options = { brokers: brokers.split(','), clientId: 'test', prefix: prefix + ofItsOwn };
  const log = await openKafkaLog(options);
  try {
    return await look(log);
  } finally {
    await log.close();
  }
}

afterAll(async () => {
  await Promise.all(started.map((program) => program.stop('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
  if (brokers !== '')
    await lookAt(async ({ topicAdmin }) => topicAdmin.remove(await topicAdmin.list()));
});

describe.skipIf(brokers === '')('workers of one group', { timeout: 170_000 }, () => {
  it('share nine instruments; one is killed: all nine go on, none doubled, and it gets its share again', async () => {
    const { graph, expected } = await crashFree('nine', symbols);

    const file = write('nine', symbols, 'pace: 6000');
    const workers = [startWorker(file), startWorker(file), startWorker(file)];
    const [first, victim, third] = workers as [StartedProgram, StartedProgram, StartedProgram];
    await first.until('nine instruments over three workers', () => isShared(workers, 3));
    await first.until('some of the day', () =>
      lookAt(async (log) => (await log.end('nine.journal', 0)) > 5),
    );
    await victim.stop('SIGKILL');
    const killedAt = performance.now();
    const left = [first, third];
    await first.until('nine instruments over two workers', () => isShared(left, 4));
    const rebalanceMs = performance.now() - killedAt;
    process.stdout.write(`rebalance: ${Math.round(rebalanceMs)} ms from SIGKILL to all open\n`);
    const successor = startWorker(file);
    const all = [...left, successor];
    await first.until('nine instruments over three again', () => isShared(all, 3));

    await expectSame(all, graph, expected);
  });

  it('a worker that stood still and comes back is fenced, forgets and takes part again', async () => {
    const three = ['ES', 'NQ', 'YM'];
    const { graph, expected } = await crashFree('still', three);
    const file = write('still', three, 'pace: 5000');
    const workers = [startWorker(file, 'still.'), startWorker(file, 'still.')];
    const [first, other] = workers as [StartedProgram, StartedProgram];
    await first.until('three instruments over two workers', () => isShared(workers, 1, three));
    other.child.kill('SIGSTOP');
    await first.until('all three with the first', () => isShared([first], 3, three));
    other.child.kill('SIGCONT');
    await first.until('three over two again', () => isShared(workers, 1, three));
    expect(other.err).toContain('"event":"task-fenced"');
    await expectSame(workers, graph, expected, 'still.');
  });

  it('a task that somebody else opens is fenced: the older one ends with a plain message', async () => {
    const file = write('one', ['ES'], 'pace: 1000');
    const worker = startWorker(file, 'one.');
    await worker.until('the worker at work', () => standingOf(worker).isOpen);
    const again = (): StartedProgram =>
      start(['run', file, '--log', 'kafka', '--no-store'], 'one.');
    const second = again();
    const { code, err } = await worker.ended;
    expect(code).toBe(3);
    expect(JSON.parse(err.trim().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'failed',
      code: 'OF_LOG_FENCED',
    });
    await second.until('the second at work', () => second.out.includes('Resumed at'));
    const third = again();
    const ended = await second.ended;
    expect(ended.code).toBe(3);
    expect(ended.err).toMatch(/^OF_LOG_FENCED task '.*one\.ES.*' was opened again: /m);
    await third.until('the third at work', () => third.out.includes('journal verified'));
    expect((await third.stop()).code).toBe(0);
  });

  it('a store has the rows of a run that nobody killed, whoever was killed: workers and projectors', async () => {
    const two = ['ES', 'NQ'];
    const graph = await graphOf('rows', two, 'pace: max');
    const partitions = graph.instruments.map(({ number }) => number);
    const log = openMemoryLog();
    const { signal } = new AbortController();
    await runFlow({ host: new HostDouble([]), log, graph, explain: true, keep: true, signal });
    const whole: StoreTarget = { kind: 'embedded', directory: join(folder, 'whole') };
    await storeDoor.rebuild(whole, log, partitions, () => {});

    const home = join(folder, 'rows');
    const target: StoreTarget =
      testServer === null
        ? { kind: 'embedded', directory: join(home, 'store') }
        : await makeDatabase();
    const store = { DATABASE_URL: target.kind === 'server' ? target.url : '' };
    const follow = (): StartedProgram =>
      start(['store', 'follow', '--log', 'kafka', '--json', '--home', home], 'rows.', store);
    const file = write('rows', two, 'pace: 12000');
    const journaled = (): Promise<number> => lookAt((l) => l.end('rows.journal', 0), 'rows.');
    for (let i = 0; i < 3; i += 1) {
      const before = await journaled();
      // A group of its own: it need not wait until the dead one is missed.
      const worker = start(['worker', file, '--group', `g${i}`], 'rows.');
      const projector = follow();
      await worker.until('more of the day', async () => (await journaled()) > before + 5, 60_000);
      await Promise.all([worker.stop('SIGKILL'), projector.stop('SIGKILL')]);
    }
    await expectSame([startWorker(file, 'rows.')], graph, await writtenOf(log, graph), 'rows.');
    const last = follow();
    await last.until('the store at the end', () => last.out.includes('"current"'), 120_000);
    await last.stop();

    const [rows, expected] = [await rowsOf(target), await rowsOf(whole)];
    for (const [table, lines] of expected) expect([table, rows.get(table)]).toEqual([table, lines]);
    expect([...expected.values()].filter(({ length }) => length > 0).length).toBeGreaterThan(3);
    if (target.kind === 'server') await dropDatabase(target);
  }, 240_000);
});
