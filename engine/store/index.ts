// The only door to the store. What needs the database's code is loaded when it is asked for.
import type { StoreDoor } from '../runtime/store-port.ts';
import { StoreThread } from './store-thread.ts';
import { targetOf } from './target.ts';

/** The store as `orderflow.ts` hands it to the command line. */
export const storeDoor: StoreDoor = {
  targetOf,
  start: (options) => new StoreThread(options),
  status: async (target, log) => (await import('./store-report.ts')).reportStore(target, log),
  migrate: async (target) => (await import('./store-work.ts')).migrateStore(target),
  rebuild: async (target, log, partitions, progress) =>
    (await import('./store-work.ts')).rebuildStore(target, log, partitions, progress),
  export: async (target, table, format, write, progress) =>
    (await import('./store-work.ts')).exportTable(target, table, format, write, progress),
};
