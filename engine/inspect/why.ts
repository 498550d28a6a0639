import type { Leaf } from '../contracts/evidence.ts';
import { type Candidate, type JournalRecord, lateDropped } from '../contracts/journal.ts';
import { OrderflowError } from '../errors.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { inRange, shortfall, type WhyData, type WhyQuestion } from './question.ts';
import { upstreamOf, type UpstreamCause } from './upstream.ts';

/** Every answer to "why did this (not) fire": a closed set. */
export type Verdict =
  | 'fired'
  | 'guard-blocked'
  | 'shadowed'
  | 'not-listening'
  | 'never-arrived'
  | 'late-dropped'
  | 'gate-vetoed'
  | 'error'
  | 'node-paused';

/** The answer, with everything it was read from. */
export interface WhyAnswer {
  readonly verdict: Verdict;
  readonly node: string;
  /** The transition the answer is about; null when none of that event exists. */
  readonly transition: string | null;
  readonly why: string | null;
  /** When it was decided; null when nothing happened. */
  readonly at: number | null;
  /** Macrostep that decided it; null when nothing happened. */
  readonly seq: number | null;
  /** State of the machine when it was decided, or at the end of the range. */
  readonly state: string;
  /** Guard leaves as evaluated, in order; those that did not hold are what blocked. */
  readonly leaves: readonly Leaf[];
  /** States in which the machine would have listened. */
  readonly listensIn: readonly string[];
  /** For `shadowed`: the transition that won. */
  readonly winner: string | null;
  /** For `never-arrived`: who withheld it, and by how much. */
  readonly upstream: UpstreamCause | null;
  /** For `error`: what was thrown. */
  readonly error: string | null;
}

function isActive(state: string, path: string): boolean {
  return path === '(root)' || state.split(',').some((part) => part === path || part.startsWith(`${path}.`));
}

/** The event name of a journal record as transitions name it. */
function eventOf(record: JournalRecord): string {
  const after = /^xstate\.after\.([^.]+)\./.exec(record.event.type);
  return after ? `after ${after[1]}` : record.event.type;
}

function asked(data: WhyData, q: WhyQuestion): readonly TransitionInfo[] {
  const all = data.transitions.get(q.node);
  if (!all) throw new OrderflowError('OF_WHY_NODE', { node: q.node, nodes: [...data.transitions.keys()].join(', ') });
  const found = all.filter((t) => (q.transition === undefined ? t.event === q.event : t.id === q.transition));
  if (found.length > 0) return found;
  const known = [...new Set(all.map((t) => (q.transition === undefined ? t.event : t.id)))];
  throw new OrderflowError('OF_WHY_TRANSITION', { node: q.node, asked: q.transition ?? q.event ?? '', known: known.join(', ') });
}

interface Found {
  readonly record: JournalRecord;
  readonly candidate: Candidate;
}

function candidatesOf(records: readonly JournalRecord[], ids: ReadonlySet<string>): Found[] {
  return records.flatMap((record) =>
    (record.explain ?? []).filter((c) => ids.has(c.transition)).map((candidate) => ({ record, candidate })),
  );
}

type Base = Omit<WhyAnswer, 'verdict'>;

function decided(base: Base, verdict: Verdict, record: JournalRecord, id: string, infos: readonly TransitionInfo[], leaves: readonly Leaf[]): WhyAnswer {
  return {
    ...base,
    verdict,
    transition: id,
    why: infos.find((t) => t.id === id)?.why ?? null,
    at: record.ts,
    seq: record.seq,
    state: record.from,
    leaves,
  };
}

