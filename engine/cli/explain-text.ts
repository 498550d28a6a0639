import type { Leaf } from '../contracts/evidence.ts';
import type { ProbeReading } from '../contracts/journal.ts';
import type { TransitionCount } from '../inspect/edge-counts.ts';
import { edgeLeaf, edgeProbe, edgeUpstream } from '../inspect/edge-evidence.ts';
import { type SayOptions, sayLeaf, sayReading, sayTime, sayWhy } from '../inspect/say-why.ts';
import type { NodeSummary, Refusal } from '../inspect/summary.ts';
import type { WhyAnswer } from '../inspect/why.ts';
import { formatUtc, formatZoned } from '../market/time.ts';
import { alignColumns, cutLine, wrapWords } from './text-table.ts';

/** What an explanation is about. */
export interface Subject extends SayOptions {
  readonly flow: string;
  readonly from: number;
  readonly to: number;
  readonly columns: number;
}

const mostMisses = 8;
/** Misses shown of one transition. */
const mostAlike = 3;
const labelWidth = 9;

/** Breaks a line that is wider than the terminal; what follows stands below its text. */
function fold(line: string, columns: number, hang = labelWidth): string[] {
  if (line.length <= columns) return [line];
  // The label and the indentation are no words.
  const head = line.slice(0, hang);
  return wrapWords(line.slice(hang), Math.max(20, columns - hang)).map(
    (part, i) => `${i === 0 ? head : ' '.repeat(hang)}${part}`,
  );
}

function headOf({ flow, instrument, from, to, zone }: Subject): string {
  return `${flow} on ${instrument.symbol}, ${sayTime(from, zone)} to ${sayTime(to, zone)}`;
}

/** Returns an answer as text. */
export function answerText(answer: WhyAnswer, subject: Subject): string {
  const lines = sayWhy(answer, subject).flatMap((line, i) =>
    i === 0 ? [line] : fold(line, subject.columns),
  );
  return `${[headOf(subject), '', ...lines].join('\n')}\n`;
}

function countRow(
  { info, fired, blocked, shadowed, lastFired }: TransitionCount,
  { zone }: Subject,
): string[] {
  const last = lastFired === null ? '' : formatZoned(zone, lastFired);
  const where = info.target === null ? '' : `-> ${info.target}`;
  return [
    `  ${info.id}`,
    String(fired),
    String(blocked),
    String(shadowed),
    last,
    info.why === null ? where : `${where} ${info.why}`.trim(),
  ];
}

function missLines({ info, at, leaves }: Refusal, subject: Subject): string[] {
  const held = leaves.filter((leaf) => leaf.ok).length;
  const missed = leaves.filter((leaf) => !leaf.ok);
  const others = held === 0 ? '' : `; ${held} other${held === 1 ? '' : 's'} held`;
  return [
    `  ${sayTime(at, subject.zone)}  ${info.id}`,
    ...missed.flatMap((leaf, i) =>
      fold(
        `    ${sayLeaf(leaf, subject)}${i === missed.length - 1 ? others : ''}`,
        subject.columns,
        4 + labelWidth,
      ),
    ),
  ];
}

/** The nearest misses, of each transition a few only. */
function chosenMisses(misses: readonly Refusal[]): readonly Refusal[] {
  const seen = new Map<string, number>();
  const chosen = misses.filter(({ info: { id } }) => {
    const count = seen.get(id) ?? 0;
    seen.set(id, count + 1);
    return count < mostAlike;
  });
  return chosen.slice(0, mostMisses);
}

function unheardLine({ unheard }: NodeSummary): string[] {
  const counts = Object.entries(unheard).map(([event, count]) => `${event} (${count})`);
  return counts.length === 0 ? [] : [`  not listened to: ${counts.join(', ')}`];
}

function probeLine(probe: ProbeReading, subject: Subject): string {
  return `  ${sayReading(probe, subject)} at ${sayTime(probe.ts, subject.zone)}`;
}

/** Lists the transitions something became of; the others are counted. */
function countLines(counts: readonly TransitionCount[], subject: Subject): string[] {
  const heard = counts.filter(({ fired, blocked, shadowed }) => fired + blocked + shadowed > 0);
  const others = counts.length - heard.length;
  const heading = ['  transition', 'fired', 'blocked', 'shadowed', 'last', ''];
  const table =
    heard.length === 0
      ? []
      : alignColumns([heading, ...heard.map((count) => countRow(count, subject))], [1, 2, 3]);
  return [
    ...table.map((line) => cutLine(line, subject.columns)),
    ...(others === 0
      ? []
      : [
          `  ${others} ${heard.length === 0 ? '' : 'other '}transition${others === 1 ? '' : 's'}: neither taken nor asked`,
        ]),
  ];
}

/** Returns a summary as text: each transition with its counts, the nearest misses, the sensor's largest readings. */
export function summaryText(summary: NodeSummary, subject: Subject): string {
  const { node, state, since, macrosteps, transitions, nearMisses, refusals, probes } = summary;
  const where =
    state === ''
      ? 'not started'
      : `in state ${state}${since === null ? '' : ` since ${sayTime(since, subject.zone)}`}`;
  const misses = chosenMisses(nearMisses);
  const readings = probes.filter(({ value, needed }) => value !== 0 || needed !== 0);
  const more = refusals.length - misses.length;
  return [
    headOf(subject),
    `${node}: ${where}, ${macrosteps} macrosteps`,
    '',
    ...countLines(transitions, subject),
    ...unheardLine(summary).flatMap((line) => fold(line, subject.columns, 4)),
    '',
    `Near misses${misses.length === 0 ? ': none' : ', the nearest first'}`,
    ...misses.flatMap((miss) => missLines(miss, subject)),
    ...(more > 0
      ? [
          `  ${more} ${misses.length === 0 ? '' : 'other '}refusal${more === 1 ? '' : 's'}; --json has all of them`,
        ]
      : []),
    ...(readings.length === 0
      ? []
      : [
          '',
          'Largest readings of its sensor',
          ...readings.map((probe) => probeLine(probe, subject)),
        ]),
    '',
  ].join('\n');
}

const edgeLeaves = (leaves: readonly Leaf[], { instrument }: Subject): readonly Leaf[] =>
  leaves.map((leaf) => edgeLeaf(leaf, instrument));

function rangeJson({ flow, instrument, from, to }: Subject) {
  return {
    flow,
    instrument: instrument.symbol,
    from,
    to,
    fromTime: formatUtc(from),
    toTime: formatUtc(to),
  };
}

/** Returns an answer as the object that `--json` prints: prices as decimals, times in microseconds UTC. */
export function answerJson(answer: WhyAnswer, subject: Subject): unknown {
  const upstream = edgeUpstream(answer.upstream, subject.instrument);
  return {
    ...rangeJson(subject),
    ...answer,
    leaves: edgeLeaves(answer.leaves, subject),
    upstream,
    text: sayWhy(answer, subject),
  };
}

/** Returns a summary as the object that `--json` prints. */
export function summaryJson(
  { transitions, nearMisses, refusals, probes, ...summary }: NodeSummary,
  subject: Subject,
): unknown {
  const refusal = ({ info, leaves, ...miss }: Refusal) => ({
    transition: info.id,
    ...miss,
    leaves: edgeLeaves(leaves, subject),
  });
  return {
    ...rangeJson(subject),
    ...summary,
    transitions: transitions.map(({ info, ...counts }) => ({ ...info, ...counts })),
    nearMisses: nearMisses.map(refusal),
    refusals: refusals.map(refusal),
    probes: probes.map((probe) => edgeProbe(probe, subject.instrument)),
  };
}
