import { expect, test } from 'vitest';
import { formatLint, Lints } from './lint-table.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

function read(text: string): { tree: Tree | null; messages: readonly string[] } {
  const lints = new Lints();
  const tree = parseYamlTree('f.yaml', text, lints);
  return { tree, messages: lints.list.map(formatLint) };
}

function at(tree: Tree | null, ...path: readonly (string | number)[]): Tree {
  let found = tree;
  for (const key of path) {
    if (found?.kind === 'map') found = found.entries.get(String(key))?.value ?? null;
    else if (found?.kind === 'list') found = found.items[Number(key)] ?? null;
  }
  if (!found) throw new Error(`expected a value at ${path.join('.')}`);
  return found;
}

test('every value and key knows its line and column', () => {
  const { tree } = read('a: 1\nb:\n  - x\n  - { c: "y" }\n');
  const place = (t: Tree): string => `${t.place.line}:${t.place.col}`;
  expect(place(at(tree, 'a'))).toBe('1:4');
  expect(place(at(tree, 'b', 0))).toBe('3:5');
  expect(place(at(tree, 'b', 1, 'c'))).toBe('4:10');
});

test('a character of an expression has its place, in quotes as without', () => {
  const { tree } = read('a: ev.x > 1\nb: "ev.x > 1"\n');
  const place = (name: string): string => {
    const scalar = at(tree, name);
    if (scalar.kind !== 'scalar') throw new Error('expected a scalar');
    const { line, col } = scalar.placeAt(3);
    return `${line}:${col}`;
  };
  expect([place('a'), place('b')]).toEqual(['1:7', '2:8']);
});

test('numbers, booleans and null are those of YAML 1.2; keys are text', () => {
  const { tree } = read('on: yes\nday: 2025-11-19\n20m: 0x1F\n5: ~\n');
  const values = ['on', 'day', '20m', '5'].map((name) => {
    const scalar = at(tree, name);
    return scalar.kind === 'scalar' ? scalar.value : undefined;
  });
  expect(values).toEqual(['yes', '2025-11-19', 31, null]);
});

test.each([
  ['a: [1, 2', /^f\.yaml:1:9 error WF002 not YAML: /],
  ['a: 1\n---\nb: 2\n', /^f\.yaml:2:1 error WF002 .*second document/],
  ['a: !secret x\n', /^f\.yaml:1:4 error WF002 .*Unresolved tag/],
  ['a: *nowhere\n', /^f\.yaml:1:4 error WF002 /],
  ['a: 1\na: 2\n', /^f\.yaml:2:1 error WF015 'a' is already given at line 1$/],
  ['a: x ? b : c\n', /^f\.yaml:1:4 error WF003 .*; quote the whole expression$/],
  ['a: { b: x ? c : d }\n', /^f\.yaml:1:9 error WF003 /],
])('%j is told with its place', (text, message) => {
  expect(read(text).messages[0]).toMatch(message);
});

test('an alias means its anchor, and one that contains itself ends', () => {
  expect(at(read('a: &x { b: 1 }\nc: *x\n').tree, 'c', 'b')).toMatchObject({ value: 1 });
  expect(read('a: &x [ *x, *x ]\n').messages[0]).toMatch(/WF002/);
});

test('a hundred thousand brackets are a mistake, not a crash', () => {
  expect(read('['.repeat(100_000)).messages[0]).toMatch(/WF002/);
  expect(read(`${'[ '.repeat(80)}1${' ]'.repeat(80)}`).messages[0]).toMatch(
    /WF002 nested deeper than 64/,
  );
});
