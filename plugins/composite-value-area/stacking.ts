import { type Area, coverage, medianOf } from '#engine';
import type { Config } from './config.ts';
import type { Value } from './merge-mode.ts';

/** What stacking reads of an archived session; the archive is in time order, the newest last. */
export interface Layer extends Value {
  readonly tradeDate: string;
  /** Trade dates inside the composite. */
  readonly sessions: readonly string[];
  /** Range that the session itself traded, in ticks. */
  readonly low: number;
  readonly high: number;
}

/** A range that many archived composites share. */
export interface Stack {
  readonly low: number;
  readonly high: number;
  /** Greatest weighted count of composites over one of its ticks. */
  readonly strength: number;
  readonly nEff: number;
  /** Age of the newest composite behind it, in sessions. */
  readonly age: number;
}

/** A price where edges of several dates lie together. */
export interface Cluster {
  readonly price: number;
  readonly strength: number;
  readonly dates: number;
  readonly nEff: number;
  readonly type: 'vah' | 'val' | 'poc' | 'mixed';
  readonly age: number;
  readonly tested: boolean;
}

/** An edge to break out of. */
export interface Reference {
  readonly price: number;
  readonly strength: number;
  readonly nEff: number;
  readonly type: Cluster['type'] | 'stack';
  readonly age: number;
  readonly tested: boolean;
}

const bisections = 60;

