import { type Document, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { parseDuration } from '#engine/flow/parse-duration.ts';
import { readDocument } from './patch.ts';

/** A `when:` of a statechart in the text of a flow. */
export interface WhenLine {
  readonly node: string;
  /** The transition as journal and inspector name it: `<source state>:<event>:<index>`. */
  readonly transition: string;
  /** Offset of the word in the text. */
  readonly at: number;
  /** The transition with those asked before it, as data: what is asked is the same only where this is. */
  readonly meaning: string;
}

type MapPair = Pair<Node | null, Node | null>;

const pairsOf = (node: unknown): readonly MapPair[] =>
  isMap(node) ? (node.items as MapPair[]) : [];
const nameOf = ({ key }: MapPair): string => (isScalar(key) ? String(key.value) : '');
const valueAt = (node: unknown, name: string): Node | null =>
  pairsOf(node).find((pair) => nameOf(pair) === name)?.value ?? null;

/** Finds every `when:` of one statechart. */
class ChartWalk {
  readonly found: WhenLine[] = [];
  private readonly document: Document.Parsed;
  private readonly node: string;

  constructor(document: Document.Parsed, node: string) {
    this.document = document;
    this.node = node;
  }

  state(state: YAMLMap, path: readonly string[]): void {
    const source = path.length === 0 ? '(root)' : path.join('.');
    for (const pair of pairsOf(valueAt(state, 'on')))
      this.candidates(`${source}:${nameOf(pair)}`, pair.value, 0);
    // Two ways to write the same time are one list of candidates.
    const timers = new Map<string, number>();
    for (const pair of pairsOf(valueAt(state, 'after'))) {
      const micros = parseDuration(nameOf(pair));
      if (micros === null) continue;
      const event = `after ${micros / 1_000}`;
      const before = timers.get(event) ?? 0;
      timers.set(event, before + this.candidates(`${source}:${event}`, pair.value, before));
    }
    this.candidates(`${source}:always`, valueAt(state, 'always'), 0);
    for (const pair of pairsOf(valueAt(state, 'states')))
      if (isMap(pair.value)) this.state(pair.value, [...path, nameOf(pair)]);
  }

  private candidates(event: string, value: Node | null, before: number): number {
    const items: readonly unknown[] = isSeq(value) ? value.items : value === null ? [] : [value];
    for (const [i, item] of items.entries()) {
      const pair = pairsOf(item).find((one) => nameOf(one) === 'when');
      const at = pair?.key?.range?.[0];
      if (at === undefined) continue;
      const asked = items
        .slice(0, i + 1)
        .map((one) => (one as Node).toJS(this.document) as unknown);
      this.found.push({
        node: this.node,
        transition: `${event}:${before + i}`,
        at,
        meaning: JSON.stringify(asked),
      });
    }
    return items.length;
  }
}

/** Returns every `when:` of the statecharts in a flow's text; none while it is not YAML. */
export function whenLines(text: string): readonly WhenLine[] {
  const document = readDocument(text);
  const nodes = document?.get('nodes', true);
  if (!document || !isMap(nodes)) return [];
  return pairsOf(nodes).flatMap((pair) => {
    const machine = valueAt(pair.value, 'machine');
    if (!isMap(machine)) return [];
    const walk = new ChartWalk(document, nameOf(pair));
    walk.state(machine, []);
    return walk.found;
  });
}

/** How often a condition was asked today, and how often it held. */
export interface WhenCount {
  readonly passed: number;
  readonly asked: number;
}

/** Counts by node and transition. */
export type WhenCounts = Readonly<Record<string, Readonly<Record<string, WhenCount>>>>;

/**
 * Returns the counts that stand beside a draft: only where its text asks the same as the text that runs.
 *
 * @param running - The `when:` of the text that runs.
 */
export function countsBeside(
  draft: readonly WhenLine[],
  running: readonly WhenLine[],
  counts: WhenCounts,
): readonly (WhenCount & { readonly at: number })[] {
  const keyOf = ({ node, transition, meaning }: WhenLine): string =>
    `${node} ${transition} ${meaning}`;
  const known = new Set(running.map(keyOf));
  return draft.flatMap((line) => {
    const count = known.has(keyOf(line)) ? counts[line.node]?.[line.transition] : undefined;
    return count ? [{ ...count, at: line.at }] : [];
  });
}
