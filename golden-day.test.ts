// The whole flow of this repository on real and simulated days: one journal hash on every way there is to run it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BenchTape, collectTape } from '#engine/cli/bench-cases.ts';
import { discoverPlugins } from '#engine/cli/discover-plugins.ts';
import {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  marketSchema,
  marketTopic,
  rowKind,
} from '#engine/contracts/market-batch.ts';
import { compileFlow } from '#engine/flow/compile-flow.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import type { AnySource } from '#engine/plugin/define-plugin.ts';
import { createRegistry } from '#engine/plugin/registry.ts';
import { checkpointOf, restoreTask } from '#engine/runtime/checkpoint.ts';
import { Task } from '#engine/runtime/task.ts';

const root = import.meta.dirname;
const data = process.env['ORDERFLOW_DATA'] ?? join(root, '..', 'shared', 'data');
const realDay = join(data, 'trades', 'ES_20130903_ESU13_tickdata.csv.gz');
const hasData = existsSync(realDay);
if (!hasData) {
  if (process.env['CI'] === 'true')
    throw new Error(`CI needs the shared data: '${realDay}' is absent; set ORDERFLOW_DATA`);
  console.warn(`skipped: the real golden day ('${realDay}' is absent; set ORDERFLOW_DATA)`);
}

const plugins = (await discoverPlugins({ root, cwd: root, folders: '' })).map(
  ({ plugin }) => plugin,
);
const registry = createRegistry(plugins);
const flowFile = 'flows/pro-course.flow.yaml';

function proCourse(): FlowGraph {
  const { graph, lints } = compileFlow({
    file: flowFile,
    text: readFileSync(join(root, flowFile), 'utf8'),
    registry,
    readFile: (path) => readFileSync(join(root, path), 'utf8'),
  });
  if (!graph) throw new Error(lints.map((l) => `${l.line}:${l.col} ${l.message}`).join('\n'));
  return graph;
}

const graph = proCourse();
const [instrument] = graph.instruments;
if (!instrument) throw new Error('the flow has no instrument');
const es = instrument;

function sourceOf(id: string): AnySource {
  const plugin = plugins.find((p) => p.id === id);
  if (plugin?.kind !== 'source') throw new Error(`no source '${id}'`);
  return plugin;
}

/** Feeds a tape; after the batches of `cuts` the state is saved as text, the task thrown away and a new one made of it. */
function run(tape: BenchTape, explain: boolean, cuts: ReadonlySet<number> = new Set()): Task {
  let task = new Task(graph, es, { explain });
  tape.batches.forEach((value, offset) => {
    task.step({
      topic: marketTopic,
      key: es.symbol,
      ts: 0,
      schema: marketSchema,
      value,
      partition: es.number,
      offset,
    });
    task.output.take();
    if (!cuts.has(offset)) return;
    const saved = new Map(checkpointOf(task).map(({ key, value: text }) => [key, String(text)]));
    task = new Task(graph, es, { explain });
    restoreTask(task, saved);
  });
  return task;
}

function random(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

function cutsOf(tape: BenchTape, count: number, seed: number): ReadonlySet<number> {
  const next = random(seed);
  return new Set(Array.from({ length: count }, () => Math.floor(next() * tape.batches.length)));
}

/** Adds row `i` of a batch to another; trades, quotes and heartbeats only. */
function copyRow(builder: MarketBatchBuilder, batch: MarketBatch, i: number): void {
  const at = (column: ArrayLike<number>): number => column[i] ?? Number.NaN;
  const [ts, a, b] = [at(batch.ts), at(batch.a), at(batch.b)];
  switch (at(batch.kind)) {
    case rowKind.trade:
      return builder.trade(ts, a, b, at(batch.side), at(batch.flags));
    case rowKind.quote:
      return builder.quote(ts, a, b, at(batch.c), at(batch.d));
    case rowKind.heartbeat:
      return builder.heartbeat(ts);
    default:
      throw new Error(`row of kind ${at(batch.kind)}`);
  }
}

/** The same rows in batches of another size. */
function inBatchesOf(rows: number, tape: BenchTape): BenchTape {
  const batches: Uint8Array[] = [];
  const builder = new MarketBatchBuilder(es.symbol);
  for (const bytes of tape.batches) {
    const batch = decodeMarketBatch(bytes);
    for (let i = 0; i < batch.count; i += 1) {
      copyRow(builder, batch, i);
      if (builder.count === rows) batches.push(builder.finish());
    }
  }
  if (builder.count > 0) batches.push(builder.finish());
  return { batches, trades: tape.trades };
}

const homes: string[] = [];
afterAll(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true })));

