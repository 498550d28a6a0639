// A thread of `orderflow stats`: it loads the flow through the same door as the command and runs its share of the seeds.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../errors.ts';
import type { Ended } from '../study/hit-rates.ts';
import { leanFlow } from '../study/lean-flow.ts';
import { type NullPlan, runSeed } from '../study/null-run.ts';
import { Arguments } from './arguments.ts';
import { discoverPlugins } from './discover-plugins.ts';
import type { Host, Output } from './host.ts';
import { resolveKitFrom } from './kit-resolution.ts';
import { loadFlow } from './load-flow.ts';

/** What a thread is given. */
export interface WorkerTask {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: string;
  readonly params: readonly string[];
  readonly environment: string | null;
  readonly symbol: string;
  readonly files: readonly string[];
  readonly plan: NullPlan;
  readonly seeds: readonly number[];
}

/** What a thread says. */
export type WorkerWord =
  | { readonly kind: 'done'; readonly seed: number; readonly share: number }
  | { readonly kind: 'seed'; readonly seed: number; readonly ended: readonly Ended[] };

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');
const quiet: Output = { isTerminal: false, columns: 80, rows: 24, write: () => {} };

function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** As much of a host as loading a flow needs. */
function hostOf({ cwd, env }: WorkerTask): Host {
  const loading: Partial<Host> = {
    env,
    cwd,
    stdout: quiet,
    stderr: quiet,
    readText: (path) => orElse(() => readFileSync(resolve(cwd, path), 'utf8'), null),
    listFolder: (path) => orElse(() => readdirSync(resolve(cwd, path)).sort(), []),
    loadPlugins: () => discoverPlugins({ root, cwd, folders: env['ORDERFLOW_PLUGINS'] ?? '' }),
  };
  return loading as Host;
}

async function work(task: WorkerTask, tell: (word: WorkerWord) => void): Promise<void> {
  resolveKitFrom(root);
  const { file, params, environment, symbol, files, plan, seeds } = task;
  const values = new Map([['param', params]]);
  if (environment !== null) values.set('environment', [environment]);
  const marketSource = { use: 'replay', with: { files } };
  const graph = await loadFlow(hostOf(task), file, new Arguments('stats', [file], values), {
    marketSource,
    instruments: [symbol],
  });
  const [instrument] = graph.instruments;
  assert(instrument, 'a flow has an instrument');
  const lean = leanFlow(graph);
  for (const seed of seeds) {
    const progress = (share: number): void => tell({ kind: 'done', seed, share });
    tell({ kind: 'seed', seed, ended: await runSeed(lean, instrument, plan, seed, progress) });
  }
}

if (parentPort) {
  const port = parentPort;
  await work(workerData as WorkerTask, (word) => port.postMessage(word));
}
