import { beforeAll, describe, expect, it, test } from 'vitest';
import { pluginFact } from '#engine/cli/plugin-facts.ts';
import { flowJsonSchema } from '#engine/flow/json-schema.ts';
import { registryOfDoubles } from '#engine/flow/plugin-doubles.ts';
import { type EditorFacts, hintAt, proposalsAt } from './completion.ts';
import { contractNames, topicNames } from './topic-names.server.ts';

const topic = { way: 'other', kind: 'event', key: null, ends: {}, bytes: null } as const;
let facts: EditorFacts;
beforeAll(() => {
  const doubles = registryOfDoubles();
  facts = {
    schema: JSON.parse(JSON.stringify(flowJsonSchema(doubles))) as EditorFacts['schema'],
    plugins: doubles.all().map((plugin) => pluginFact(plugin, [])),
    topics: topicNames([
      { ...topic, topic: 'es-context.cva.area', kind: 'table', contract: 'composite-area/1' },
      { ...topic, topic: 'es-context.profile.completed', contract: 'completed-profile/1' },
      { ...topic, topic: 'x.profile.completed', contract: 'completed-profile/1' },
      { ...topic, topic: 'market.batches', kind: 'market', contract: 'market-batch/1' },
    ]),
    contracts: contractNames,
  };
});

const head = `flow: x
version: 1.0.0
instruments: [ES]
params:
  least: { type: number, default: 1 }
sources:
  market: { use: simulator@^1 }
`;

/** What is offered at the bar in a text. */
function offered(text: string): readonly string[] {
  const whole = `${head}${text}`;
  const at = whole.indexOf('|');
  const found = proposalsAt(facts, whole.replace('|', ''), at);
  return (found?.options ?? []).map(({ label }) => label);
}

const two = `nodes:
  profile:
    use: volume-profile@^1
    in: { market: market }
  cva:
    use: composite-value-area@^1
    in:
      completed: profile.completed
`;

describe('completion', () => {
  test.each([
    ['a key at the top', 'nod|', ['nodes', 'sinks']],
    ['a plugin', 'nodes:\n  a:\n    use: vol|', ['volume-profile@^1']],
    ['a plugin inside braces', 'nodes:\n  a: { use: | }', ['session@^1']],
    ['a source plugin only among sources', 'sources:\n  m:\n    use: |', ['replay@^1']],
    ['the keys of a node', `${two}    |`, ['with', 'onError']],
    ['a parameter of its plugin', `${two}    with:\n      |`, ['sessions', 'valueAreaFraction']],
    ['a parameter inside braces', `${two}    with: { sessions: 5, | }`, ['valueAreaFraction']],
    ['an in-port', 'nodes:\n  a:\n    use: session@^1\n    in: { | }', ['market']],
    [
      'a source for a market port',
      'nodes:\n  a:\n    use: session@^1\n    in: { market: | }',
      ['market'],
    ],
    ['an out-port for an event port', two.replace('profile.completed', '|'), ['profile.completed']],
    ['a word', `${two}    onError: |`, ['halt-trading', 'quarantine']],
    ['a flow parameter', `${two}    with: { sessions: | }`, ['${param.least}']],
    [
      'a state',
      'nodes:\n  s:\n    machine:\n      initial: a\n      states:\n        a: { on: { e: { to: | } } }\n        b: {}',
      ['a', 'b'],
    ],
    [
      'an in-port as event, in a list without indentation',
      'nodes:\n  s:\n    in: { bar: profile.period }\n    machine:\n      states:\n        a:\n          on:\n            |',
      ['bar'],
    ],
    [
      'a key in a list without indentation',
      'nodes:\n  s:\n    machine:\n      states:\n        a:\n          always:\n          - to: b\n          - |',
      ['when', 'emit', 'set', 'to'],
    ],
    [
      'a context field in an expression',
      'nodes:\n  s:\n    context: { seen: { type: number } }\n    machine:\n      states:\n        a: { on: { e: { when: "ctx.|" } } }',
      ['seen'],
    ],
    ['a table', `${two}  s:\n    tables:\n      p: |`, ['profile.prior']],
  ])('offers %s', (_, text, expected) => {
    expect(offered(text)).toEqual(expect.arrayContaining(expected as unknown[]));
  });

  it('offers the port with the right contract first, and none of another kind', () => {
    const labels = offered(two.replace('profile.completed', '|'));
    expect(labels[0]).toBe('profile.completed');
    expect(labels).not.toContain('profile.prior');
  });

  it('offers topics of others to a source, with what they hold, and none of its own', () => {
    const text = 'sources:\n  context: { topic: | }';
    expect(offered(text)).toEqual([
      'broker.facts',
      'control.commands',
      'es-context.cva.area',
      'es-context.profile.completed',
    ]);
    expect(offered('sources:\n  context: { topic: a.b.c, contract: | }')).toContain(
      'completedProfile',
    );
  });

  it('offers a topic to the ports that take what it holds, and never as the market', () => {
    const sources = head.replace(
      '  market:',
      '  past: { topic: es-context.profile.completed, contract: completedProfile }\n' +
        '  rows: { topic: es-context.cva.area, contract: compositeArea, kind: table }\n' +
        '  broker: { topic: broker.facts }\n  market:',
    );
    const inPort = (port: string): readonly string[] => {
      const whole = `${sources}${two}`.replace(
        port === 'market' ? 'in: { market: market }' : 'completed: profile.completed',
        port === 'market' ? 'in: { market: | }' : 'completed: |',
      );
      const at = whole.indexOf('|');
      return (proposalsAt(facts, whole.replace('|', ''), at)?.options ?? []).map(
        ({ label }) => label,
      );
    };
    expect(inPort('market')).toEqual(['market']);
    const completed = inPort('completed');
    expect(completed.slice(0, 2)).toEqual(['profile.completed', 'past']);
    expect(completed).toEqual(expect.arrayContaining(['broker.fill', 'broker.position']));
    expect(completed).not.toContain('rows');
    expect(completed).not.toContain('market');
  });

  it('does not offer what is there already', () => {
    expect(offered(`${two}    |`)).not.toContain('use');
  });

  it('offers in a text that is broken further down', () => {
    expect(offered('nodes:\n  a:\n    use: |\n  b: [1\n')).toContain('session@^1');
  });

  it('keeps silent in comments', () => {
    expect(offered('# nod|')).toEqual([]);
  });
});

describe('hints', () => {
  it('says what a plugin sees', () => {
    const text = `${head}nodes:\n  a: { use: session@^1 }\n`;
    expect(hintAt(facts, text, text.indexOf('session@') + 2)).toMatchObject({
      title: 'session 1.2.0',
      text: 'The trade day',
    });
  });

  it('says what a parameter may be', () => {
    const text = `${head}nodes:\n  a: { use: session@^1, with: { gapSeconds: 5 } }\n`;
    expect(hintAt(facts, text, text.indexOf('gapSeconds') + 2)?.detail).toBe(
      'integer, from 1, to 3600, default 60',
    );
  });

  it('says what comes over a wire', () => {
    const text = `${head}${two}`;
    expect(hintAt(facts, text, text.indexOf('profile.completed') + 2)).toMatchObject({
      title: 'event profile.completed',
      detail: 'completed-profile/1',
    });
  });
});