/** Replays in a process of its own; returns its one JSON object. */
function replay(
  runtime: 'node' | 'deno',
  words: readonly string[],
  env: Record<string, string> = {},
): { journalHash: string; trades: number } {
  const home = mkdtempSync(join(tmpdir(), 'orderflow-golden-'));
  homes.push(home);
  const file = join(root, 'node_modules', '.bin', runtime);
  const args = [
    ...(runtime === 'deno' ? ['run', '-A'] : []),
    'orderflow.ts',
    'replay',
    flowFile,
    '--data',
    realDay,
    '--json',
    ...words,
  ];
  const text = execFileSync(file, args, {
    cwd: root,
    env: { ...process.env, ORDERFLOW_HOME: home, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(text) as { journalHash: string; trades: number };
}

describe.skipIf(!hasData)('2013-09-03, every ES print of a real day', async () => {
  const tape = hasData
    ? await collectTape(sourceOf('replay'), { files: [realDay] }, es, Number.MAX_SAFE_INTEGER)
    : { batches: [], trades: 0 };
  const expected = run(tape, true);

  it('quarantines nobody', () => {
    expect(expected.nodes.filter((n) => n.quarantined).map((n) => n.id)).toEqual([]);
    expect(expected.clock.trades).toBe(540_995);
  });

  it('has the same journal hash with explanations off', () => {
    expect(run(tape, false).journal.hash).toBe(expected.journal.hash);
  });

  it('has the same journal hash stopped and restored at 50 random records', () => {
    const cuts = cutsOf(tape, 50, 20_130_903);
    expect(cuts.size).toBeGreaterThan(40);
    const resumed = run(tape, true, cuts);
    expect(resumed.journal.hash).toBe(expected.journal.hash);
    expect(checkpointOf(resumed)).toEqual(checkpointOf(expected));
  });

  it.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles'])(
    'has the same journal hash from the memory log in %s',
    (TZ) => {
      expect(replay('node', [], { TZ }).journalHash).toBe(expected.journal.hash);
    },
  );

  it('has the same journal hash from the local log', () => {
    expect(replay('node', ['--log', 'local']).journalHash).toBe(expected.journal.hash);
  });

  it('has the same journal hash on Deno', () => {
    expect(replay('deno', [], { TZ: 'Europe/London' }).journalHash).toBe(expected.journal.hash);
  });
});

describe('three simulated days', async () => {
  const config = { seed: 7, days: 3, tradesPerDay: 40_000, depth: false };
  const tape = await collectTape(sourceOf('simulator'), config, es, Number.MAX_SAFE_INTEGER);
  const expected = run(tape, true);
  const golden = join(root, 'flows', 'golden', 'simulated-seed-7.json');

  it('come out as the golden file says', () => {
    const states = Object.fromEntries(expected.nodes.map((n) => [n.id, n.machine?.state ?? null]));
    const was = {
      made: `simulator ${JSON.stringify(config)}`,
      journalHash: expected.journal.hash,
      macrosteps: expected.journal.seq,
      states,
    };
    if (process.env['GOLDEN'] === 'update')
      writeFileSync(golden, `${JSON.stringify(was, null, 2)}\n`);
    expect(was).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it.each([1, 7, 100])('come out the same in batches of %i rows', (rows) => {
    expect(run(inBatchesOf(rows, tape), true).journal.hash).toBe(expected.journal.hash);
  });

  it('come out the same stopped and restored at 30 random records', () => {
    expect(run(tape, true, cutsOf(tape, 30, 11)).journal.hash).toBe(expected.journal.hash);
  });
});
