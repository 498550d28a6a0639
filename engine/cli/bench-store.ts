import { join, resolve } from 'node:path';
import { OrderflowError } from '../errors.ts';
import { instruments } from '../market/instrument.ts';
import type { StoreTarget } from '../runtime/store-port.ts';
import type { Arguments } from './arguments.ts';
import { formatCount } from './format-number.ts';
import { homeOf, logFolder } from './home.ts';
import type { Host } from './host.ts';
import { Progress } from './progress.ts';
import { alignColumns } from './text-table.ts';

/** How fast a store is made from a log. */
export interface StoreCase {
  readonly backend: 'pglite' | 'postgresql';
  readonly records: number;
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

async function measure(
  host: Host,
  args: Arguments,
  backend: StoreCase['backend'],
  target: StoreTarget,
): Promise<StoreCase> {
  const door = await host.loadStore();
  const directory = logFolder(homeOf(host, args));
  if (host.listFolder(directory).length === 0)
    throw new OrderflowError('OF_LOG_ABSENT', { directory });
  const log = host.openLocalLog(directory, 'guest');
  const bar = new Progress(host, backend);
  try {
    // Making the database is no part of it.
    await door.migrate(target);
    const begun = host.wallClock();
    const partitions = instruments.map(({ number }) => number);
    const { records, rows } = await door.rebuild(target, log, partitions, (done, all, made) =>
      bar.show(all === 0 ? null : done / all, made, 'rows'),
    );
    const seconds = Math.round(host.wallClock() - begun) / 1_000;
    return { backend, records, rows, seconds, rowsPerSecond: Math.round(rows / seconds) };
  } finally {
    bar.end();
    await log.close();
  }
}

/** Measures how fast the store is made from the log of the home folder, in a folder of its own and on a server. */
export async function measureStores(host: Host, args: Arguments): Promise<readonly StoreCase[]> {
  const folder = join(homeOf(host, args), 'store-bench');
  const cases: StoreCase[] = [];
  try {
    const directory = resolve(host.cwd, folder);
    cases.push(await measure(host, args, 'pglite', { kind: 'embedded', directory }));
  } finally {
    host.removeFolder(folder);
  }
  const url = host.env['BENCH_DATABASE_URL'];
  if (url === undefined || url === '')
    host.stderr.write('skipped: postgresql (BENCH_DATABASE_URL names no database to be emptied)\n');
  else cases.push(await measure(host, args, 'postgresql', { kind: 'server', url }));
  return cases;
}

/** Returns the table of the stores. */
export function storesText(cases: readonly StoreCase[]): string {
  const rows = cases.map((c) => [
    c.backend,
    formatCount(c.records),
    formatCount(c.rows),
    `${c.seconds} s`,
    formatCount(c.rowsPerSecond),
  ]);
  const heading = ['store', 'records', 'rows', 'time', 'rows/s'];
  return `${alignColumns([heading, ...rows], [1, 2, 3, 4]).join('\n')}\n`;
}
