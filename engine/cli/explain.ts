import { basename } from 'node:path';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { History } from '../inspect/history.ts';
import type { WhyData, WhyQuestion } from '../inspect/question.ts';
import { summaryOf } from '../inspect/summary.ts';
import { transitionsOfNode, why } from '../inspect/why.ts';
import type { Instrument } from '../market/instrument.ts';
import { sessionAt } from '../market/session.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import { Task } from '../runtime/task.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { answerJson, answerText, type Subject, summaryJson, summaryText } from './explain-text.ts';
import { homeOption } from './home.ts';
import type { Host } from './host.ts';
import { flowOptions, loadFlow, type MarketSource } from './load-flow.ts';
import { lastWritten, readHistory } from './log-history.ts';
import { logNameOf, logOption, openLogBeside } from './open-log.ts';
import { Progress } from './progress.ts';
import { reportError } from './report-error.ts';
import { runFlow } from './run-flow.ts';
import { timeBound } from './time-bounds.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** What was recorded, and the range it is asked about. */
interface Evidence {
  readonly data: WhyData;
  readonly range: Range;
}

/** Returns the range a command line asks about; without bounds the trade date of the last thing that happened. */
function rangeOf(args: Arguments, graph: FlowGraph, instrument: Instrument, last: number): Range {
  // What happens at the close belongs to the day that ends with it.
  const day = sessionAt(instrument.calendar, last - 1);
  const context = { zone: graph.zone, instrument, tradeDate: day.tradeDate };
  const [from, to] = [args.text('from'), args.text('to')];
  const bound = (text: string, end: 'from' | 'to'): number => {
    const ts = timeBound(text, end, context);
    if (ts !== null) return ts;
    throw args.refuse(
      `--${end}`,
      'a time such as 10:04, 2025-11-19, 2025-11-19 10:04 or 2025-11-19T15:04:10Z',
      text,
    );
  };
  const range = {
    from: from === null ? day.open : bound(from, 'from'),
    to: to === null ? last : bound(to, 'to'),
  };
  if (range.from > range.to)
    throw args.refuse('--from', `a time before --to '${to ?? ''}'`, from ?? '');
  return range;
}

/** The instrument that is asked about: the one named, or the flow's only one. */
function instrumentOf(args: Arguments, graph: FlowGraph): Instrument {
  const symbol = args.text('instrument');
  const symbols = graph.instruments.map((instrument) => instrument.symbol);
  const found = graph.instruments.find((instrument) =>
    symbol === null ? symbols.length === 1 : instrument.symbol === symbol,
  );
  if (found) return found;
  throw args.refuse('--instrument', `one of ${symbols.join(', ')}`, symbol ?? 'nothing');
}

/** Reads what `orderflow start` left in the log, also while it runs. */
async function fromLog(host: Host, args: Arguments, graph: FlowGraph): Promise<Evidence> {
  const instrument = instrumentOf(args, graph);
  const directory = logNameOf(host, args);
  const absent = new OrderflowError('OF_EXPLAIN_EMPTY', {
    directory,
    task: `${graph.name}.${instrument.symbol}`,
  });
  const log = await openLogBeside(host, args);
  if (!log) throw absent;
  try {
    const task = new Task(graph, instrument, { validate: true });
    const last = await lastWritten(log, task);
    if (last === null) throw absent;
    const range = rangeOf(args, graph, instrument, last);
    const history = await readHistory(log, task, range);
    return { data: history.data(false), range };
  } finally {
    await log.close();
  }
}

/** Runs data files through the flow and keeps what it wrote about itself. */
async function fromFiles(host: Host, args: Arguments, graph: FlowGraph): Promise<Evidence> {
  const instrument = instrumentOf(args, graph);
  const log = host.openMemoryLog();
  const stop = new AbortController();
  const forget = host.onStop(() => stop.abort());
  const bar = new Progress(
    host,
    `replaying ${args
      .all('data')
      .map((file) => basename(file))
      .join(', ')}`,
  );
  let done: number | null = null;
  let kept: { readonly task: Task; readonly history: History } | null = null;
  try {
    const { sourceErrors } = await runFlow({
      host,
      log,
      graph: { ...graph, instruments: [instrument] },
      explain: true,
      keep: false,
      signal: stop.signal,
      opened: ({ task }: TaskRunner) => {
        kept = { task, history: new History(task) };
      },
      committed: ({ outputs }) => {
        for (const record of outputs) kept?.history.add(record);
      },
      stepped: ({ task }) => bar.show(done, task.clock.rows, 'rows'),
      progress: (share) => {
        done = share;
      },
    });
    bar.end();
    for (const error of sourceErrors) reportError(host, error);
    const run = kept as { readonly task: Task; readonly history: History } | null;
    if (!run || run.task.clock.rows === 0)
      throw new OrderflowError('OF_EXPLAIN_EMPTY', {
        directory: args.all('data').join(', '),
        task: graph.name,
      });
    return {
      data: run.history.data(true),
      range: rangeOf(args, graph, instrument, run.task.now()),
    };
  } finally {
    bar.end();
    forget();
    await log.close();
  }
}

