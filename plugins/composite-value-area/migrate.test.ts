import { expect, it } from 'vitest';
import { type NodeSnapshot, unpackVolumes } from '#engine';
import { withStack } from './migrate.ts';
import { emptyStack } from './stack-state.ts';

const before: NodeSnapshot = {
  plugin: 'composite-value-area',
  version: '1.0.0',
  machineHash: 'old',
  machine: {
    value: 'building',
    context: {
      sessions: [{ tradeDate: '2025-11-17', contract: null, low: 5, volumes: [1, 2.5] }],
      area: null,
      lastSession: '2025-11-17',
    },
  },
  timers: [],
  sensor: null,
};

it('packs the rows and begins the archive with the next session', () => {
  const context = withStack(before).machine!['context'] as {
    sessions: { rows: string; low: number }[];
    stack: unknown;
    lastSession: string;
  };
  expect([...unpackVolumes(context.sessions[0]!.rows)]).toEqual([1, 2.5]);
  expect(context.sessions[0]).not.toHaveProperty('volumes');
  expect(context).toMatchObject({ lastSession: '2025-11-17', stack: emptyStack, close: 0 });
});

it('leaves a node that had not started as it is', () => {
  expect(withStack({ ...before, machine: null }).machine).toBeNull();
});
