import type { DeadLetter } from '../contracts/journal.ts';
import type { Instrument } from '../market/instrument.ts';
import { priceDecimals } from '../market/price.ts';
import { formatZoned, parseTradeDate, weekdayOf } from '../market/time.ts';
import type { Task } from '../runtime/task.ts';
import { formatCount, formatElapsed, formatShare, formatShort } from './format-number.ts';
import type { RunLetters } from './run-flow.ts';
import type { RthReport, SessionReport, SignalReport } from './session-report.ts';
import { cutLine, wrapWords } from './text-table.ts';

/** What `replay --json` prints: prices as decimals, null where unknown. */
export interface ReplayJson {
  readonly flow: string;
  readonly flowHash: string;
  readonly journalHash: string;
  readonly trades: number;
  /** Rows of the input, heartbeats not counted. */
  readonly records: number;
  readonly elapsedMs: number;
  readonly tradesPerSecond: number;
  readonly sessions: readonly SessionReport[];
  /** Only there when rows came after later ones: how many. They keep their place, and time does not go back. */
  readonly lateRows?: number;
  /** Only there when the job did not do its work: what went wrong, one message each. */
  readonly problems?: readonly string[];
}

/** A replay that has ended. */
export interface ReplayEnd {
  readonly task: Task;
  readonly sessions: readonly SessionReport[];
  readonly elapsedMs: number;
  readonly problems: readonly string[];
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const labelWidth = 17;
const indent = ' '.repeat(labelWidth + 2);
const mostSignalsShown = 40;

/** Returns one sentence for each dead letter. */
export function deadLetterProblems(letters: readonly DeadLetter[]): string[] {
  return letters.map(({ node, input, error }) => {
    const place = `${input.topic}@${input.o} row ${input.i}`;
    return `node '${node}' is quarantined since ${place}: ${error}; what it emits is missing from there on`;
  });
}

/** Returns one sentence for each dead letter that a run kept, after one for those that it did not. */
export function runProblems({ count, newest }: RunLetters): string[] {
  const older = count - newest.length;
  const more = `${formatCount(older)} dead letters came before these; the dead-letter topic of the log holds them`;
  return [...(older > 0 ? [more] : []), ...deadLetterProblems(newest)];
}

/** Returns the object that `replay --json` prints. */
export function replayJson({ task, sessions, elapsedMs, problems }: ReplayEnd): ReplayJson {
  const { trades, rows, late } = task.clock;
  return {
    flow: task.graph.name,
    flowHash: task.graph.hash,
    journalHash: task.journal.hash,
    trades,
    records: rows,
    elapsedMs: Math.round(elapsedMs),
    tradesPerSecond: perSecond(trades, elapsedMs),
    sessions,
    ...(late > 0 ? { lateRows: late } : {}),
    ...(problems.length > 0 ? { problems } : {}),
  };
}

function perSecond(count: number, elapsedMs: number): number {
  return elapsedMs > 0 ? Math.round((count * 1_000) / elapsedMs) : 0;
}

/** Writes prices of an instrument; `–` where there is none. */
class PriceText {
  private readonly decimals: number;

  constructor(instrument: Instrument) {
    this.decimals = priceDecimals(instrument);
  }

  at(price: number | null): string {
    return price === null ? '–' : price.toFixed(this.decimals);
  }