/** The event came: what became of it. Fired is what XState took; the rest is read from what was recorded. */
function fromRecords(records: readonly JournalRecord[], infos: readonly TransitionInfo[], base: Base): WhyAnswer | null {
  const ids = new Set(infos.map((t) => t.id));
  const found = candidatesOf(records, ids);
  const fired = records.findLast((record) => record.taken.some((id) => ids.has(id)));
  if (fired) {
    const id = fired.taken.find((taken) => ids.has(taken)) ?? '';
    const leaves = found.find((f) => f.record === fired && f.candidate.transition === id && f.candidate.verdict === 'fired')?.candidate.leaves;
    return decided(base, 'fired', fired, id, infos, leaves ?? []);
  }
  const blocked = found.filter((f) => f.candidate.verdict === 'guard-blocked');
  const nearest = blocked.reduce<Found | null>((best, f) => (best && shortfall(best.candidate.leaves) < shortfall(f.candidate.leaves) ? best : f), null);
  if (nearest) return decided(base, 'guard-blocked', nearest.record, nearest.candidate.transition, infos, nearest.candidate.leaves);
  const shadowed = found.find((f) => f.candidate.verdict === 'shadowed');
  if (shadowed) {
    const answer = decided(base, 'shadowed', shadowed.record, shadowed.candidate.transition, infos, shadowed.candidate.leaves);
    return { ...answer, winner: shadowed.record.taken[0] ?? null };
  }
  return unasked(records, infos, base);
}

/** The event came and no guard of ours was asked: an earlier candidate or a child state won, or the state does not listen. */
function unasked(records: readonly JournalRecord[], infos: readonly TransitionInfo[], base: Base): WhyAnswer | null {
  const last = records.findLast((record) => infos.some((t) => t.event === eventOf(record)));
  if (!last) return null;
  const active = infos.find((t) => isActive(last.from, t.source));
  if (active && last.taken.length > 0) {
    return { ...decided(base, 'shadowed', last, active.id, infos, []), winner: last.taken[0] ?? null };
  }
  return decided(base, 'not-listening', last, infos[0]?.id ?? '', infos, []);
}

/** The node threw, in the range or before it. */
function quarantined(data: WhyData, question: WhyQuestion, base: Base): WhyAnswer | null {
  const letter = data.deadLetters(question.node).find((l) => l.ts <= question.to);
  if (!letter) return null;
  const verdict = letter.ts >= question.from ? 'error' : 'node-paused';
  return { ...base, verdict, at: letter.ts, seq: letter.seq, error: letter.error };
}

/** The event never came: a late record was refused, the machine waits for nothing, or somebody upstream withheld it. */
function neverCame(data: WhyData, question: WhyQuestion, infos: readonly TransitionInfo[], base: Base): WhyAnswer {
  const ports = [...new Set(infos.map((t) => t.event))];
  const names = new Set(ports.map(lateDropped));
  const dropped = data.probes(question.node).filter(inRange(question)).find((p) => names.has(p.probe));
  if (dropped) return { ...base, verdict: 'late-dropped', at: dropped.ts };
  const isTimer = infos.every((t) => t.kind !== 'event');
  if (isTimer && !infos.some((t) => isActive(base.state, t.source))) return { ...base, verdict: 'not-listening' };
  return { ...base, verdict: 'never-arrived', upstream: upstreamOf(data, question, ports) };
}

/**
 * Answers why a transition did or did not fire in a range of event time, from what was recorded.
 *
 * With several transitions or moments the answer is the strongest: fired, else the nearest miss.
 *
 * @throws {OF_WHY_NODE} when the node has no machine. @throws {OF_WHY_TRANSITION} when the machine has no such transition.
 */
export function why(data: WhyData, question: WhyQuestion): WhyAnswer {
  const infos = asked(data, question);
  const [first] = infos;
  const records = data.journal(question.node);
  const last = records.findLast((r) => r.ts <= question.to) ?? records[0];
  const base: Base = {
    node: question.node,
    transition: first?.id ?? null,
    why: first?.why ?? null,
    at: null,
    seq: null,
    state: last?.to ?? '',
    leaves: [],
    listensIn: [...new Set(infos.map((t) => t.source))],
    winner: null,
    upstream: null,
    error: null,
  };
  const answer = fromRecords(records.filter(inRange(question)), infos, base);
  if (answer?.verdict === 'fired') return answer;
  return quarantined(data, question, base) ?? answer ?? neverCame(data, question, infos, base);
}
