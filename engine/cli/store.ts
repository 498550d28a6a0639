import { resolve } from 'node:path';
import { instruments } from '../market/instrument.ts';
import type { StoreDoor, StoreReport, StoreTarget } from '../runtime/store-port.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { formatCount } from './format-number.ts';
import { homeOf, homeOption, logFolder } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { isOnKafka, logOption, openLogBeside } from './open-log.ts';
import { Progress } from './progress.ts';
import { storeFolder } from './store-run.ts';
import { alignColumns } from './text-table.ts';
import { openToLook } from './topics-log.ts';

const actions = ['status', 'migrate', 'rebuild', 'export', 'follow'] as const;
/** How long `follow` may still work off the log when it is stopped. */
const closeMs = 10_000;

/** What each action works with. */
interface Work {
  readonly host: Host;
  readonly args: Arguments;
  readonly door: StoreDoor;
  readonly target: StoreTarget;
}

/** Instruments a flow defines for itself have numbers too; those are beyond the ones that ship. */
function partitionsOf(): number[] {
  const last = Math.max(...instruments.map(({ number }) => number));
  return Array.from({ length: last + 64 }, (_, i) => i);
}

function behind(report: StoreReport): number {
  return (report.topics ?? []).reduce(
    (sum, { end, next }) => sum + Math.max(0, (end ?? next) - next),
    0,
  );
}

function statusText(report: StoreReport): string {
  const { store, heldBy, exists, migrations, tables, topics } = report;
  if (heldBy !== null)
    return `${store} is in use by process ${heldBy}, which keeps it at the end of the log.\n`;
  if (!exists) return `${store} is not there yet; \`orderflow start\` makes it.\n`;
  const lines = [store];
  if (migrations && migrations.pending > 0)
    lines.push(
      `${migrations.pending} migrations are pending; \`orderflow store migrate\` runs them`,
    );
  const missing = behind(report);
  if (topics)
    lines.push(missing === 0 ? 'at the end of the log' : `${formatCount(missing)} records behind`);
  const odd = (topics ?? []).filter(({ refused, missed }) => refused + missed > 0);
  for (const { topic, partition, refused, missed } of odd)
    lines.push(
      `${topic} ${partition}: ${formatCount(refused)} records refused, ${formatCount(missed)} dropped by the log before they were read`,
    );
  const rows = (tables ?? []).map(({ table, rows: count }) => [`  ${table}`, formatCount(count)]);
  if (rows.length > 0) lines.push('', ...alignColumns([['  table', 'rows'], ...rows], [1]));
  return `${lines.join('\n')}\n`;
}

async function status({ host, args, door, target }: Work): Promise<ExitCode> {
  const log = await openLogBeside(host, args);
  try {
    const report = await door.status(target, log);
    host.stdout.write(args.has('json') ? `${JSON.stringify(report)}\n` : statusText(report));
    return 0;
  } finally {
    await log?.close();
  }
}

async function migrate({ host, args, door, target }: Work): Promise<ExitCode> {
  const ran = await door.migrate(target);
  const text = ran === 0 ? 'The tables are up to date.' : `${ran} migrations ran.`;
  host.stdout.write(args.has('json') ? `${JSON.stringify({ migrations: ran })}\n` : `${text}\n`);
  return 0;
}

async function rebuild({ host, args, door, target }: Work): Promise<ExitCode> {
  const log = await openToLook(host, args);
  const bar = new Progress(host, 'rebuilding');
  try {
    const done = await door.rebuild(target, log, partitionsOf(), (records, all, rows) =>
      bar.show(all === 0 ? null : records / all, rows, 'rows'),
    );
    bar.end();
    if (args.has('json')) host.stdout.write(`${JSON.stringify(done)}\n`);
    else {
      if (done.aside !== null)
        host.stdout.write(`The damaged store was set aside as ${done.aside}.\n`);
      host.stdout.write(
        `${formatCount(done.rows)} rows of ${formatCount(done.records)} records.\n`,
      );
    }
    return 0;
  } finally {
    bar.end();
    await log.close();
  }
}

async function exportRows({ host, args, door, target }: Work): Promise<ExitCode> {
  const table = args.words[1];
  if (table === undefined) throw args.refuse('TABLE', 'the name of a table', 'nothing');
  const format = args.choice('format', ['jsonl', 'csv']);
  const bar = new Progress(host, 'exporting');
  const write = (text: string): void => host.stdout.write(text);
  try {
    await door.export(target, table, format, write, (done, all, rows) =>
      bar.show(all === 0 ? null : done / all, rows, 'rows'),
    );
    return 0;
  } finally {
    bar.end();
  }
}

async function follow({ host, args, door, target }: Work): Promise<ExitCode> {
  let problem: string | null = null;
  let stopped = (): void => {};
  const end = new Promise<void>((done) => {
    stopped = done;
  });
  const store = door.start({
    target,
    log: host.logAddress(isOnKafka(args) ? null : logFolder(homeOf(host, args))),
    partitions: partitionsOf(),
    told: (state) => {
      if (args.has('json')) host.stdout.write(`${JSON.stringify(state)}\n`);
      else if (state.problem !== null && state.problem !== problem)
        host.stderr.write(`${state.problem}\n`);
      problem = state.problem;
      if (state.state === 'stopped') stopped();
    },
  });
  host.stdout.write(args.has('json') ? '' : `${store.name} follows the log; Ctrl-C stops it.\n`);
  const forget = host.onStop(() => void store.close(closeMs));
  await end;
  forget();
  return problem === null ? 0 : 3;
}

const doing: Readonly<Record<(typeof actions)[number], (work: Work) => Promise<ExitCode>>> = {
  status,
  migrate,
  rebuild,
  export: exportRows,
  follow,
};

/** `orderflow store`: looks after the database that shows the past. */
export const command: Command = {
  name: 'store',
  summary: 'Look after the store, the database that shows what the log holds',
  words: ['ACTION', '[TABLE]'],
  options: [
    homeOption,
    logOption,
    { name: 'format', value: 'FORMAT', summary: 'Of an export: jsonl (default) or csv' },
    { name: 'json', summary: 'Print one JSON object (follow: one for each change)' },
  ],
  examples: [
    ['orderflow store status', 'shows the tables, and how far behind the log they are'],
    ['orderflow store migrate', 'makes the tables, or brings them up to date'],
    ['orderflow store rebuild', 'makes everything anew from the whole log'],
    ['orderflow store export signals --format csv > signals.csv', 'writes a table as text'],
    [
      'orderflow store follow --log kafka',
      'keeps a store at the end of the log, where workers run the flows',
    ],
    [
      'DATABASE_URL=postgresql://me@127.0.0.1/orderflow orderflow store status',
      'looks at a PostgreSQL server instead of the folder store in the home folder',
    ],
  ],
  async run(host, args) {
    const [word = ''] = args.words;
    const action = actions.find((name) => name === word);
    if (action === undefined) throw args.refuse('ACTION', actions.join(', '), word);
    const door = await host.loadStore();
    const folder = resolve(host.cwd, storeFolder(homeOf(host, args)));
    const target = door.targetOf(host.env['DATABASE_URL'], folder);
    return doing[action]({ host, args, door, target });
  },
};
