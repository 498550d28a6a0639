import type { Leaf } from '../contracts/evidence.ts';
import { type JournalRecord, type ProbeReading, whereRefused } from '../contracts/journal.ts';
import { shortfall } from '../contracts/shortfall.ts';
import type { GraphNode, Wire } from '../flow/graph.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { isInState } from './event-match.ts';
import { blockingLeaves, inRange, leastOf, type WhyData, type WhyQuestion } from './question.ts';

/** Who withheld an event that never arrived. */
export interface UpstreamCause {
  readonly node: string;
  /**
   * What it would have come from: a sensor's threshold, a guard, a wire's filter, a calendar time, a topic, the machine's
   * own timer; `silent` when nothing upstream had anything to say, `error` when a node upstream was taken out of the flow.
   */
  readonly kind: 'probe' | 'guard' | 'where' | 'schedule' | 'topic' | 'timer' | 'error' | 'silent';
  /** Ports from the one asked about to the one that stayed silent: `strategy.absorb`, `absorb.signal`. */
  readonly path: readonly string[];
  /** For `probe`: the sensor's threshold that was not reached, with the largest value in the range. */
  readonly probe?: string;
  readonly value?: number;
  readonly needed?: number;
  readonly unit?: string;
  /** For `guard`: the nearest blocked transition of the upstream machine and its leaves; for `timer`: what cancelled it; for `silent`: what it took last. */
  readonly transition?: string;
  readonly leaves?: readonly Leaf[];
  /** When it was decided; for `timer` when it was set. */
  readonly at?: number;
  /** For `timer`: when it is or was due. */
  readonly due?: number;
  /** In plain words, without numbers. */
  readonly text: string;
}

const deepest = 6;

/** A probe window that ends within a minute after the range holds maxima reached inside it. */
const windowUs = 60_000_000;

/** Ports and senses by name. */
type Takes = (port: string) => boolean;

/** Which of a sensor's probes hold back what is asked about. */
interface Withholding {
  readonly holds: (probe: string) => boolean;
  /** False where the plugin does not tell and there is more than one port: then it may be any probe, or none. */
  readonly isTold: boolean;
}

function withholdingOf(plugin: AnyProcessor | undefined, takes: Takes): Withholding {
  const { sensor, senses = {}, out = {} } = plugin ?? {};
  const { withholds } = sensor ?? {};
  if (withholds) return { holds: (probe) => withholds[probe]?.some(takes) ?? false, isTold: true };
  const kin = Object.keys(Object.keys(senses).some(takes) ? senses : out);
  return { holds: () => true, isTold: kin.length < 2 };
}

/** The threshold its sensor came nearest to without reaching it; reached thresholds are not what withheld. */
function nearestProbe(
  data: WhyData,
  node: string,
  question: WhyQuestion,
  { holds }: Withholding,
): ProbeReading | null {
  const best = new Map<string, ProbeReading>();
  for (const probe of data.probes(node)) {
    if (probe.ts < question.from || probe.ts > question.to + windowUs || probe.probe.includes(':'))
      continue;
    if (!holds(probe.probe)) continue;
    const seen = best.get(probe.probe);
    if (!seen || probe.value > seen.value) best.set(probe.probe, probe);
  }
  const missed = [...best.values()].filter((probe) => probe.value <= probe.needed);
  return leastOf(
    missed,
    ({ value, needed }) => 1 - value / Math.max(Math.abs(needed), Number.MIN_VALUE),
  );
}

/** One walk up the wires. */
class Walk {
  private readonly data: WhyData;
  private readonly question: WhyQuestion;
  private readonly path: string[] = [];

  constructor(data: WhyData, question: WhyQuestion) {
    this.data = data;
    this.question = question;
  }

  wire(wire: Wire, consumer: string): UpstreamCause {
    const { origin } = wire;
    this.path.push(`${consumer}.${wire.port}`);
    if (origin.kind === 'schedule') {
      return this.cause(
        consumer,
        'schedule',
        `it is timed for ${origin.at}, which lies outside the time asked about`,
      );
    }
    if (origin.kind === 'topic')
      return this.cause(consumer, 'topic', `nothing was written to topic '${origin.topic}'`);
    if (origin.kind === 'market')
      return this.cause(consumer, 'silent', 'a market port brings no events');
    this.path.push(`${origin.node}.${origin.port}`);
    const refused = this.data
      .probes(consumer)
      .filter(inRange(this.question))
      .find((p) => p.probe === whereRefused(wire.port));
    if (refused) {
      const text = `'${origin.node}' sent it and the wire's \`where\` did not take it`;
      return { ...this.cause(consumer, 'where', text), at: refused.ts };
    }
    return this.node(origin.node, (port) => port === origin.port);
  }

  node(id: string, takes: Takes): UpstreamCause {
    const letter = this.data.deadLetters(id).find((l) => l.ts <= this.question.to);
    if (letter)
      return {
        ...this.cause(
          id,
          'error',
          `'${id}' was taken out of the flow: ${letter.error.replace(/\s+/g, ' ')}`,
        ),
        at: letter.ts,
      };
    const cause =
      this.guard(id, 'here') ??
      this.probe(id, takes) ??
      this.moved(id) ??
      this.guard(id, 'before') ??
      this.further(id);
    return cause ?? this.cause(id, 'silent', this.silence(id));
  }

  private stateOf(id: string): string {
    return this.data.journal(id).findLast((r) => r.ts <= this.question.to)?.to ?? '';
  }

