import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { isOrderflowError } from '../errors.ts';
import { statechartOf } from './statechart.ts';

const door = createMachine({
  id: 'door',
  initial: 'closed',
  on: { reset: '.closed' },
  states: {
    closed: {
      description: 'Nobody can pass.',
      on: { opened: { target: 'open', guard: 'isUnlocked', meta: { why: 'the key fits' } } },
    },
    open: {
      initial: 'wide',
      after: { 1200: 'closed' },
      states: {
        wide: { on: { pushed: 'ajar' }, always: { target: 'ajar', guard: 'isWindy' } },
        ajar: { on: { pushed: {} } },
      },
    },
    gone: { type: 'final' },
  },
});

describe('statechartOf', () => {
  const chart = statechartOf(door);

  test('states stand in document order, parents before children', () => {
    expect(chart.states.map(({ path, parent, kind }) => [path, parent, kind])).toEqual([
      ['closed', null, 'atomic'],
      ['open', null, 'compound'],
      ['open.wide', 'open', 'atomic'],
      ['open.ajar', 'open', 'atomic'],
      ['gone', null, 'final'],
    ]);
    expect(chart.initial).toBe('closed');
    expect(chart.states[1]!.initial).toBe('open.wide');
    expect(chart.states[0]!.description).toBe('Nobody can pass.');
  });

  test('eventless transitions and timers are among the transitions, with guard and why', () => {
    expect(chart.transitions.map(({ id, target, kind }) => [id, target, kind])).toEqual([
      ['(root):reset:0', 'closed', 'event'],
      ['closed:opened:0', 'open', 'event'],
      ['open:after 1200:0', 'closed', 'after'],
      ['open.wide:pushed:0', 'open.ajar', 'event'],
      ['open.wide:always:0', 'open.ajar', 'always'],
      ['open.ajar:pushed:0', null, 'event'],
    ]);
    expect(chart.transitions[1]).toMatchObject({ guard: 'isUnlocked', why: 'the key fits' });
  });

  test('a guard without a name is refused', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: { a: { on: { go: { target: 'b', guard: () => true } } }, b: {} },
    });
    expect(() => statechartOf(machine)).toThrow(
      expect.toSatisfy((e) => isOrderflowError(e, 'OF_MACHINE_GUARD_INLINE')),
    );
  });

  test('a parallel machine has no first state', () => {
    const machine = createMachine({ id: 'm', type: 'parallel', states: { a: {}, b: {} } });
    expect(statechartOf(machine)).toMatchObject({ isParallel: true, initial: null });
  });
});
