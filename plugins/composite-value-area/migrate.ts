import { type NodeSnapshot, packVolumes } from '#engine';
import { emptyStack } from './stack-state.ts';

type Row = Readonly<Record<string, unknown>>;

/** Carries a snapshot from before 1.1 over: rows are packed; composites by overlap and the archive begin with the next session. */
export function withStack(snapshot: NodeSnapshot): NodeSnapshot {
  const { machine } = snapshot;
  if (machine === null) return snapshot;
  const context = machine['context'] as Row;
  const sessions = (context['sessions'] as readonly Row[]).map(({ volumes, ...member }) => ({
    ...member,
    rows: packVolumes(volumes as readonly number[]),
  }));
  return {
    ...snapshot,
    machine: { ...machine, context: { ...context, sessions, stack: emptyStack, close: 0 } },
  };
}
