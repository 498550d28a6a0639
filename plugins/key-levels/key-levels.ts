import { keyLevelKind } from '#engine';

type Kind = (typeof keyLevelKind)['options'][number];
type Group =
  | 'prior-day'
  | 'composite'
  | 'overnight'
  | 'initial-balance'
  | 'opening'
  | 'week'
  | 'stack'
  | 'manual';

/** Places of a level; one kind has a fixed one, naked points of control, stack edges and manual levels have ranges. */
export const slots = 64;
/** First place of each range. */
export const first = {
  prior: 0,
  composite: 6,
  overnight: 9,
  initialBalance: 12,
  open: 14,
  week: 15,
  naked: 19,
  stack: 35,
  manual: 51,
} as const;
/** Most levels of a range at once. */
export const room = { naked: 16, stack: 16, manual: 13 } as const;

const fixed: readonly (readonly [kind: Kind, group: Group])[] = [
  ['prior-high', 'prior-day'],
  ['prior-low', 'prior-day'],
  ['prior-close', 'prior-day'],
  ['prior-vah', 'prior-day'],
  ['prior-val', 'prior-day'],
  ['prior-poc', 'prior-day'],
  ['composite-vah', 'composite'],
  ['composite-val', 'composite'],
  ['composite-poc', 'composite'],
  ['overnight-high', 'overnight'],
  ['overnight-low', 'overnight'],
  ['overnight-mid', 'overnight'],
  ['initial-balance-high', 'initial-balance'],
  ['initial-balance-low', 'initial-balance'],
  ['rth-open', 'opening'],
  ['week-high', 'week'],
  ['week-low', 'week'],
  ['week-close', 'week'],
  ['week-poc', 'week'],
];

/** What stands at a place. */
export interface Place {
  readonly kind: Kind;
  readonly group: Group;
}

/** Returns kind and group of a place. */
export function placeOf(slot: number): Place {
  const known = fixed[slot];
  if (known) return { kind: known[0], group: known[1] };
  // A naked point of control is a level of an earlier day: beside the prior day's it is no second reason.
  if (slot < first.stack) return { kind: 'naked-poc', group: 'prior-day' };
  return slot < first.manual
    ? { kind: 'stack-edge', group: 'stack' }
    : { kind: 'manual', group: 'manual' };
}

/** Returns a level's id: its kind, with the session of a naked point of control, or its number where there are several. */
export function idOf(slot: number, sessions: readonly string[]): string {
  const { kind } = placeOf(slot);
  if (slot < first.naked) return kind;
  if (slot < first.stack) return `${kind}-${sessions[0] ?? ''}`;
  return `${kind}-${slot - (slot < first.manual ? first.stack : first.manual) + 1}`;
}

const highs: ReadonlySet<Kind> = new Set([
  'prior-high',
  'overnight-high',
  'initial-balance-high',
  'week-high',
]);
const lows: ReadonlySet<Kind> = new Set([
  'prior-low',
  'overnight-low',
  'initial-balance-low',
  'week-low',
]);

/** Which way lies beyond a level: up for highs, down for lows, away from the last price else; 0 while unknown. */
export function beyondOf(slot: number, price: number, last: number | null): 1 | -1 | 0 {
  const { kind } = placeOf(slot);
  if (highs.has(kind)) return 1;
  if (lows.has(kind)) return -1;
  if (last === null || last === price) return 0;
  return last < price ? 1 : -1;
}

/** Keeps each session of a list at its place and gives the new ones the first free places; 0 is free, the last ones win. */
export function placeNaked(kept: readonly number[], sessions: readonly number[]): number[] {
  const wanted = sessions.slice(-kept.length);
  const places = kept.map((date) => (wanted.includes(date) ? date : 0));
  for (const date of wanted) {
    if (!places.includes(date)) places[places.indexOf(0)] = date;
  }
  return places;
}

/** A level as the clusters see it. */
export interface Member {
  readonly id: string;
  readonly slot: number;
  readonly price: number;
  readonly kind: Kind;
  readonly group: string;
}

const priority: ReadonlyMap<Kind, number> = new Map(
  keyLevelKind.options.map((kind, index) => [kind, index] as const),
);

/** The name and strength of a level's cluster. */
export interface Cluster {
  readonly cluster: string;
  readonly confluence: number;
}

/** The member that names a cluster: the highest priority, then the lower place. */
function headOf(members: readonly Member[]): Member | undefined {
  const rank = (member: Member): number => (priority.get(member.kind) ?? 0) * slots + member.slot;
  return members.reduce<Member | undefined>(
    (best, member) => (best === undefined || rank(member) < rank(best) ? member : best),
    undefined,
  );
}

/**
 * Returns the cluster of each level by its place: from the lowest price up, a level joins the cluster below while the
 * whole of it stays within `mergeTicks`, so there are no chains.
 */
export function clustersOf(members: readonly Member[], mergeTicks: number): Map<number, Cluster> {
  const sorted = [...members].sort((a, b) => a.price - b.price || a.slot - b.slot);
  const groups: Member[][] = [];
  for (const member of sorted) {
    const below = groups.at(-1);
    const lowest = below?.[0]?.price ?? Number.NEGATIVE_INFINITY;
    if (below && member.price - lowest <= mergeTicks) below.push(member);
    else groups.push([member]);
  }
  const clusters = new Map<number, Cluster>();
  for (const group of groups) {
    const cluster = headOf(group)?.id ?? '';
    const confluence = new Set(group.map((member) => member.group)).size;
    for (const { slot } of group) clusters.set(slot, { cluster, confluence });
  }
  return clusters;
}