  /** A price between two ticks. */
  fine(price: number | null): string {
    return price === null ? '–' : price.toFixed(this.decimals + 2);
  }
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}${text}`;
}

/** Returns the readable report of a replay: a block for each session, then the sums. */
export function replayText(end: ReplayEnd, columns: number): string {
  const { task, sessions } = end;
  const prices = new PriceText(task.instrument);
  const blocks = sessions.map((session) => sessionLines(session, task, prices, columns));
  if (blocks.length === 0) blocks.push(['No session saw market data.']);
  return `${[...blocks, sumLines(end)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headingOf({ tradeDate, short, approximate, gap }: SessionReport): string {
  const day = weekdays[weekdayOf(parseTradeDate(tradeDate))] ?? '';
  const remarks = [
    ...(short ? ['short session'] : []),
    ...(approximate === true ? ['levels estimated from bars'] : []),
    ...(gap === true ? ['regular hours have a gap in the data'] : []),
  ];
  return `${day} ${tradeDate}${remarks.length > 0 ? `  (${remarks.join(', ')})` : ''}`;
}

function rthLines(rth: RthReport, task: Task, prices: PriceText): string[] {
  if (rth.open === null) {
    const knows = hasContract(task, 'completed-profile/1');
    return [
      row(
        'RTH',
        knows ? '– (no completed regular session)' : '– (no node of this flow computes it)',
      ),
    ];
  }
  const { one, initialBalance } = rth;
  return [
    row(
      'RTH',
      `open ${prices.at(rth.open)}  high ${prices.at(rth.high)}  low ${prices.at(rth.low)}  close ${prices.at(rth.close)}`,
    ),
    row(
      '',
      `volume ${rth.volume === null ? '–' : formatCount(rth.volume)}  VWAP ${prices.fine(rth.vwap)}  shape ${rth.shape ?? '–'}`,
    ),
    row(
      'value area',
      `POC ${prices.at(rth.poc)}  VAH ${prices.at(rth.vah)}  VAL ${prices.at(rth.val)}`,
    ),
    row('', `row by row: VAH ${prices.at(one.vah)}  VAL ${prices.at(one.val)}`),
    row(
      'initial balance',
      `high ${prices.at(initialBalance.high)}  low ${prices.at(initialBalance.low)}`,
    ),
  ];
}

/** Whether some node of the flow writes records of a contract. */
function hasContract({ nodes }: Task, contract: string): boolean {
  return nodes.some(({ outPorts }) =>
    [...outPorts.values()].some(({ schema }) => schema === contract),
  );
}

function compositeLine({ cva }: SessionReport, task: Task, prices: PriceText): string {
  if (!cva) {
    const knows = hasContract(task, 'composite-area/1');
    return row(
      'composite',
      `– (${knows ? 'no composite was in force' : 'no node of this flow computes it'})`,
    );
  }
  const { sessions, partial } = cva;
  const span = `${sessions[0] ?? ''} to ${sessions.at(-1) ?? ''}, ${sessions.length} sessions${partial ? ', partial' : ''}`;
  return row(
    'composite',
    `POC ${prices.at(cva.poc)}  VAH ${prices.at(cva.vah)}  VAL ${prices.at(cva.val)}  (${span})`,
  );
}

/** Returns a signal in one line: when, who, which side, where to, and why. */
function signalText(signal: SignalReport, task: Task, prices: PriceText): string {
  const numberIn = (field: string): number | null => {
    const value = signal[field];
    return typeof value === 'number' ? value : null;
  };
  const { side, reason } = signal;
  const target = numberIn('target');
  const parts = [
    formatZoned(task.graph.zone, signal.ts),
    `${signal.node}.${signal.port}`,
    `${typeof side === 'string' ? side : '–'} ${prices.at(numberIn('price') ?? numberIn('entry'))}`,
    ...(target === null ? [] : [`to ${prices.at(target)}`]),
    ...(typeof reason === 'string' ? [reason] : []),
  ];
  return parts.join('  ');
}

function sessionLines(
  session: SessionReport,
  task: Task,
  prices: PriceText,
  columns: number,
): string[] {
  const { signals } = session;
  const lines = [
    headingOf(session),
    ...rthLines(session.rth, task, prices),
    compositeLine(session, task, prices),
  ];
  lines.push(row('signals', signals.length === 0 ? 'none' : String(signals.length)));
  for (const signal of signals.slice(0, mostSignalsShown))
    lines.push(cutLine(`    ${signalText(signal, task, prices)}`, columns));
  if (signals.length > mostSignalsShown)
    lines.push(`    … and ${signals.length - mostSignalsShown} more; --json has all of them`);
  const machines = Object.entries(session.machines).map(([node, state]) => `${node}\u00A0${state}`);
  wrapWords(machines.join(' · '), columns - indent.length).forEach((line, i) =>
    lines.push(row(i === 0 ? 'machines' : '', line)),
  );
  return lines.map((line) => line.replaceAll('\u00A0', ' '));
}

function sumLines({ task, elapsedMs, problems }: ReplayEnd): string[] {
  const { clock, journal, graph, instrument } = task;
  const { trades, rows, volume, inferredVolume, unknownVolume, late } = clock;
  const rate =
    trades > 0
      ? `${formatShort(perSecond(trades, elapsedMs))} trades/s`
      : `${formatShort(perSecond(rows, elapsedMs))} rows/s`;
  const share = (part: number): string => (volume > 0 ? formatShare(part / volume) : '–');
  return [
    `${instrument.symbol}: ${formatCount(rows)} rows, ${formatCount(trades)} of them trades, in ${formatElapsed(elapsedMs)} (${rate})`,
    row(
      'aggressor',
      trades > 0
        ? `inferred for ${share(inferredVolume)} of the volume, not known for ${share(unknownVolume)}`
        : '– (no single trades)',
    ),
    row('late rows', formatCount(late)),
    row('problems', problems.length === 0 ? 'none' : String(problems.length)),
    row('journal', `${formatCount(journal.seq)} macrosteps, hash ${journal.hash}`),
    row('flow', `${graph.name} ${graph.version}, hash ${graph.hash}`),
  ];
}
