import { expect, test } from 'vitest';
import { z } from 'zod';
import { isOrderflowError } from '../errors.ts';
import { definePlugin, type Plugin } from './define-plugin.ts';
import { createRegistry } from './registry.ts';

function made(changes: Readonly<Record<string, unknown>> = {}): Plugin {
  return definePlugin({
    id: 'absorption',
    version: '1.2.3',
    api: 1,
    summary: 'Volume that does not move price',
    config: z.object({}),
    in: {},
    out: { signal: { kind: 'event', schema: z.object({ price: z.number() }) } },
    examples: [],
    ...changes,
  });
}

function found(use: string): string {
  const resolved = createRegistry([made(), made({ id: 'vwap' })]).resolve(use);
  return resolved.plugin
    ? `${resolved.plugin.id} ${resolved.plugin.version}`
    : `${resolved.problem} ${resolved.nearest}`;
}

test.each([
  ['absorption', 'absorption 1.2.3'],
  ['absorption@^1.2', 'absorption 1.2.3'],
  ['absorption@~1.2.0', 'absorption 1.2.3'],
  ['absorption@1.2.3', 'absorption 1.2.3'],
  ['absorption@1.2', 'absorption 1.2.3'],
  ['absorption@1', 'absorption 1.2.3'],
  ['absorption@^1.3', 'version 1.2.3'],
  ['absorption@~1.1', 'version 1.2.3'],
  ['absorption@1.2.4', 'version 1.2.3'],
  ['absorption@^2', 'version 1.2.3'],
  ['absorbtion@^1', 'unknown absorption'],
  ['waps', 'unknown vwap'],
  ['footprint@^1', 'unknown null'],
  ['absorption@latest', 'unreadable null'],
  ['absorption@', 'unreadable null'],
  ['Absorption Rule', 'unreadable null'],
])('%s leads to: %s', (use, expected) => {
  expect(found(use)).toBe(expected);
});

test('a caret keeps the leftmost number that is not 0', () => {
  const of = (version: string, range: string): boolean =>
    createRegistry([made({ version })]).resolve(`absorption@${range}`).plugin !== null;
  expect([
    of('0.2.9', '^0.2.1'),
    of('0.3.0', '^0.2.1'),
    of('0.0.4', '^0.0.3'),
    of('0.9.0', '^0'),
  ]).toEqual([true, false, false, true]);
});

test('all plugins are told in the order of their ids', () => {
  const ids = createRegistry([made({ id: 'vwap' }), made({ id: 'absorption' })]).all();
  expect(ids.map(({ id }) => id)).toEqual(['absorption', 'vwap']);
});

function refusal(...plugins: readonly Plugin[]): string {
  try {
    createRegistry(plugins);
    return 'accepted';
  } catch (error) {
    if (!isOrderflowError(error)) throw error;
    return `${error.code} ${String(error.facts['what'] ?? error.facts['plugin'])}`;
  }
}

const none = () => ({ value: 0, needed: 1, unit: 'contract' });

const event = (fields: Readonly<Record<string, z.ZodType>>) => ({
  kind: 'event',
  schema: z.object(fields),
});

test.each<[string, Readonly<Record<string, unknown>>, string]>([
  ['an id with capitals', { id: 'Absorption' }, 'id'],
  ['a version of two numbers', { version: '1.2' }, 'version'],
  ['another api', { api: 2 }, 'api'],
  ['no summary', { summary: ' ' }, 'summary'],
  ['a port CEL cannot name', { out: { 'my-signal': event({}) } }, 'out.my-signal'],
  ['a port with a word of CEL', { in: { in: event({}) } }, 'in.in'],
  ['a port named as an event of the engine', { in: { init: event({}) } }, 'in.init'],
  ['a field the engine adds', { out: { signal: event({ ts: z.number() }) } }, 'out.signal.schema'],
  [
    'a key on an event',
    { out: { signal: { ...event({ a: z.string() }), key: 'a' } } },
    'out.signal.key',
  ],
  [
    'a key that is no field',
    { out: { levels: { kind: 'table', schema: z.object({ a: z.string() }), key: 'b' } } },
    'out.levels.key',
  ],
  [
    'an unreadable interval',
    { out: { levels: { kind: 'table', schema: z.object({}), every: '1 second' } } },
    'out.levels.every',
  ],
  ['a market out-port', { out: { market: { kind: 'market', takes: ['trade'] } } }, 'out.market'],
  [
    'a market port that takes nothing',
    { in: { market: { kind: 'market', takes: [] } } },
    'in.market.takes',
  ],
  ['a sense named as an in-port', { in: { a: event({}) }, senses: { a: event({}) } }, 'senses.a'],
  [
    'a view of no table',
    { sensor: { slots: [], init: () => {}, views: { signal: () => null } } },
    'sensor.views.signal',
  ],
  [
    'a probe that does not say what it holds back, where another does',
    { sensor: { slots: [], probes: { a: none, b: none }, withholds: { a: ['signal'] } } },
    'sensor.withholds.b',
  ],
  [
    'something held back by no probe',
    { sensor: { slots: [], probes: { a: none }, withholds: { a: [], b: ['signal'] } } },
    'sensor.withholds.b',
  ],
  [
    'a port that is held back and does not exist',
    { sensor: { slots: [], probes: { a: none }, withholds: { a: ['signal', 'signl'] } } },
    'sensor.withholds.a',
  ],
  ['an unreadable migration', { migrate: { 'before 1.2': () => null } }, "migrate['before 1.2']"],
])('%s is refused as OF_PLUGIN_SPEC', (_, changes, what) => {
  expect(refusal(made(changes))).toBe(`OF_PLUGIN_SPEC ${what}`);
});

test('two plugins of one id are refused as OF_PLUGIN_DUPLICATE', () => {
  expect(refusal(made(), made({ version: '2.0.0' }))).toBe('OF_PLUGIN_DUPLICATE absorption');
});
