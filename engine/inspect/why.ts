import type { Leaf } from '../contracts/evidence.ts';
import { type DeadLetter, type JournalRecord, lateDropped } from '../contracts/journal.ts';
import { shortfall } from '../contracts/shortfall.ts';
import { OrderflowError } from '../errors.ts';
import { parseDuration } from '../flow/parse-duration.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { isAskedBy, isInState, isWithin, takesEvent } from './event-match.ts';
import { blockingLeaves, inRange, leastOf, type WhyData, type WhyQuestion } from './question.ts';
import { routeTo } from './route.ts';
import { timerCause, type UpstreamCause, upstreamOf } from './upstream.ts';

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
  /** The transition the answer is about. */
  readonly transition: string;
  readonly target: string | null;
  readonly why: string | null;
  /** When it was decided; null when nothing happened. */
  readonly at: number | null;
  /** Macrostep that decided it; null when nothing happened. */
  readonly seq: number | null;
  /** State of the machine when it was decided, or at the end of the range; empty before its first event. */
  readonly state: string;
  /** Guard leaves as evaluated, in order; those that did not hold are what blocked. */
  readonly leaves: readonly Leaf[];
  /** States in which the machine would have listened. */
  readonly listensIn: readonly string[];
  /** For `not-listening`: transitions that would lead there, in order, by id; empty where none do. */
  readonly route: readonly string[];
  /** For `shadowed`: the transition that won. */
  readonly winner: string | null;
  /** For `never-arrived`: who withheld it, and by how much. */
  readonly upstream: UpstreamCause | null;
  /** For `error` and `node-paused`: what was thrown. */
  readonly error: string | null;
}

/**
 * Returns the transitions of a node.
 *
 * @throws {OF_WHY_NODE} when no node of the name has a machine.
 */
export function transitionsOfNode(
  { transitions }: Pick<WhyData, 'transitions'>,
  node: string,
): readonly TransitionInfo[] {
  const all = transitions.get(node);
  if (all) return all;
  const known = [...transitions.keys()];
  throw new OrderflowError('OF_WHY_NODE', {
    node,
    nearest: nearestName(node, known) ?? 'none',
    nodes: known.join(', '),
  });
}

/** A timer's event may be written as in a flow: `after 20m`. */
function eventName(text: string): string {
  const micros = text.startsWith('after ') ? parseDuration(text.slice('after '.length)) : null;
  return micros === null ? text : `after ${micros / 1_000}`;
}

function askedOf(all: readonly TransitionInfo[], q: WhyQuestion): readonly TransitionInfo[] {
  const { transition } = q;
  const event = eventName(q.event ?? '');
  const isAsked = (t: TransitionInfo): boolean => {
    if (transition !== undefined) return t.id === transition;
    return t.kind === 'event' ? takesEvent(t.event, event) : t.event === event;
  };
  const found = all.filter(isAsked);
  if (found.length > 0) return found;
  const known = [...new Set(all.map((t) => (transition === undefined ? t.event : t.id)))];
  const asked = transition ?? event;
  const nearest = nearestName(asked, known) ?? 'none';
  throw new OrderflowError('OF_WHY_TRANSITION', {
    node: q.node,
    asked,
    nearest,
    known: known.join(', '),
  });
}

/** What one answer is put together from. */
interface Inquiry {
  readonly data: WhyData;
  readonly question: WhyQuestion;
  readonly all: readonly TransitionInfo[];
  /** The transitions asked about. */
  readonly infos: readonly TransitionInfo[];
  /** Macrosteps of the node inside the range. */
  readonly records: readonly JournalRecord[];
  /** State at the end of the range. */
  readonly state: string;
}

type Partial = { readonly [K in keyof WhyAnswer]?: WhyAnswer[K] };

