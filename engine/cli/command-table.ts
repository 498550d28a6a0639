import type { Command } from './command.ts';

/** Every command by name, in the order of help; its file is loaded when it is asked for. Adding one is one line. */
export const commandTable: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> =
  {
    start: () => import('./start.ts'),
    run: () => import('./run.ts'),
    worker: () => import('./worker.ts'),
    replay: () => import('./replay.ts'),
    lint: () => import('./lint.ts'),
    graph: () => import('./graph.ts'),
    list: () => import('./list.ts'),
    verify: () => import('./verify.ts'),
    bench: () => import('./bench.ts'),
    calibrate: () => import('./calibrate.ts'),
    stats: () => import('./stats.ts'),
    coverage: () => import('./coverage.ts'),
    test: () => import('./test.ts'),
    explain: () => import('./explain.ts'),
    topics: () => import('./topics.ts'),
    store: () => import('./store.ts'),
    'dead-letters': () => import('./dead-letters.ts'),
    create: () => import('./create.ts'),
    doctor: () => import('./doctor.ts'),
    docs: () => import('./docs.ts'),
  };
