import type { SaidLeaf } from '#engine/inspect/say-why.ts';
import { firstMissed } from './leaves.tsx';

/** The comparison that stood in the way, by how much; that all held where none did. */
export function Margin({ leaves }: { readonly leaves: readonly SaidLeaf[] }) {
  const missed = leaves[firstMissed(leaves)];
  if (!missed)
    return <>{leaves.length === 1 ? 'its comparison' : `all ${leaves.length} comparisons`} held</>;
  const { label, had, op, needed, by, error } = missed;
  if (error !== null) return <>{`${label}: ${error}`}</>;
  if (op === null) return <>{label}</>;
  const miss = by === null ? '' : `, missed by ${by}`;
  return <>{`${label}: had ${had}, needs ${op} ${needed}${miss}`}</>;
}
