import { Worker } from 'node:worker_threads';
import { OrderflowError } from '../errors.ts';
import type { Ended } from '../study/hit-rates.ts';
import type { WorkerTask, WorkerWord } from './stats-worker.ts';

/** Runs one thread to its end. */
function runWorker(task: WorkerTask, told: (word: WorkerWord) => void): Promise<void> {
  const worker = new Worker(new URL('./stats-worker.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.on('message', told);
    worker.on('error', (error: unknown) => {
      const cause = error instanceof Error ? error.message : String(error);
      reject(new OrderflowError('OF_STATS_WORKER', { cause }, { cause: error }));
    });
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new OrderflowError('OF_STATS_WORKER', { cause: `exit code ${code}` }));
    });
  });
}

/**
 * Runs seeds in several threads; returns what ended under each, in the order of the seeds.
 *
 * @throws {OF_STATS_WORKER} when a thread failed.
 */
export async function seedsInThreads(
  task: Omit<WorkerTask, 'seeds'>,
  seeds: readonly number[],
  threads: number,
  progress: (done: number) => void,
): Promise<readonly (readonly Ended[])[]> {
  const results = new Map<number, readonly Ended[]>();
  const shares = new Map<number, number>();
  const told = (word: WorkerWord): void => {
    shares.set(word.seed, word.kind === 'seed' ? 1 : word.share);
    if (word.kind === 'seed') results.set(word.seed, word.ended);
    progress([...shares.values()].reduce((sum, share) => sum + share, 0) / seeds.length);
  };
  const count = Math.min(threads, seeds.length);
  const parts = Array.from({ length: count }, (_, i) =>
    seeds.filter((_seed, n) => n % count === i),
  );
  await Promise.all(parts.map((part) => runWorker({ ...task, seeds: part }, told)));
  return seeds.map((seed) => results.get(seed) ?? []);
}
