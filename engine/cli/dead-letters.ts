import type { FlowGraph } from '../flow/graph.ts';
import { sessionAt } from '../market/session.ts';
import { formatTradeDate, formatZoned, zonedDate } from '../market/time.ts';
import type { Log } from '../runtime/ports.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { findLetter, type NamedLetter, readInput, readLetters } from './dead-letters-read.ts';
import { type LetterReplay, replayLetter } from './dead-letters-replay.ts';
import { formatCount } from './format-number.ts';
import { homeOption } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { defaultFlow, flowOptions, loadFlow } from './load-flow.ts';
import { logOption } from './open-log.ts';
import { Progress } from './progress.ts';
import { alignColumns, cutLine } from './text-table.ts';
import { timeBound } from './time-bounds.ts';
import { openToLook } from './topics-log.ts';

const actions = ['list', 'show', 'replay'] as const;
type Action = (typeof actions)[number];
const mostErrorLength = 100;

interface Asked {
  readonly action: Action;
  readonly flow: string;
  /** Null: the newest. */
  readonly letter: string | null;
}

/** Tells the words apart: a flow is a YAML file, a letter has an @, the rest is what to do. */
function askedOf(args: Arguments): Asked {
  const flow = args.words.find((word) => /\.ya?ml$/.test(word)) ?? defaultFlow;
  const letter = args.words.find((word) => word.includes('@') && word !== flow) ?? null;
  const [word = 'list', ...more] = args.words.filter((w) => w !== flow && w !== letter);
  const action = actions.find((name) => name === word);
  if (action === undefined || more.length > 0)
    throw args.refuse('ACTION', actions.join(', '), [word, ...more].join(' '));
  return { action, flow, letter };
}

function momentOf({ letter }: NamedLetter, graph: FlowGraph): string {
  return `${formatTradeDate(zonedDate(graph.zone, letter.ts))} ${formatZoned(graph.zone, letter.ts)}`;
}

function placeOf({ letter: { input } }: NamedLetter): string {
  return `${input.topic}@${input.o} row ${input.i}`;
}

/** Returns the letters within the bounds of the command line. */
function chosen(
  letters: readonly NamedLetter[],
  args: Arguments,
  graph: FlowGraph,
): readonly NamedLetter[] {
  const [node, symbol] = [args.text('node'), args.text('instrument')];
  const bound = (end: 'from' | 'to', { instrument, letter }: NamedLetter): number | null => {
    const text = args.text(end);
    if (text === null) return null;
    const { tradeDate } = sessionAt(instrument.calendar, letter.ts);
    const ts = timeBound(text, end, { zone: graph.zone, instrument, tradeDate });
    if (ts === null) throw args.refuse(`--${end}`, 'a time such as 10:04 or 2025-11-19', text);
    return ts;
  };
  return letters.filter((named) => {
    const { letter, instrument } = named;
    return (
      (node === null || letter.node === node) &&
      (symbol === null || instrument.symbol === symbol) &&
      (bound('from', named) ?? -Infinity) <= letter.ts &&
      letter.ts <= (bound('to', named) ?? Infinity)
    );
  });
}

function showList(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  { all, file }: { readonly all: readonly NamedLetter[]; readonly file: string },
): void {
  const letters = chosen(all, args, graph);
  if (args.has('json')) {
    const rows = letters.map((named) => ({
      name: named.name,
      instrument: named.instrument.symbol,
      ...named.letter,
      replay: replayCommand(named, args, file),
    }));
    host.stdout.write(`${JSON.stringify({ flow: graph.name, letters: rows }, null, 2)}\n`);
    return;
  }
  if (letters.length === 0) {
    const among = all.length === 0 ? '' : ` among ${formatCount(all.length)}`;
    host.stdout.write(`No such dead letter of ${graph.name}${among}.\n`);
    return;
  }
  const rows = letters.map((named) => [
    named.name,
    momentOf(named, graph),
    named.letter.node,
    placeOf(named),
    cutLine(named.letter.error, mostErrorLength),
  ]);
  const lines = alignColumns([['letter', 'time', 'node', 'input', 'error'], ...rows]);
  host.stdout.write(`${lines.join('\n')}\n`);
}

/** The command that runs a letter again, on the log and the flow that this command line names. */
function replayCommand({ name }: NamedLetter, args: Arguments, file: string): string {
  const same = ['home', 'log', 'environment', 'param'].flatMap((option) =>
    args.all(option).map((value) => `--${option} ${value}`),
  );
  return ['orderflow dead-letters replay', file, name, ...same].join(' ');
}

