import { expect, test } from 'vitest';
import { compileWithDoubles } from './plugin-doubles.ts';

const flow = (sources: string, area = 'context'): string => `flow: made
version: 1.0.0
instruments: [ES]
sources:
${sources.replace(/^/gm, '  ')}
nodes:
  strategy:
    in: { area: ${area} }
    machine:
      initial: waiting
      states:
        waiting:
          on:
            area: { when: ev.vah - ev.val > ticks(10), to: waiting }
`;

test('a topic of another flow is typed by its contract', () => {
  const typed = flow(
    'context: { topic: es-context.cva.area, contract: compositeArea, kind: table }',
  );
  const { graph, messages } = compileWithDoubles(typed);
  expect(messages).toEqual([]);
  expect(graph?.topics).toEqual(['es-context.cva.area']);
  expect(graph?.nodes[0]?.wires).toMatchObject([
    {
      port: 'area',
      kind: 'table',
      origin: { kind: 'topic', topic: 'es-context.cva.area', port: null },
    },
  ]);
  expect(compileWithDoubles(typed.replace('ev.vah', 'ev.vha')).messages).toEqual([
    expect.stringMatching(/WF001 'ev' has no field 'vha'; nearest: 'vah'$/),
  ]);
});

test('without a contract the fields are checked when they are read', () => {
  const { graph, messages } = compileWithDoubles(flow('context: { topic: es-context.cva.area }'));
  expect(messages).toEqual([]);
  expect(graph?.nodes[0]?.wires).toMatchObject([{ kind: 'event' }]);
});

test('a shared topic has ports of its own', () => {
  const broker = flow('broker: { topic: broker.facts }', 'broker.fill');
  expect(compileWithDoubles(broker).graph?.nodes[0]?.wires).toMatchObject([
    { origin: { kind: 'topic', topic: 'broker.facts', port: 'fill' } },
  ]);
  expect(compileWithDoubles(broker.replace('broker.fill', 'broker.fills')).messages).toEqual([
    expect.stringMatching(/WF001 .*'broker.fills'.*nearest: 'broker.fill'$/),
  ]);
  expect(compileWithDoubles(broker.replace('broker.fill', 'broker')).messages[0]).toMatch(/WF001 /);
});

test.each([
  [
    'context: { use: simulator@^1, topic: a.b.c }',
    /WF005 source 'context' expected exactly one of use, topic, was both$/,
  ],
  ['context: { }', /WF005 .*was neither$/],
  [
    'context: { topic: a.b.c, contract: compositeAreas }',
    /WF001 contract 'compositeAreas' is not known; nearest: 'compositeArea'$/,
  ],
  [
    'context: { topic: a.b.c, kind: view }',
    /WF005 'kind' expected event or table, was text 'view'$/,
  ],
  ['context: { use: vwap@^1 }', /WF001 plugin 'vwap' is a processor: expected a source here$/],
  [
    'context: { use: simulator@^1, with: { sead: 1 } }',
    /WF001 'sead' is no key of source 'context'; nearest: 'seed'$/,
  ],
])('%s is told', (sources, message) => {
  expect(compileWithDoubles(flow(sources)).messages[0]).toMatch(message);
});

test('two sources of one plugin and configuration are one', () => {
  const both =
    'market: { use: simulator@^1, with: { seed: 3 } }\nother: { use: simulator@^1, with: { seed: 3 } }';
  const text = `flow: made
version: 1.0.0
instruments: [ES]
sources:
${both.replace(/^/gm, '  ')}
nodes:
  profile: { use: volume-profile@^1, in: { market: market } }
  vwap: { use: vwap@^1, in: { market: other } }
`;
  const { graph, messages } = compileWithDoubles(text);
  expect(messages).toEqual([]);
  expect(graph?.sources.map(({ id }) => id)).toEqual(['market']);
  expect(graph?.nodes.map(({ wires }) => wires[0]?.origin)).toEqual([
    { kind: 'market', source: 'market' },
    { kind: 'market', source: 'market' },
  ]);
});