function answerOf(
  inquiry: Inquiry,
  verdict: Verdict,
  info: TransitionInfo | undefined,
  rest: Partial,
): WhyAnswer {
  const { question, infos, state } = inquiry;
  const about = info ?? infos[0];
  return {
    verdict,
    node: question.node,
    transition: about?.id ?? '',
    target: about?.target ?? null,
    why: about?.why ?? null,
    at: null,
    seq: null,
    state,
    leaves: [],
    listensIn: [...new Set(infos.map((t) => t.source))],
    route: [],
    winner: null,
    upstream: null,
    error: null,
    ...rest,
  };
}

function decided(
  inquiry: Inquiry,
  verdict: Verdict,
  record: JournalRecord,
  info: TransitionInfo | undefined,
  rest: Partial,
): WhyAnswer {
  return answerOf(inquiry, verdict, info, {
    at: record.ts,
    seq: record.seq,
    state: record.from,
    ...rest,
  });
}

/** Fired is what XState took; it is never derived again. */
function fired(inquiry: Inquiry): WhyAnswer | null {
  const { infos, records } = inquiry;
  const byId = new Map(infos.map((info) => [info.id, info]));
  const record = records.findLast(({ taken }) => taken.some((id) => byId.has(id)));
  const id = record?.taken.find((taken) => byId.has(taken));
  if (!record || id === undefined) return null;
  const candidate = record.explain?.find((c) => c.transition === id && c.verdict === 'fired');
  return decided(inquiry, 'fired', record, byId.get(id), { leaves: candidate?.leaves ?? [] });
}

/** A guard was asked and said no, or said yes and another transition won: as it was recorded. */
function refused(inquiry: Inquiry): WhyAnswer | null {
  const byId = new Map(inquiry.infos.map((info) => [info.id, info]));
  const found = inquiry.records.flatMap((record) =>
    (record.explain ?? [])
      .filter((c) => byId.has(c.transition))
      .map((candidate) => ({ record, candidate, info: byId.get(candidate.transition) })),
  );
  const blocked = found.filter((f) => f.candidate.verdict === 'guard-blocked');
  const nearest = leastOf(blocked, (f) => shortfall(blockingLeaves(f.candidate, f.info?.guard)));
  if (nearest) {
    const { record, candidate, info } = nearest;
    return decided(inquiry, 'guard-blocked', record, info, {
      leaves: blockingLeaves(candidate, info?.guard),
    });
  }
  const beaten = found.findLast((f) => f.candidate.verdict === 'shadowed');
  if (!beaten) return null;
  const { record, candidate, info } = beaten;
  const winner = winnerOver(inquiry, record, info) ?? record.taken[0] ?? null;
  return decided(inquiry, 'shadowed', record, info, { leaves: candidate.leaves, winner });
}

/** Returns whether two transitions of one macrostep were candidates of the same moment. */
function isRival(record: JournalRecord, info: TransitionInfo, other: TransitionInfo): boolean {
  if (info.kind === 'always' || other.kind === 'always') return info.kind === other.kind;
  // A raised event is not the one the macrostep began with, but has one name in both.
  if (info.kind === 'event' && other.event === info.event) return true;
  return isAskedBy(record, info) && isAskedBy(record, other);
}

/** The transition that was taken in place of `info`: an earlier candidate, one of a state inside, or one of another region. */
function winnerOver(
  { all }: Inquiry,
  record: JournalRecord,
  info: TransitionInfo | undefined,
): string | null {
  if (!info) return null;
  const rivals = record.taken.flatMap(
    (id) => all.find((t) => t.id === id && isRival(record, info, t)) ?? [],
  );
  const inner = rivals.find((t) => isWithin(t.source, info.source));
  if (inner) return inner.id;
  const isListening = isInState(record.from, info.source) && isAskedBy(record, info);
  return isListening ? (rivals[0]?.id ?? null) : null;
}

