import type { Leaf } from '../contracts/evidence.ts';
import type { ProbeReading } from '../contracts/journal.ts';
import type { Instrument } from '../market/instrument.ts';
import { formatTradeDate, formatZoned, type Zone, zonedDate } from '../market/time.ts';
import { edgeLeaf, edgeProbe } from './edge-evidence.ts';
import type { UpstreamCause } from './upstream.ts';
import type { WhyAnswer } from './why.ts';

/** What numbers and times are written with. */
export interface SayOptions {
  readonly instrument: Instrument;
  readonly zone: Zone;
}

/** A probe's reading. */
type Reading = Pick<ProbeReading, 'probe' | 'value' | 'needed' | 'unit'>;

/** One and several of a unit, as people say it. */
const unitNames: Readonly<Record<string, readonly [one: string, many: string]>> = {
  price: ['point', 'points'],
  tick: ['tick', 'ticks'],
  contract: ['contract', 'contracts'],
  usd: ['cent', 'cents'],
};

const secondUs = 1_000_000;

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** Writes a length of time: `250 ms`, `90 s`, `12 min`, `1 h 5 min`. */
function lengthOfTime(micros: number): string {
  const seconds = Math.abs(micros) / secondUs;
  const sign = micros < 0 ? '-' : '';
  if (seconds < 1) return `${sign}${round(seconds * 1_000)} ms`;
  if (seconds < 60 || seconds % 60 !== 0) return `${sign}${Math.round(seconds * 1_000) / 1_000} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${sign}${minutes} min`;
  return `${sign}${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

/** Writes a number with its unit. */
function amount(value: number, unit = ''): string {
  if (unit === 'us') return lengthOfTime(value);
  if (unit === 'share') return `${Math.round(value * 10_000) / 100} %`;
  const names = unitNames[unit];
  const name = names ? names[Math.abs(value) === 1 ? 0 : 1] : unit === 'count' ? '' : unit;
  return `${round(value)} ${name}`.trim();
}

/** Event times are in microseconds since 1970 and lengths of time are not; nobody compares one with the other. */
const firstEventTime = 1e14;

function operand(value: Leaf['left'], { unit }: Leaf, { zone }: SayOptions): string {
  // A length of time since something that never was.
  if (value === null && unit === 'us') return 'never';
  if (typeof value !== 'number') return String(value);
  if (unit === 'share') return amount(value, unit);
  if (unit !== 'us') return String(round(value));
  return Math.abs(value) < firstEventTime ? lengthOfTime(value) : formatZoned(zone, value);
}

/** A leaf in words: what was compared, both sides, by how much it held or missed; null where there is nothing to say. */
export interface SaidLeaf {
  readonly verdict: 'held' | 'missed' | 'error';
  readonly label: string;
  readonly had: string | null;
  readonly op: string | null;
  readonly needed: string | null;
  readonly by: string | null;
  /** What was thrown, for `error`. */
  readonly error: string | null;
}

/** Returns one leaf in words, prices as decimals. */
export function leafWords(raw: Leaf, options: SayOptions): SaidLeaf {
  const leaf = edgeLeaf(raw, options.instrument);
  const { text, why, ok, op, margin, error } = leaf;
  const isCompared = error === undefined && op !== undefined;
  const hasMargin = error === undefined && margin !== undefined && margin !== 0;
  return {
    verdict: error !== undefined ? 'error' : ok ? 'held' : 'missed',
    label: why === undefined ? text : `${why} (${text})`,
    had: isCompared ? operand(leaf.left, leaf, options) : null,
    op: isCompared ? op : null,
    needed: isCompared ? operand(leaf.right, leaf, options) : null,
    by: hasMargin ? amount(Math.abs(margin), leaf.unit) : null,
    error: error ?? null,
  };
}

/** Says one leaf in a line: what was compared, both sides, by how much it held or missed. */
export function sayLeaf(raw: Leaf, options: SayOptions): string {
  const { verdict, label, had, op, needed, by, error } = leafWords(raw, options);
  if (error !== null) return `error    ${label}: ${error}`;
  const sides = op === null ? '' : `: ${had} ${op} ${needed}`;
  return `${verdict.padEnd(7)}  ${label}${sides}${by === null ? '' : `, by ${by}`}`;
}

/** Writes an event time in a zone: `2025-11-19 10:04:10`. */
export function sayTime(ts: number, zone: Zone): string {
  return `${formatTradeDate(zonedDate(zone, ts))} ${formatZoned(zone, ts)}`;
}

/** A timer's event as people say it: `after 20 min`; other events stay. */
export function sayEvent(event: string): string {
  const delay = /^after (\d+)$/.exec(event);
  return delay ? `after ${lengthOfTime(Number(delay[1]) * 1_000)}` : event;
}

const sentence: Readonly<Record<WhyAnswer['verdict'], string>> = {
  fired: 'it was taken',
  'guard-blocked': 'the event came and a guard did not hold',
  shadowed: 'the event came and another transition won',
  'not-listening': 'the machine was in a state that does not listen for it',
  'never-arrived': 'the event never came',
  'late-dropped': 'the record came late and the in-port refuses late records',
  'gate-vetoed': 'the risk gate refused it',
  error: 'the node threw and was taken out of the flow',
  'node-paused': 'the node had been taken out of the flow before',
};

function timerLine({ text, at, due }: UpstreamCause, zone: Zone): string {
  const set = at === undefined ? '' : `; set at ${formatZoned(zone, at)}`;
  return `${text}${set}${due === undefined ? '' : `, due at ${formatZoned(zone, due)}`}`;
}

/** Says a probe's reading: `volumeAtPrice reached 380 contracts of 400 needed`. */
export function sayReading(raw: Reading, { instrument }: SayOptions): string {
  const { probe, value, needed, unit } = edgeProbe(raw, instrument);
  const limit = unit === 'us' || unit === 'share' ? amount(needed, unit) : String(round(needed));
  return `${probe} reached ${amount(value, unit)} of ${limit} needed`;
}

/** Says in a line who withheld an event, with what was reached and when. */
export function sayCause(cause: UpstreamCause, options: SayOptions): string {
  const { zone } = options;
  if (cause.kind === 'timer') return timerLine(cause, zone);
  const when = cause.at === undefined ? '' : ` (${formatZoned(zone, cause.at)})`;
  const { probe, value, needed, unit } = cause;
  if (probe === undefined || value === undefined || needed === undefined || unit === undefined)
    return `${cause.text}${when}`;
  return `${cause.text}: ${sayReading({ probe, value, needed, unit }, options)}${when}`;
}

function sayUpstream({ upstream }: WhyAnswer, options: SayOptions): string[] {
  if (!upstream) return [];
  const { path, leaves = [] } = upstream;
  return [
    ...(path.length > 1 ? [`wires    ${path.join(' <- ')}`] : []),
    `upstream ${sayCause(upstream, options)}`,
    ...leaves.map((leaf) => `  ${sayLeaf(leaf, options)}`),
  ];
}

/** Says what a verdict means. */
export function sayVerdict(verdict: WhyAnswer['verdict']): string {
  return sentence[verdict];
}

/** Says an answer in plain lines for a terminal: the verdict first, then what it was read from. */
export function sayWhy(answer: WhyAnswer, options: SayOptions): string[] {
  const {
    verdict,
    node,
    state,
    transition,
    target,
    at,
    seq,
    why,
    winner,
    error,
    listensIn,
    route,
  } = answer;
  const step = seq === null ? '' : ` (macrostep ${seq})`;
  return [
    `${verdict}: ${sayVerdict(verdict)}`,
    ...(at === null ? [] : [`when     ${sayTime(at, options.zone)}${step}`]),
    `node     ${node}, in state ${state === '' ? '(not started)' : state}`,
    `asked    ${transition}${target === null ? '' : ` -> ${target}`}${why === null ? '' : `: ${why}`}`,
    ...answer.leaves.map((leaf) => sayLeaf(leaf, options)),
    ...(verdict === 'not-listening' ? [`listens  in ${listensIn.join(', ')}`] : []),
    ...(route.length === 0 ? [] : [`way      ${route.join(', then ')}`]),
    ...(winner === null ? [] : [`taken    ${winner}`]),
    ...(error === null ? [] : [`error    ${error.replace(/\s+/g, ' ')}`]),
    ...sayUpstream(answer, options),
  ];
}