function sourceOf(args: Arguments): MarketSource {
  return { use: 'replay', with: { files: args.all('data') } };
}

/** What the command line asks: about an event, a transition, or (without both) the node as a whole. */
type Asked = Pick<WhyQuestion, 'node' | 'event' | 'transition'>;

function askedBy(args: Arguments): Asked {
  const [node, event, transition] = [
    args.text('node'),
    args.text('event'),
    args.text('transition'),
  ];
  if (node === null) throw args.refuse('--node', 'a node of the flow', 'nothing');
  if (event !== null && transition !== null)
    throw args.refuse(
      '--transition',
      'either an event or a transition',
      `--event ${event} as well`,
    );
  return {
    node,
    ...(event === null ? {} : { event }),
    ...(transition === null ? {} : { transition }),
  };
}

function isQuestion({ event, transition }: Asked): boolean {
  return event !== undefined || transition !== undefined;
}

/** Refuses names the flow does not have before any work is done. */
function checkNames(args: Arguments, asked: Asked, known: WhyData): void {
  try {
    transitionsOfNode(known, asked.node);
    if (isQuestion(asked)) why(known, { ...asked, from: 0, to: 0 });
  } catch (error) {
    if (!isOrderflowError(error, 'OF_WHY_NODE') && !isOrderflowError(error, 'OF_WHY_TRANSITION'))
      throw error;
    const { nearest = 'none', nodes, known: names = nodes } = error.facts;
    const option =
      error.code === 'OF_WHY_NODE' ? 'node' : asked.event === undefined ? 'transition' : 'event';
    const expected = `${nearest === 'none' ? '' : `perhaps '${nearest}'; `}one of ${names}`;
    throw args.refuse(`--${option}`, expected, args.text(option) ?? '');
  }
}

type Report = readonly [json: unknown, text: string];

function answered(data: WhyData, asked: Asked, subject: Subject): Report {
  const answer = why(data, { ...asked, from: subject.from, to: subject.to });
  return [answerJson(answer, subject), answerText(answer, subject)];
}

function summed(data: WhyData, { node }: Asked, subject: Subject): Report {
  const summary = summaryOf(data, node, subject);
  return [summaryJson(summary, subject), summaryText(summary, subject)];
}

/** `orderflow explain`: answers why a transition fired or did not. */
export const command: Command = {
  name: 'explain',
  summary:
    'Answer why a transition of a node fired or did not; without one, count them and show near misses',
  words: ['FLOW'],
  options: [
    { name: 'node', value: 'NODE', summary: 'The node to question' },
    {
      name: 'event',
      value: 'EVENT',
      summary: "Ask about every transition on this event, such as absorb or 'after 20m'",
    },
    {
      name: 'transition',
      value: 'ID',
      summary: 'Ask about one transition, such as waiting:absorb:0',
    },
    {
      name: 'from',
      value: 'TIME',
      summary: 'Such as 10:04, 2025-11-19 or 2025-11-19T15:04:10Z (default: the last trade date)',
    },
    { name: 'to', value: 'TIME', summary: 'As --from, included' },
    {
      name: 'data',
      value: 'FILE',
      list: true,
      summary: 'Replay these files instead of reading the log of `orderflow start`',
    },
    homeOption,
    logOption,
    {
      name: 'instrument',
      value: 'SYMBOL',
      summary: "Which of the flow's instruments (default: its only one)",
    },
    ...flowOptions,
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    [
      'orderflow explain flows/pro-course.flow.yaml --node strategy',
      'counts what fired and what was blocked today, nearest misses first',
    ],
    [
      'orderflow explain flows/pro-course.flow.yaml --node strategy --event absorb --from 10:00 --to 10:15',
      'says why it did (not) fire in that quarter of an hour',
    ],
    [
      'orderflow explain flows/pro-course.flow.yaml --node eighty --event period --data day.csv.gz',
      'asks about a recorded day',
    ],
  ],
  async run(host, args) {
    const asked = askedBy(args);
    const isReplay = args.all('data').length > 0;
    const graph = await loadFlow(
      host,
      args.words[0] ?? '',
      args,
      isReplay ? { marketSource: sourceOf(args) } : {},
    );
    const instrument = instrumentOf(args, graph);
    checkNames(args, asked, new History(new Task(graph, instrument)).data(false));
    const { data, range } = isReplay
      ? await fromFiles(host, args, graph)
      : await fromLog(host, args, graph);
    const subject = {
      flow: graph.name,
      instrument,
      zone: graph.zone,
      columns: host.stdout.columns,
      ...range,
    };
    const [json, text] = isQuestion(asked)
      ? answered(data, asked, subject)
      : summed(data, asked, subject);
    host.stdout.write(args.has('json') ? `${JSON.stringify(json, null, 2)}\n` : text);
    return 0;
  },
};
