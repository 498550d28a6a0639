import { expect, test } from 'vitest';
import { flowJsonSchema } from './json-schema.ts';
import { registryOfDoubles } from './plugin-doubles.ts';

type Json = Readonly<Record<string, unknown>>;

const schema = flowJsonSchema(registryOfDoubles());

function find(value: unknown, wanted: (node: Json) => boolean): Json | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value) && wanted(value as Json)) return value as Json;
  for (const inner of Object.values(value)) {
    const found = find(inner, wanted);
    if (found) return found;
  }
  return null;
}

function ofPlugin(id: string): Json {
  const pattern = `^${id}(@|$)`;
  const branch = find(
    schema,
    (node) => find(node['if'], (inner) => inner['pattern'] === pattern) !== null && 'then' in node,
  );
  return branch?.['then'] as Json;
}

test('it is plain JSON and every reference leads somewhere', () => {
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  const names = Object.keys(schema['$defs'] as object);
  for (const [, name] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g))
    expect(names).toContain(name);
});

test('it offers the plugins of the registry with their versions', () => {
  expect(
    find(schema, (node) => Array.isArray(node['enum']) && node['enum'].includes('absorption@^1')),
  ).not.toBeNull();
  expect(
    find(schema, (node) => Array.isArray(node['enum']) && node['enum'].includes('replay@^1')),
  ).not.toBeNull();
});

test('a node of a plugin has its configuration with ranges and units, and its in-ports', () => {
  const { properties, required } = ofPlugin('absorption') as {
    properties: Readonly<Record<string, Json>>;
    required: readonly string[];
  };
  expect(properties['with']).toMatchObject({
    additionalProperties: false,
    properties: {
      minVolume: { type: 'integer', minimum: 1, maximum: 5000, default: 300, unit: 'contract' },
    },
  });
  expect(properties['in']).toMatchObject({ additionalProperties: false, required: ['market'] });
  expect(Object.keys(properties['in']!['properties'] as object)).toEqual(['market', 'level']);
  expect(required).toEqual(['use', 'in']);
});

test('defaults of a configuration are not asked for', () => {
  expect(
    (ofPlugin('vwap') as { properties: { with: Json } }).properties.with['required'],
  ).toBeUndefined();
  expect(
    (ofPlugin('ibkr-execution') as { properties: { with: Json } }).properties.with['required'],
  ).toEqual(['contract', 'account']);
});