  /**
   * A guard that held the machine back: in the state it was left in, or in one it has left since. Where another
   * candidate of the same event was taken, nothing was held back.
   */
  private guard(id: string, where: 'here' | 'before'): UpstreamCause | null {
    const infos = new Map(this.data.transitions.get(id)?.map((info) => [info.id, info]));
    const state = this.stateOf(id);
    const isHere = (source = '(root)'): boolean => source !== '(root)' && isInState(state, source);
    const records = this.data.journal(id).filter(inRange(this.question));
    const blocked = records
      .filter(({ taken }) => taken.length === 0)
      .flatMap(({ ts, explain = [] }) =>
        explain.map((c) => ({ ...c, ts, info: infos.get(c.transition) })),
      )
      .filter(
        ({ verdict, info }) =>
          verdict === 'guard-blocked' && isHere(info?.source) === (where === 'here'),
      )
      .map((c) => ({ ...c, leaves: blockingLeaves(c, c.info?.guard) }));
    const nearest = leastOf(blocked, (candidate) => shortfall(candidate.leaves));
    if (!nearest) return null;
    const { transition, leaves, ts } = nearest;
    const text = `'${id}' is in state '${state}'; its guard of '${transition}' did not hold`;
    return { ...this.cause(id, 'guard', text), transition, leaves, at: ts };
  }

  /** The machine went on to another state and has not said what was waited for. */
  private moved(id: string): UpstreamCause | null {
    const records = this.data.journal(id).filter(inRange(this.question));
    const last = records.findLast((record) => record.taken.length > 0 && record.from !== record.to);
    const transition = last?.taken.at(-1);
    if (!last || transition === undefined) return null;
    const text = `'${id}' is in state '${last.to}' since it took '${transition}'`;
    const leaves = last.explain?.find((c) => c.transition === transition)?.leaves ?? [];
    return { ...this.cause(id, 'silent', text), transition, leaves, at: last.ts };
  }

  private probe(id: string, takes: Takes): UpstreamCause | null {
    const plugin = this.data.graph.nodes.find((n) => n.id === id)?.plugin;
    const withholding = withholdingOf(plugin, takes);
    const nearest = nearestProbe(this.data, id, this.question, withholding);
    if (!nearest) return null;
    const { probe, value, needed, unit, ts } = nearest;
    const below = withholding.isTold
      ? 'its threshold'
      : 'a threshold; whether that is what was waited for, its plugin does not tell';
    return {
      ...this.cause(id, 'probe', `the sensor of '${id}' stayed below ${below}`),
      probe,
      value,
      needed,
      unit,
      at: ts,
    };
  }

  /** A node that heard nothing either: whoever feeds it. Of several feeders the first that gives a reason. */
  private further(id: string): UpstreamCause | null {
    const graphNode: GraphNode | undefined = this.data.graph.nodes.find((n) => n.id === id);
    const heard = this.data.journal(id).some(inRange(this.question));
    const wires = graphNode?.wires.filter((wire) => wire.kind !== 'market') ?? [];
    if (heard || this.path.length >= 2 * deepest) return null;
    let first: UpstreamCause | null = null;
    for (const wire of wires) {
      const length = this.path.length;
      const cause = this.wire(wire, id);
      this.path.length = length;
      if (cause.kind !== 'silent') return cause;
      first ??= cause;
    }
    return first;
  }

  private silence(id: string): string {
    const state = this.stateOf(id);
    return `'${id}' had nothing to say${state === '' ? '' : `; it was in state '${state}'`}`;
  }

  private cause(node: string, kind: UpstreamCause['kind'], text: string): UpstreamCause {
    return { node, kind, path: [...this.path], text };
  }
}

/** Walks up the wires of an event that never arrived to the node, sensor, guard or filter that withheld it. */
export function upstreamOf(
  data: WhyData,
  question: WhyQuestion,
  takes: Takes,
): UpstreamCause | null {
  const node = data.graph.nodes.find((n) => n.id === question.node);
  if (!node) return null;
  const walk = new Walk(data, question);
  const wire = node.wires.find((w) => w.kind !== 'market' && takes(w.port));
  // Not an in-port: the node's own sensor would have handed it over.
  return wire ? walk.wire(wire, question.node) : walk.node(question.node, takes);
}

interface Stay {
  readonly enteredAt: number;
  readonly left: JournalRecord | null;
}

/** The last time the machine was in a state, up to the end of the range. */
function lastStay(records: readonly JournalRecord[], path: string, to: number): Stay | null {
  let enteredAt: number | null = null;
  let stay: Stay | null = null;
  for (const record of records) {
    if (record.ts > to) break;
    const isIn = isInState(record.to, path);
    if (enteredAt !== null && !isIn) {
      stay = { enteredAt, left: record };
      enteredAt = null;
    } else if (isIn) enteredAt ??= record.ts;
  }
  return enteredAt === null ? stay : { enteredAt, left: null };
}

/** Returns why a timer did not fire: not due yet, or cancelled as its state was left; null when it was not running. */
export function timerCause(
  data: WhyData,
  question: WhyQuestion,
  infos: readonly TransitionInfo[],
): UpstreamCause | null {
  const { node, from, to } = question;
  const records = data.journal(node);
  for (const { source, event } of infos) {
    const stay = lastStay(records, source, to);
    if (!stay || (stay.left && stay.left.ts < from)) continue;
    const delayMs = Number(event.slice('after '.length));
    const { enteredAt, left } = stay;
    const base = { node, kind: 'timer' as const, path: [`${node}.${event}`], at: enteredAt };
    const due = Number.isFinite(delayMs) ? { due: enteredAt + Math.round(delayMs * 1_000) } : {};
    const by = left?.taken.at(-1);
    if (!left || by === undefined) return { ...base, ...due, text: 'its timer is not due yet' };
    return {
      ...base,
      ...due,
      transition: by,
      text: `its timer was cancelled as '${by}' left the state`,
    };
  }
  return null;
}