async function showOne(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  { log, named, file }: { readonly log: Log; readonly named: NamedLetter; readonly file: string },
): Promise<void> {
  const { name, letter, instrument } = named;
  const input = await readInput(log, named);
  if (args.has('json')) {
    const replay = replayCommand(named, args, file);
    const whole = { name, instrument: instrument.symbol, ...letter, record: input, replay };
    host.stdout.write(`${JSON.stringify(whole, null, 2)}\n`);
    return;
  }
  const rows = [
    ['letter', name],
    ['time', `${momentOf(named, graph)}, macrostep ${formatCount(letter.seq)} was the last`],
    ['node', `${letter.node}, policy ${letter.policy}`],
    ['error', letter.error],
    ['input', placeOf(named)],
    ['record', input === null ? 'trimmed from the log' : JSON.stringify(input)],
    ['event', letter.event === null ? 'none: a sensor was at work' : JSON.stringify(letter.event)],
    ['replay', replayCommand(named, args, file)],
  ];
  host.stdout.write(`${alignColumns(rows).join('\n')}\n`);
}

function replayText(found: LetterReplay, { letter, name }: NamedLetter): string {
  const { records, again, others, isReached, isWhole } = found;
  const lines = [`Ran ${formatCount(records)} input records again with the plugins of now.`];
  if (!isWhole) lines.push('Older records were trimmed: states are not those of the run.');
  if (!isReached) lines.push(`The record of ${name} was not reached.`);
  else if (again === null)
    lines.push(`${name} no longer fails: '${letter.node}' takes the record.`);
  else if (again.error === letter.error) lines.push(`${name} fails again: ${again.error}`);
  else lines.push(`${name} fails otherwise: ${again.error}\n  it was: ${letter.error}`);
  for (const { node, input, error } of others)
    lines.push(`Also fails: '${node}' at ${input.topic}@${input.o} row ${input.i}: ${error}`);
  return `${lines.join('\n')}\n`;
}

async function runAgain(
  host: Host,
  args: Arguments,
  graph: FlowGraph,
  { log, named }: { readonly log: Log; readonly named: NamedLetter },
): Promise<ExitCode> {
  const bar = new Progress(host, `replaying up to ${named.name}`);
  const { letter } = named;
  // Of one topic it is known how far away the record is; with several, nearly.
  const all = letter.input.o + 1;
  try {
    const found = await replayLetter(log, graph, named, (done) =>
      bar.show(Math.min(1, done / all), done, 'records'),
    );
    bar.end();
    host.stdout.write(
      args.has('json')
        ? `${JSON.stringify({ name: named.name, failsAgain: found.again !== null, ...found }, null, 2)}\n`
        : replayText(found, named),
    );
    return found.isReached && found.again === null ? 0 : 1;
  } finally {
    bar.end();
  }
}

/** `orderflow dead-letters`: what nodes could not digest, and whether they can now. */
export const command: Command = {
  name: 'dead-letters',
  summary: 'List and show what nodes could not digest, and run it again with the plugins of now',
  words: ['[ACTION]', '[FLOW]', '[LETTER]'],
  options: [
    { name: 'node', value: 'NODE', summary: 'Letters of this node only' },
    { name: 'instrument', value: 'SYMBOL', summary: 'Letters of this instrument only' },
    { name: 'from', value: 'TIME', summary: 'Letters from this event time on' },
    { name: 'to', value: 'TIME', summary: 'Letters up to this event time' },
    homeOption,
    logOption,
    ...flowOptions,
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow dead-letters', `lists the dead letters of ${defaultFlow}, also while it runs`],
    [
      'orderflow dead-letters list flows/my.flow.yaml --node absorb --from 2025-11-19',
      'lists those of one node from a trade date on',
    ],
    ['orderflow dead-letters show ES@0', 'shows a letter with the record it is about'],
    [
      'orderflow dead-letters replay ES@0',
      'runs the input again; exit code 0 when the node takes it now, 1 when it fails again',
    ],
  ],
  async run(host, args): Promise<ExitCode> {
    const { action, flow, letter } = askedOf(args);
    const graph = await loadFlow(host, flow, args);
    const log = await openToLook(host, args);
    try {
      const letters = await readLetters(log, graph);
      if (action === 'list') {
        showList(host, args, graph, { all: letters, file: flow });
        return 0;
      }
      const named = findLetter(letters, letter, graph.name);
      if (action === 'replay') return await runAgain(host, args, graph, { log, named });
      await showOne(host, args, graph, { log, named, file: flow });
      return 0;
    } finally {
      await log.close();
    }
  },
};
