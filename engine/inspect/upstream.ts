import type { Leaf } from '../contracts/evidence.ts';
import { type ProbeRecord, whereRefused } from '../contracts/journal.ts';
import type { GraphNode, Wire } from '../flow/graph.ts';
import { inRange, shortfall, type WhyData, type WhyQuestion } from './question.ts';

/** Who withheld an event that never arrived. */
export interface UpstreamCause {
  readonly node: string;
  /** What it would have come from: an out-port, a sensor's threshold, a guard, a wire's filter, a calendar time, a topic. */
  readonly kind: 'probe' | 'guard' | 'where' | 'schedule' | 'topic' | 'silent';
  /** For `probe`: the sensor's threshold that was not reached, with the largest value in the range. */
  readonly probe?: string;
  readonly value?: number;
  readonly needed?: number;
  readonly unit?: string;
  /** For `guard`: the nearest blocked transition of the upstream machine and its leaves. */
  readonly transition?: string;
  readonly leaves?: readonly Leaf[];
  readonly at?: number;
  /** In plain words. */
  readonly text: string;
}

const deepest = 6;

/** A probe window that ends within a minute after the range holds maxima reached inside it. */
const windowUs = 60_000_000;

/** The threshold its sensor came nearest to without reaching it; reached thresholds are not what withheld. */
function nearestProbe(data: WhyData, node: string, question: WhyQuestion): ProbeRecord | null {
  const best = new Map<string, ProbeRecord>();
  for (const probe of data.probes(node)) {
    if (probe.ts < question.from || probe.ts > question.to + windowUs || probe.probe.includes(':')) continue;
    const seen = best.get(probe.probe);
    if (!seen || probe.value > seen.value) best.set(probe.probe, probe);
  }
  const missed = [...best.values()].filter((probe) => probe.value < probe.needed);
  const share = (probe: ProbeRecord): number => (probe.needed === 0 ? 0 : probe.value / probe.needed);
  return missed.reduce<ProbeRecord | null>((a, b) => (a && share(a) >= share(b) ? a : b), null);
}

function guardCause(data: WhyData, node: string, question: WhyQuestion): UpstreamCause | null {
  const blocked = data
    .journal(node)
    .filter(inRange(question))
    .flatMap((record) => (record.explain ?? []).filter((c) => c.verdict === 'guard-blocked').map((c) => ({ record, c })));
  const nearest = blocked.reduce<(typeof blocked)[number] | null>((a, b) => (a && shortfall(a.c.leaves) < shortfall(b.c.leaves) ? a : b), null);
  if (!nearest) return null;
  return {
    node,
    kind: 'guard',
    transition: nearest.c.transition,
    leaves: nearest.c.leaves,
    at: nearest.record.ts,
    text: `'${node}' was asked and its guard of '${nearest.c.transition}' did not hold`,
  };
}

function causeOfWire(data: WhyData, question: WhyQuestion, wire: Wire, consumer: string, depth: number): UpstreamCause {
  const { origin } = wire;
  if (origin.kind === 'schedule') {
    return { node: consumer, kind: 'schedule', text: `it is timed for ${origin.at}, which lies outside the time asked about` };
  }
  if (origin.kind === 'topic') return { node: consumer, kind: 'topic', text: `nothing was written to topic '${origin.topic}'` };
  if (origin.kind === 'market') return { node: consumer, kind: 'silent', text: 'a market port brings no events' };
  const refused = data.probes(consumer).filter(inRange(question)).find((p) => p.probe === whereRefused(wire.port));
  if (refused) {
    return { node: consumer, kind: 'where', at: refused.ts, value: refused.value, text: `'${origin.node}' sent it and the wire's \`where\` did not take it` };
  }
  return causeOfNode(data, question, origin.node, depth);
}

function causeOfNode(data: WhyData, question: WhyQuestion, id: string, depth: number): UpstreamCause {
  const guard = guardCause(data, id, question);
  const probe = nearestProbe(data, id, question);
  if (probe && !guard) {
    const { value, needed, unit } = probe;
    return { node: id, kind: 'probe', probe: probe.probe, value, needed, unit, at: probe.ts, text: `'${id}' saw ${probe.probe} reach ${value} of ${needed} ${unit}` };
  }
  if (guard) return guard;
  const node: GraphNode | undefined = data.graph.nodes.find((n) => n.id === id);
  const records = data.journal(id);
  const heard = records.some(inRange(question));
  const wires = node?.wires.filter((wire) => wire.kind !== 'market') ?? [];
  const [first] = wires;
  if (!heard && first && depth < deepest) return causeOfWire(data, question, first, id, depth + 1);
  const state = records.findLast((r) => r.ts <= question.to)?.to ?? '';
  return { node: id, kind: 'silent', text: `'${id}' had nothing to say${state === '' ? '' : `; it was in state '${state}'`}` };
}

/** Walks up the wires of an event that never arrived to the node, sensor, guard or filter that withheld it. */
export function upstreamOf(data: WhyData, question: WhyQuestion, ports: readonly string[]): UpstreamCause | null {
  const node = data.graph.nodes.find((n) => n.id === question.node);
  const wire = node?.wires.find((w) => ports.includes(w.port));
  if (wire) return causeOfWire(data, question, wire, question.node, 0);
  // Not an in-port: the node's own sensor would have handed it over.
  return node ? causeOfNode(data, question, question.node, 0) : null;
}