/** Returns the factor that `halfLife` times over makes a half; by bisection, so that it is the same everywhere. */
function factorOf(halfLife: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < bisections; i += 1) {
    const middle = (low + high) / 2;
    let product = 1;
    for (let n = 0; n < halfLife; n += 1) product *= middle;
    if (product < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Returns the weights by age in sessions, 0 to `count` - 1: 1 for the newest, a half after `halfLife`. */
export function weightsOf(halfLife: number, count: number): number[] {
  const factor = factorOf(halfLife);
  const weights: number[] = [];
  for (let age = 0, weight = 1; age < count; age += 1, weight *= factor) weights.push(weight);
  return weights;
}

/** Returns how many independent composites distinct sessions make: neighbours share most of theirs. */
function independentOf(layers: readonly Layer[], sessions: number): number {
  return new Set(layers.flatMap((layer) => layer.sessions)).size / sessions;
}

function sharedTicks(a: Area, low: number, high: number): number {
  return Math.min(a.vah, high) - Math.max(a.val, low) + 1;
}

/** Returns the runs of rows that pass, as ticks from `low`. */
function runsOf(
  low: number,
  rows: ArrayLike<number>,
  passes: (v: number) => boolean,
): { low: number; high: number }[] {
  const runs: { low: number; high: number }[] = [];
  let start = -1;
  for (let i = 0; i <= rows.length; i += 1) {
    const inside = i < rows.length && passes(rows[i]!);
    if (inside && start < 0) start = i;
    if (inside || start < 0) continue;
    runs.push({ low: low + start, high: low + i - 1 });
    start = -1;
  }
  return runs;
}

/**
 * Returns the ranges that many archived composites share, ascending, and the ranges between them that none contains.
 *
 * Composites count by age. A composite stands behind a stack when it contains at least half of its ticks.
 */
export function stacksOf(
  archive: readonly Layer[],
  c: Pick<Config, 'sessions' | 'stackHalfLife' | 'stackShare' | 'stackTicks' | 'stackMinNEff'>,
): { stacks: Stack[]; gaps: { low: number; high: number }[] } {
  const newest = archive.length - 1;
  const weights = weightsOf(c.stackHalfLife, archive.length);
  const { low, volumes } = coverage(archive, (index) => weights[newest - index]!);
  let most = 0;
  for (let i = 0; i < volumes.length; i += 1) most = Math.max(most, volumes[i]!);
  if (most === 0) return { stacks: [], gaps: [] };
  const stacks = runsOf(low, volumes, (v) => v >= c.stackShare * most)
    .filter((run) => run.high - run.low + 1 >= c.stackTicks)
    .map((run): Stack => {
      const ticks = run.high - run.low + 1;
      const behind = archive.filter((layer) => 2 * sharedTicks(layer, run.low, run.high) >= ticks);
      let strength = 0;
      for (let tick = run.low; tick <= run.high; tick += 1)
        strength = Math.max(strength, volumes[tick - low]!);
      const age = newest - archive.findLastIndex((layer) => behind.includes(layer));
      return { ...run, strength, nEff: independentOf(behind, c.sessions), age };
    })
    .filter(({ nEff }) => nEff >= c.stackMinNEff);
  return { stacks, gaps: runsOf(low, volumes, (v) => v === 0) };
}

interface Edge {
  readonly price: number;
  readonly kind: 'vah' | 'val' | 'poc';
  /** Place of its session in the archive. */
  readonly index: number;
}

function edgesOf(archive: readonly Layer[]): Edge[] {
  const kinds = ['val', 'poc', 'vah'] as const;
  return archive
    .flatMap((layer, index) => kinds.map((kind): Edge => ({ price: layer[kind], kind, index })))
    .sort((a, b) => a.price - b.price || a.index - b.index);
}

/** Returns the edges in runs whose neighbours lie at most `distance` apart. */
function linked(edges: readonly Edge[], distance: number): Edge[][] {
  const groups: Edge[][] = [];
  for (const edge of edges) {
    const last = groups.at(-1);
    if (last !== undefined && edge.price - last.at(-1)!.price <= distance) last.push(edge);
    else groups.push([edge]);
  }
  return groups;
}

/** Returns whether a session after the archive's `newest`-th traded within `ticks` of a price. */
function isTested(
  archive: readonly Layer[],
  newest: number,
  price: number,
  ticks: number,
): boolean {
  return archive
    .slice(newest + 1)
    .some(({ low, high }) => low - ticks <= price && price <= high + ticks);
}

/**
 * Returns the prices where edges of archived composites lie together, ascending.
 *
 * Neighbouring edges belong together while they are near; the price is their mean by weight, to the tick.
 */
export function clustersOf(
  archive: readonly Layer[],
  c: Pick<
    Config,
    | 'sessions'
    | 'stackHalfLife'
    | 'stackMinNEff'
    | 'clusterTicks'
    | 'clusterShare'
    | 'clusterDates'
    | 'testedTicks'
  >,
): Cluster[] {
  const weights = weightsOf(c.stackHalfLife, archive.length);
  const width = medianOf(archive.map(({ vah, val }) => vah - val)) ?? 0;
  const distance = Math.max(c.clusterTicks, c.clusterShare * width);
  const clusterOf = (edges: readonly Edge[]): Cluster => {
    const places = new Set(edges.map(({ index }) => index));
    const newest = Math.max(...places);
    const weightOf = ({ index }: Edge): number => weights[archive.length - 1 - index]!;
    const strength = edges.reduce((sum, edge) => sum + weightOf(edge), 0);
    const mean = edges.reduce((sum, edge) => sum + edge.price * weightOf(edge), 0) / strength;
    const price = Math.floor(mean + 0.5);
    const kind = edges[0]!.kind;
    return {
      price,
      strength,
      dates: places.size,
      nEff: independentOf(
        archive.filter((_, index) => places.has(index)),
        c.sessions,
      ),
      type: edges.every((edge) => edge.kind === kind) ? kind : 'mixed',
      age: archive.length - 1 - newest,
      tested: isTested(archive, newest, price, c.testedTicks),
    };
  };
  // A group of fewer edges than dates cannot have that many dates.
  return linked(edgesOf(archive), distance)
    .filter((edges) => edges.length >= c.clusterDates)
    .map(clusterOf)
    .filter(({ dates, nEff }) => dates >= c.clusterDates && nEff >= c.stackMinNEff);
}

/** Returns the edge of a stack or cluster nearest to a price on each side; one at the price counts as above. */
export function referencesAt(
  price: number,
  stacks: readonly Stack[],
  clusters: readonly Cluster[],
  archive: readonly Layer[],
  { testedTicks }: Pick<Config, 'testedTicks'>,
): { above: Reference | null; below: Reference | null } {
  const ofStacks = stacks.flatMap(({ low, high, strength, nEff, age }) =>
    [low, high].map((edge): Reference => {
      const tested = isTested(archive, archive.length - 1 - age, edge, testedTicks);
      return { price: edge, strength, nEff, type: 'stack', age, tested };
    }),
  );
  const ofClusters = clusters.map(({ dates: _dates, ...cluster }): Reference => cluster);
  let above: Reference | null = null;
  let below: Reference | null = null;
  for (const reference of [...ofStacks, ...ofClusters]) {
    if (reference.price >= price) {
      if (above === null || reference.price < above.price) above = reference;
    } else if (below === null || reference.price > below.price) below = reference;
  }
  return { above, below };
}
