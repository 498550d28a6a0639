import { expect, it } from 'vitest';
import { setup } from 'xstate';
import { MachineInstance } from './machine.ts';

function machineOf() {
  return setup({
    types: { context: {} as { n: number }, events: {} as { type: 'go' } | { type: 'other' } },
    guards: { isOtherSideArmed: () => false },
  }).createMachine({
    id: 'made',
    context: { n: 0 },
    initial: 'a',
    states: {
      a: { on: { go: { guard: 'isOtherSideArmed', target: 'b' } } },
      b: {},
    },
  });
}

it('a guard that compares nothing is explained by its name', () => {
  const machine = new MachineInstance(machineOf());
  machine.start();
  const step = machine.send({ type: 'go' });
  expect(step.candidates).toMatchObject([
    { verdict: 'guard-blocked', leaves: [{ text: 'other side armed', ok: false }] },
  ]);
  // Explanations are no part of what is hashed.
  expect(step.guards).toBe('');
});

it('an event that no transition names leaves everything as it was', () => {
  const machine = new MachineInstance(machineOf());
  machine.start();
  const before = JSON.stringify(machine.persist());
  expect(machine.send({ type: 'other' })).toMatchObject({
    from: 'a',
    to: 'a',
    patch: {},
    emits: [],
    taken: [],
  });
  expect(JSON.stringify(machine.persist())).toBe(before);
});
