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
