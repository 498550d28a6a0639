import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate, JournalRecord, ProbeReading } from '../contracts/journal.ts';
import { isNearMiss, shortfall } from '../contracts/shortfall.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { EdgeCounts, type TransitionCount } from './edge-counts.ts';
import { blockingLeaves, inRange, type WhyData } from './question.ts';
import { transitionsOfNode } from './why.ts';

/** A candidate that a guard held back. */
export interface Refusal {
  readonly info: TransitionInfo;
  readonly at: number;
  readonly seq: number;
  /** How near: from 0, a hair's breadth, to 1. */
  readonly shortfall: number;
  readonly leaves: readonly Leaf[];
}

/** What a node did in a range of event time. */
export interface NodeSummary {
  readonly node: string;
  /** State at the end of the range. */
  readonly state: string;
  /** Since when it is in that state; null when it was so before the range. */
  readonly since: number | null;
  readonly macrosteps: number;
  /** Events that came while no transition listened for them: how many, by name in the order of their first. */
  readonly unheard: Readonly<Record<string, number>>;
  readonly transitions: readonly TransitionCount[];
  /** Every candidate that was held back, the nearest first; of equals the latest. */
  readonly refusals: readonly Refusal[];
  /** Those of them in which little was missing, as {@link isNearMiss} says. */
  readonly nearMisses: readonly Refusal[];
  /** The largest reading of each of the sensor's probes. */
  readonly probes: readonly ProbeReading[];
}

function countsOf(
  infos: readonly TransitionInfo[],
  records: readonly JournalRecord[],
): readonly TransitionCount[] {
  const counts = new EdgeCounts(infos);
  for (const record of records) counts.take(record);
  return counts.all;
}

function refusalsOf(
  infos: readonly TransitionInfo[],
  records: readonly JournalRecord[],
): Refusal[] {
  const byId = new Map(infos.map((info) => [info.id, info]));
  const refusalOf = ({ ts, seq }: JournalRecord, candidate: Candidate): Refusal[] => {
    const info = byId.get(candidate.transition);
    if (!info || candidate.verdict !== 'guard-blocked') return [];
    const leaves = blockingLeaves(candidate, info.guard);
    return [{ info, at: ts, seq, shortfall: shortfall(leaves), leaves }];
  };
  const refusals = records.flatMap((record) =>
    (record.explain ?? []).flatMap((candidate) => refusalOf(record, candidate)),
  );
  const missed = ({ leaves }: Refusal): number => leaves.filter((leaf) => !leaf.ok).length;
  return refusals.sort(
    (a, b) => a.shortfall - b.shortfall || missed(a) - missed(b) || b.seq - a.seq,
  );
}

function unheardIn(records: readonly JournalRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event, taken, explain = [], guards } of records) {
    const isHeard =
      taken.length > 0 || explain.length > 0 || guards !== '' || event.type === '@init';
    if (!isHeard) counts[event.type] = (counts[event.type] ?? 0) + 1;
  }
  return counts;
}

/** Evidence of refused records is kept among the probes under names with a colon. */
function largestReadings(probes: readonly ProbeReading[]): ProbeReading[] {
  const best = new Map<string, ProbeReading>();
  for (const probe of probes) {
    const seen = best.get(probe.probe);
    if (!probe.probe.includes(':') && (!seen || probe.value > seen.value))
      best.set(probe.probe, probe);
  }
  return [...best.values()];
}

/**
 * Sums up what a node did in a range of event time, from what was recorded.
 *
 * @param range - Microseconds, both ends included.
 * @throws {OF_WHY_NODE} when the node has no machine.
 */
export function summaryOf(
  data: WhyData,
  node: string,
  range: { readonly from: number; readonly to: number },
): NodeSummary {
  const infos = transitionsOfNode(data, node);
  const isInside = inRange({ node, ...range });
  const journal = data.journal(node).filter(({ ts }) => ts <= range.to);
  const records = journal.filter(isInside);
  const state = journal.at(-1)?.to ?? '';
  const refusals = refusalsOf(infos, records);
  const entered = records.findLastIndex(({ to, from }) => to === state && from !== state);
  return {
    node,
    state,
    since: entered < 0 ? null : (records[entered]?.ts ?? null),
    macrosteps: records.length,
    unheard: unheardIn(records),
    transitions: countsOf(infos, records),
    refusals,
    nearMisses: refusals.filter(({ leaves }) => isNearMiss(leaves)),
    probes: largestReadings(data.probes(node).filter(isInside)),
  };
}
