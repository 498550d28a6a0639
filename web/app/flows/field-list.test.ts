import { describe, expect, it } from 'vitest';
import { pluginFact } from '#engine/cli/plugin-facts.ts';
import { flowJsonSchema } from '#engine/flow/json-schema.ts';
import { registryOfDoubles } from '#engine/flow/plugin-doubles.ts';
import { fieldsOf, readField, wiresOf } from './field-list.ts';
import { nodeSpans } from './patch.ts';
import { problemsByNode } from './use-flow-model.ts';

const doubles = registryOfDoubles();
const facts = {
  schema: JSON.parse(JSON.stringify(flowJsonSchema(doubles))) as Record<string, unknown>,
  plugins: doubles.all().map((plugin) => pluginFact(plugin, [])),
  topics: [],
  contracts: {},
};
const document = {
  sources: { market: { use: 'simulator@^1' } },
  nodes: {
    p: { use: 'volume-profile@^1', in: { market: 'market' } },
    cva: {
      use: 'composite-value-area@^1',
      with: { sessions: '${param.days}' },
      in: { completed: { from: 'p.completed', where: 'true' } },
    },
    chart: { machine: {} },
  },
};

describe('the form of a node', () => {
  it('has the parameters of its plugin with what is written and what holds otherwise', () => {
    const [sessions, fraction] = fieldsOf(facts, document, 'nodes', 'cva');
    expect(sessions).toMatchObject({ label: 'sessions', kind: 'yaml', value: '${param.days}' });
    expect(fraction).toMatchObject({
      path: ['nodes', 'cva', 'with', 'valueAreaFraction'],
      kind: 'number',
      usual: 0.7,
      value: undefined,
    });
    expect(fieldsOf(facts, document, 'nodes', 'chart')).toEqual([]);
  });

  it('has its wires, to be changed where they are written', () => {
    expect(wiresOf(facts, document, 'cva')[0]).toMatchObject({
      path: ['nodes', 'cva', 'in', 'completed', 'from'],
      value: 'p.completed',
      isFixed: false,
    });
    expect(wiresOf(facts, document, 'p')[0]?.options.map(({ name }) => name)).toEqual(['market']);
  });

  it.each([
    ['0.5', 0.5],
    [' 3 ', 3],
    ['', null],
    ['many', null],
  ])('reads %j as %j', (typed, value) => {
    const [, fraction] = fieldsOf(facts, document, 'nodes', 'cva');
    expect(readField(fraction!, typed)).toBe(value);
  });
});

it('counts a mistake for the node its line belongs to', () => {
  const text = 'flow: x\nnodes:\n  a:\n    use: y\n  b: { use: z }\n';
  const lints = [{ line: 1 }, { line: 4 }, { line: 4 }, { line: 5 }];
  expect([...problemsByNode(text, lints, nodeSpans(text))]).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});