/** Without explanations a guard that said no left nothing to read: better no answer than a guess. */
function assertExplained({ question, infos, records }: Inquiry): void {
  const guarded = infos.filter((info) => info.guard !== null);
  const isSilent = (r: JournalRecord): boolean =>
    r.explain === undefined &&
    r.guards !== '' &&
    guarded.some((t) => isAskedBy(r, t) && isInState(r.from, t.source));
  const silent = records.find(isSilent);
  if (silent)
    throw new OrderflowError('OF_WHY_UNEXPLAINED', { node: question.node, seq: silent.seq });
}

/** The event came and no guard of ours was asked: another transition won, or the state does not listen. */
function unasked(inquiry: Inquiry): WhyAnswer | null {
  const { infos, records, all } = inquiry;
  for (const record of records.toReversed()) {
    for (const info of infos) {
      const winner = winnerOver(inquiry, record, info);
      if (winner !== null) return decided(inquiry, 'shadowed', record, info, { winner });
    }
  }
  const last = records.findLast((record) => infos.some((info) => isAskedBy(record, info)));
  if (!last) return null;
  const info = infos.find((candidate) => isAskedBy(last, candidate));
  return decided(inquiry, 'not-listening', last, info, { route: routeTo(all, last.from, infos) });
}

/** The node threw, in the range or before it. */
function quarantined(inquiry: Inquiry): WhyAnswer | null {
  const { data, question } = inquiry;
  const letter: DeadLetter | undefined = data
    .deadLetters(question.node)
    .find((l) => l.policy !== 'skip' && l.ts <= question.to);
  if (!letter) return null;
  const verdict = letter.ts >= question.from ? 'error' : 'node-paused';
  return answerOf(inquiry, verdict, undefined, {
    at: letter.ts,
    seq: letter.seq,
    error: letter.error,
  });
}

/** The event never came: a late record was refused, the machine waits for nothing, or somebody upstream withheld it. */
function neverCame(inquiry: Inquiry): WhyAnswer {
  const { data, question, infos, all, state } = inquiry;
  const isTaken = (port: string): boolean =>
    infos.some((t) => t.kind === 'event' && takesEvent(t.event, port));
  const dropped = data
    .probes(question.node)
    .filter(inRange(question))
    .find(
      (p) => p.probe.startsWith(lateDropped('')) && isTaken(p.probe.slice(lateDropped('').length)),
    );
  if (dropped) return answerOf(inquiry, 'late-dropped', undefined, { at: dropped.ts });
  const timers = infos.filter((t) => t.kind === 'after');
  const running = timers.length > 0 ? timerCause(data, question, timers) : null;
  if (running) return answerOf(inquiry, 'never-arrived', undefined, { upstream: running });
  const isWaiting = infos.some(
    (t) => t.kind === 'event' || (t.kind === 'always' && isInState(state, t.source)),
  );
  if (!isWaiting)
    return answerOf(inquiry, 'not-listening', undefined, { route: routeTo(all, state, infos) });
  return answerOf(inquiry, 'never-arrived', undefined, {
    upstream: upstreamOf(data, question, isTaken),
  });
}

/**
 * Answers why a transition did or did not fire in a range of event time, from what was recorded.
 *
 * With several transitions or moments the answer is the strongest: fired, else what stopped the node, else the nearest miss.
 *
 * @throws {OF_WHY_NODE} when the node has no machine.
 * @throws {OF_WHY_TRANSITION} when the machine has no such transition or event.
 * @throws {OF_WHY_UNEXPLAINED} when the journal was written without explanations and they are needed.
 */
export function why(data: WhyData, question: WhyQuestion): WhyAnswer {
  const all = transitionsOfNode(data, question.node);
  const journal = data.journal(question.node);
  const inquiry: Inquiry = {
    data,
    question,
    all,
    infos: askedOf(all, question),
    records: journal.filter(inRange(question)),
    state: journal.findLast((r) => r.ts <= question.to)?.to ?? journal[0]?.from ?? '',
  };
  const answer = fired(inquiry) ?? quarantined(inquiry) ?? refused(inquiry);
  if (answer) return answer;
  assertExplained(inquiry);
  return unasked(inquiry) ?? neverCame(inquiry);
}
