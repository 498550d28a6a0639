import type { NodeSnapshot } from '#engine';

/** Turns a snapshot of 1.0 into one of 1.1: the last balance is known again with the next record of the composites. */
export function withBalances(snapshot: NodeSnapshot): NodeSnapshot {
  const { machine } = snapshot;
  if (machine === null) return snapshot;
  const context = machine['context'] as { readonly zones: object };
  const zones = { ...context.zones, balances: [] };
  return { ...snapshot, machine: { ...machine, context: { ...context, zones } } };
}
