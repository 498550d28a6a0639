import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type StagedMarket, stageMarket } from '#engine/cli/calibrate-staged.ts';
import { discoverPlugins } from '#engine/cli/discover-plugins.ts';
import { decodeMarketBatch, marketSchema, marketTopic } from '#engine/contracts/market-batch.ts';
import { FaultyLog } from '#engine/faults/faulty-log.ts';
import { compileFlow } from '#engine/flow/compile-flow.ts';
import type { FlowGraph } from '#engine/flow/graph.ts';
import type { AnySource } from '#engine/plugin/define-plugin.ts';
import { createRegistry } from '#engine/plugin/registry.ts';
import { Task } from '#engine/runtime/task.ts';

const root = resolve(import.meta.dirname, '../..');
const file = 'flows/pro-course.flow.yaml';
const plugins = (await discoverPlugins({ root, cwd: root, folders: '' })).map(
  ({ plugin }) => plugin,
);
const registry = createRegistry(plugins);
const readFile = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Returns the course's flow, or another of which the text is given. */
export function graphOf(text: string = readFile(file)): FlowGraph {
  const { graph, lints } = compileFlow({ file, text, registry, readFile });
  if (!graph) throw new Error(lints.map((lint) => JSON.stringify(lint)).join('\n'));
  return graph;
}

/** Makes a market with staged episodes; the truth comes beside it. */
export function stage(config: Readonly<Record<string, unknown>>): Promise<StagedMarket> {
  const simulator = plugins.find(({ id }) => id === 'simulator') as AnySource | undefined;
  const instrument = graphOf().instruments[0];
  if (!simulator || !instrument) throw new Error('the course has a simulator and an instrument');
  return stageMarket(simulator, instrument, { depth: false, ...config });
}

/** Runs a flow over a tape and puts what it wrote into a log, as a run would. */
export async function runOver(
  graph: FlowGraph,
  tape: readonly Uint8Array[],
  before: (task: Task) => void = () => {},
): Promise<{ readonly task: Task; readonly log: FaultyLog }> {
  const instrument = graph.instruments[0];
  if (!instrument) throw new Error('a flow has an instrument');
  const log = new FaultyLog();
  const task = new Task(graph, instrument);
  before(task);
  for (const [offset, value] of tape.entries()) {
    const ts = decodeMarketBatch(value).ts.at(-1) ?? 0;
    const record = { topic: marketTopic, key: instrument.symbol, ts, schema: marketSchema, value };
    await log.append(instrument.number, [record]);
    task.step({ ...record, partition: instrument.number, offset });
    await log.append(instrument.number, task.output.take());
  }
  return { task, log };
}
