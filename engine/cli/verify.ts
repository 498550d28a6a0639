import { isOrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { formatTradeDate, formatZoned, zonedDate } from '../market/time.ts';
import type { Difference, FieldDifference } from '../runtime/journal-comparison.ts';
import type { Log } from '../runtime/ports.ts';
import { type Verification, verifyJournal } from '../runtime/verify-journal.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { formatCount } from './format-number.ts';
import { homeOption } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { isOnKafka, logNameOf, logOption, openLog } from './open-log.ts';
import { Progress } from './progress.ts';
import { alignColumns, cutLine } from './text-table.ts';

const mostFields = 20;
const mostValueLength = 200;

const sayDifference: Readonly<Record<Difference['kind'], string>> = {
  'changed-after-writing':
    'The stored record was changed after it was written: it no longer fits its hash.',
  'computed-otherwise': 'Running the inputs again made another record.',
  missing: 'The inputs lead to a record that the log does not hold.',
  surplus: 'The log holds a record that its inputs do not lead to.',
  'ends-elsewhere': 'The journal does not end where the last commit says.',
};

function valueText(value: unknown): string {
  return cutLine(value === undefined ? '(absent)' : JSON.stringify(value), mostValueLength);
}

function differenceText(
  { kind, topic, at, node, ts, fields }: Difference,
  graph: FlowGraph,
): string {
  const place = `${topic} ${topic.endsWith('.journal') ? 'macrostep' : 'offset'} ${at}`;
  const rows = fields
    .slice(0, mostFields)
    .map(({ path, stored, computed }: FieldDifference) => [
      `  ${path}`,
      valueText(stored),
      valueText(computed),
    ]);
  return [
    `First difference: ${place}${node === '' ? '' : `, node '${node}'`}, ${formatTradeDate(zonedDate(graph.zone, ts))} ${formatZoned(graph.zone, ts)}`,
    sayDifference[kind],
    ...(rows.length > 0 ? alignColumns([['  field', 'in the log', 'computed'], ...rows]) : []),
    ...(fields.length > mostFields ? [`  … and ${fields.length - mostFields} more fields`] : []),
    '',
  ].join('\n');
}

/** Opens a log to look at it: alone where nobody runs it, else beside the one who does. */
async function openToRead(
  host: Host,
  args: Arguments,
): Promise<{ readonly log: Log; readonly isOwner: boolean }> {
  // On Kafka nobody can tell whether the task is running; opening it would fence whoever does.
  if (isOnKafka(args)) return { log: await openLog(host, args, 'guest'), isOwner: false };
  try {
    return { log: await openLog(host, args, 'owner'), isOwner: true };
  } catch (error) {
    if (!isOrderflowError(error, 'OF_LOG_LOCKED')) throw error;
    return { log: await openLog(host, args, 'guest'), isOwner: false };
  }
}

function jsonOf(
  results: readonly { readonly instrument: string; readonly found: Verification }[],
): string {
  const tasks = results.map(({ instrument, found }) => ({ instrument, ...found }));
  return `${JSON.stringify({ ok: results.every(({ found }) => !found.difference), tasks }, null, 2)}\n`;
}

/** `orderflow verify`: runs the inputs of a log again and compares every record. */
export const command: Command = {
  name: 'verify',
  summary: "Run a log's inputs again and compare every record with what the log holds",
  words: ['[FLOW]'],
  options: [
    homeOption,
    logOption,
    ...flowOptions,
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow verify', 'checks the log that `orderflow start` has written, also while it runs'],
    [
      'orderflow verify flows/my.flow.yaml --home ~/runs/1',
      'checks the log of another home folder',
    ],
  ],
  async run(host, args): Promise<ExitCode> {
    const graph = await loadFlow(host, args.words[0] ?? defaultFlow, args);
    const directory = logNameOf(host, args);
    const { log, isOwner } = await openToRead(host, args);
    const bar = new Progress(host, 'verifying');
    try {
      const results = [];
      for (const instrument of graph.instruments) {
        const progress = (done: number, all: number): void =>
          bar.show(all > 0 ? Math.min(1, done / all) : null, done, 'macrosteps');
        results.push({
          instrument: instrument.symbol,
          found: await verifyJournal({ log, directory, graph, instrument, isOwner, progress }),
        });
      }
      bar.end();
      if (args.has('json')) host.stdout.write(jsonOf(results));
      else
        for (const { instrument, found } of results)
          host.stdout.write(reportOf(instrument, found, graph, besideText(log, isOwner)));
      return results.some(({ found }) => found.difference) ? 1 : 0;
    } finally {
      bar.end();
      await log.close();
    }
  },
};

/** Says whether the log may go on while it is looked at; on Kafka nobody can tell. */
function besideText(log: Log, isOwner: boolean): string {
  if (isOwner) return '';
  return log.kind === 'kafka' ? ' so far' : ' so far; a process is running it';
}

function reportOf(
  instrument: string,
  found: Verification,
  graph: FlowGraph,
  beside: string,
): string {
  const { records, macrosteps, hash, difference } = found;
  if (difference) return differenceText(difference, graph);
  return `${graph.name} on ${instrument}: ${formatCount(macrosteps)} macrosteps of ${formatCount(records)} input records are as computed${beside}\n  hash ${hash}\n`;
}
