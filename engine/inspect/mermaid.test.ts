import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { mermaidOf } from './mermaid.ts';
import { statechartOf } from './statechart.ts';

function draw(config: Parameters<typeof createMachine>[0]): string[] {
  return mermaidOf(statechartOf(createMachine(config)))
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trimEnd());
}

describe('mermaidOf', () => {
  test('a transition shows its event and guard, a timer its time as people say it', () => {
    const lines = draw({
      id: 'm',
      initial: 'idle',
      states: {
        idle: { on: { woken: { target: 'busy', guard: 'isDay' } } },
        busy: { after: { 1_200_000: 'idle', 1_500: 'idle' } },
      },
    });
    expect(lines).toEqual([
      '  state "idle" as s__idle',
      '  state "busy" as s__busy',
      '  [*] --> s__idle',
      '  s__idle --> s__busy : woken [isDay]',
      '  s__busy --> s__idle : after 1500ms',
      '  s__busy --> s__idle : after 20m',
    ]);
  });

  test('why stands in place of the guard, with the characters Mermaid keeps for itself written as entities', () => {
    const lines = draw({
      id: 'm',
      initial: 'a',
      states: {
        a: { on: { go: { target: 'b', guard: 'isX', meta: { why: 'margin >= 2; sure: "yes"' } } } },
        b: {},
      },
    });
    expect(lines.at(-1)).toBe('  s__a --> s__b : go [margin #gt;= 2#59; sure#58; #quot;yes#quot;]');
  });

  test('a transition of a composite to its own inside leaves a box inside it', () => {
    const lines = draw({
      id: 'm',
      initial: 'on',
      states: {
        on: { initial: 'low', on: { turned: '.high', kept: {} }, states: { low: {}, high: {} } },
        off: {},
      },
    });
    expect(lines).toEqual([
      '  state "on" as s__on {',
      '    state "low" as s__on__low',
      '    state "high" as s__on__high',
      '    [*] --> s__on__low',
      '    state "any" as any__s__on',
      '    any__s__on --> s__on__high : turned',
      '    any__s__on --> any__s__on : kept',
      '  }',
      '  state "off" as s__off',
      '  [*] --> s__on',
    ]);
  });

  test('a transition between two composites is drawn where both are known', () => {
    const inner = (name: string) => ({ initial: name, states: { [name]: {} } });
    const lines = draw({
      id: 'm',
      initial: 'a',
      states: { a: { ...inner('x'), states: { x: { on: { jumped: '#m.b.y' } } } }, b: inner('y') },
    });
    expect(lines.at(-1)).toBe('  s__a__x --> s__b__y : jumped');
    expect(lines.at(-2)).toBe('  [*] --> s__a');
  });

  test('regions of a parallel machine are apart, final and history states have their signs', () => {
    const lines = draw({
      id: 'pair',
      type: 'parallel',
      on: { cleared: { actions: 'forget' } },
      states: {
        left: { initial: 'up', states: { up: { on: { done: 'end' } }, end: { type: 'final' } } },
        right: { initial: 'back', states: { back: {}, last: { type: 'history' } } },
      },
    });
    expect(lines).toEqual([
      '  state "pair" as all {',
      '    state "left" as s__left {',
      '      state "up" as s__left__up',
      '      state "end" as s__left__end',
      '      s__left__end --> [*]',
      '      [*] --> s__left__up',
      '      s__left__up --> s__left__end : done',
      '    }',
      '    --',
      '    state "right" as s__right {',
      '      state "back" as s__right__back',
      '      state "H" as s__right__last',
      '      [*] --> s__right__back',
      '    }',
      '    --',
      '    state "any" as any__state',
      '    any__state --> any__state : cleared',
      '  }',
    ]);
  });
});
