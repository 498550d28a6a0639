import { expect, test } from 'vitest';
import { isOrderflowError } from '../errors.ts';
import { canonicalJson } from './canonical.ts';

function refusalOf(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (!isOrderflowError(error, 'OF_JSON_VALUE')) throw error;
    return `${String(error.facts['path'])}: ${String(error.facts['was'])}`;
  }
}

test('keys stand in ascending order of code units at every depth', () => {
  expect(canonicalJson({ b: [{ z: 1, a: 2 }], a: null, B: true, '10': 'x', '9': 'y' })).toBe(
    '{"10":"x","9":"y","B":true,"a":null,"b":[{"a":2,"z":1}]}',
  );
});

test('an object of many keys is sorted as one of few', () => {
  const keys = Array.from({ length: 100 }, (_, i) => `k${(i * 37) % 100}`);
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
  expect(Object.keys(JSON.parse(text) as object)).toEqual(
    [...keys].sort((a, b) => (a < b ? -1 : 1)),
  );
});

test('minus zero and zero have one text', () => {
  expect(canonicalJson([-0, 0, 1e21, 0.1])).toBe('[0,0,1e+21,0.1]');
});

test('text with quotes, controls and lone surrogates is escaped as JSON does', () => {
  for (const text of ['a"b', 'a\\b', 'a\nb', '\u0001', '\ud800', 'ä€😀', '']) {
    expect(canonicalJson(text)).toBe(JSON.stringify(text));
  }
});

test.each([
  [{ a: [1, { b: undefined }] }, 'a.1.b: undefined'],
  [Number.NaN, '(root): NaN'],
  [{ x: Infinity }, 'x: Infinity'],
  [{ f: () => 1 }, 'f: a function'],
  [{ n: 1n }, 'n: a bigint'],
  [{ m: new Map() }, 'm: an instance of Map'],
  [[new Float64Array(1)], '0: an instance of Float64Array'],
  [Array(1), '0: undefined'],
])('what JSON would drop or change is refused with its place: %#', (value, message) => {
  expect(refusalOf(value)).toBe(message);
});

test('a circle is refused instead of followed for ever', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(refusalOf(circle)).toContain('in a circle');
});
