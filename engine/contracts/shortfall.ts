import type { Leaf } from './evidence.ts';

/**
 * A miss that counts as whole, for units in which the number compared with says nothing about distances: forty ticks,
 * and a period of half an hour.
 */
const wholeMiss: Readonly<Record<string, number>> = { price: 40, tick: 40, us: 1_800_000_000 };

function missOf({ margin, right, unit }: Leaf): number {
  if (margin === undefined) return 1;
  const needed = typeof right === 'number' ? Math.abs(right) : 0;
  return Math.min(1, Math.abs(margin) / (wholeMiss[unit ?? ''] ?? Math.max(needed, 1)));
}

/** How near a blocked candidate came: the miss of its worst leaf, from 0 (a hair's breadth) to 1 (nowhere near, or no number). */
export function shortfall(leaves: readonly Leaf[]): number {
  return leaves.reduce((worst, leaf) => (leaf.ok ? worst : Math.max(worst, missOf(leaf))), 0);
}

/** Operators that say how far away something is; of `==` and `!=` a distance says nothing. */
const ordering: ReadonlySet<string> = new Set(['>=', '>', '<=', '<']);
/** What was missing is at most this share of what was needed. */
const nearShare = 0.25;
/** Less than this is the dust of binary fractions: nothing was missing. */
const dust = 1e-6;

/** What is missing, as a share of what is needed; of a level or a moment as a share of a whole miss. */
function shareOf({ margin = 0, right, unit }: Leaf): number {
  const needed = typeof right === 'number' ? Math.abs(right) : 0;
  const whole = wholeMiss[unit ?? ''] ?? Number.POSITIVE_INFINITY;
  const base = needed === 0 ? whole : Math.min(whole, needed);
  return Math.abs(margin) / (base === Number.POSITIVE_INFINITY ? 1 : base);
}

function isNear(leaf: Leaf): boolean {
  const { op, margin, right, unit } = leaf;
  if (op === undefined || !ordering.has(op) || margin === undefined || margin > -dust) return false;
  // One less than a count of several is as near as a count can come.
  const isOneShort = unit === 'count' && margin === -1 && typeof right === 'number' && right >= 2;
  return isOneShort || shareOf(leaf) <= nearShare;
}

/**
 * Whether a blocked candidate is what a trader calls a near miss: each condition that did not hold compares numbers by
 * order, fell short by more than nothing, and by little of what was needed. A refusal because of a word, a yes-or-no
 * fact, another kind of event or a tie is none.
 */
export function isNearMiss(leaves: readonly Leaf[]): boolean {
  const missed = leaves.filter((leaf) => !leaf.ok);
  return missed.length > 0 && missed.every(isNear);
}
