// The whole flow of this repository, fed with a tape in this process, for the golden tests of the repository.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchTape, collectTape } from '../cli/bench-cases.ts';
import { discoverPlugins } from '../cli/discover-plugins.ts';
import { marketSchema, marketTopic } from '../contracts/market-batch.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';
import { checkpointOf, restoreTask } from '../runtime/checkpoint.ts';
import { Task } from '../runtime/task.ts';

export const root = join(import.meta.dirname, '..', '..');
const data = process.env['ORDERFLOW_DATA'] ?? join(root, '..', 'shared', 'data');
/** Every ES print of 2013-09-03. */
export const realDay = join(data, 'trades', 'ES_20130903_ESU13_tickdata.csv.gz');
export const hasData = existsSync(realDay);
if (!hasData) {
  if (process.env['CI'] === 'true')
    throw new Error(`CI needs the shared data: '${realDay}' is absent; set ORDERFLOW_DATA`);
  console.warn(`skipped: the real golden day ('${realDay}' is absent; set ORDERFLOW_DATA)`);
}

const plugins = (await discoverPlugins({ root, cwd: root, folders: '' })).map(
  ({ plugin }) => plugin,
);
const registry = createRegistry(plugins);
export const flowFile = 'flows/pro-course.flow.yaml';

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
export const es = instrument;

/** Returns the source plugin of an id. */
export function sourceOf(id: string): AnySource {
  const plugin = plugins.find((p) => p.id === id);
  if (plugin?.kind !== 'source') throw new Error(`no source '${id}'`);
  return plugin;
}

/** Feeds a tape; after the batches of `cuts` the state is saved as text, the task thrown away and a new one made of it. */
export function run(
  tape: BenchTape,
  explain: boolean,
  cuts: ReadonlySet<number> = new Set(),
): Task {
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

/** Draws after which batches a run is stopped. */
export function cutsOf(tape: BenchTape, count: number, seed: number): ReadonlySet<number> {
  const next = random(seed);
  return new Set(Array.from({ length: count }, () => Math.floor(next() * tape.batches.length)));
}

/** Reads the tape of the real day; an empty one where the data is absent. */
export function readRealDay(): Promise<BenchTape> {
  if (!hasData) return Promise.resolve({ batches: [], trades: 0 });
  return collectTape(sourceOf('replay'), { files: [realDay] }, es, Number.MAX_SAFE_INTEGER);
}
