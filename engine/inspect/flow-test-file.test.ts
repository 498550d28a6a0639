import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatLint } from '../flow/lint-table.ts';
import { largeLot } from '../testing/large-lot.ts';
import { readFlowTest } from './flow-test-file.ts';
import { lintCaseNames } from './flow-test-names.ts';
import { buyer, madeGraph } from './inspect-fixture.ts';

const head = `flow: made.flow.yaml
cases:
  - name: a case
`;

const lintsOf = (text: string): string[] =>
  readFlowTest('made.test.yaml', text).lints.map(formatLint);

const folder = join(import.meta.dirname, '../../flows/invalid');
const invalidTests = readdirSync(folder).filter((file) => file.endsWith('.test.yaml'));

it.each(invalidTests)('flows/invalid/%s gives the one lint it names', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const found = readFlowTest(file, text).lints.map((l) => `${l.code} ${l.line}:${l.col}`);
  expect(found).toEqual([/^# expect: (WF\d{3} \d+:\d+)$/m.exec(text)?.[1]]);
});

describe('readFlowTest', () => {
  it('reads a case and knows where each value stands', () => {
    const { test, lints } = readFlowTest(
      'made.test.yaml',
      `${head}    feed: [ { at: "10:00" } ]\n    expect:\n      never: [ a.b, c.d ]\n`,
    );
    expect(lints).toEqual([]);
    expect(test?.flow).toBe('made.flow.yaml');
    expect(test?.placeOf(['cases', 0, 'name'])).toMatchObject({ line: 3, col: 5 });
    expect(test?.placeOf(['cases', 0, 'expect', 'never', 1])).toMatchObject({
      file: 'made.test.yaml',
      line: 6,
      col: 21,
    });
    expect(test?.placeOf(['cases', 0, 'expect', 'states', 'x'])).toMatchObject({ line: 5, col: 5 });
  });

  it('knows the places inside what an alias stands for, as near as it gets', () => {
    const text = `${head}    given: &g { states: { a: b } }\n    feed: [ { at: "10:00" } ]\n    expect: { never: [] }\n  - name: second\n    given: *g\n    feed: [ { at: "10:00" } ]\n    expect: { never: [] }\n`;
    const { test } = readFlowTest('made.test.yaml', text);
    expect(test?.cases[1]?.given.states).toEqual({ a: 'b' });
    expect(test?.placeOf(['cases', 1, 'given', 'states', 'a']).line).toBe(8);
  });

  it.each([
    [
      'not YAML',
      `${head}    feed: [ { at: "10:00" }\n    expect: {}\n`,
      /^made\.test\.yaml:\d+:\d+ error WF002 not YAML: /,
    ],
    [
      'an unknown key, with the nearest',
      `${head}    fed: []\n    expect: { never: [] }\n`,
      "made.test.yaml:4:5 error WF090 'fed' is no key here: expected one of name, given, mocks, feed, replay, expect; nearest: 'feed'",
    ],
    [
      'an unknown expectation',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: { emit: [] }\n`,
      "made.test.yaml:5:15 error WF090 'emit' is no key here: expected one of emits, never, states, context, why, probes, journalHash, signals; nearest: 'emits'",
    ],
    [
      'an unknown key below why',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: { why: { node: a, event: b, verdict: fired, blokedBy: x } }\n`,
      /:5:57 error WF090 'blokedBy' is no key here.*nearest: 'blockedBy'$/,
    ],
    [
      'an unknown verdict',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: { why: { node: a, event: b, verdict: blocked } }\n`,
      /:5:41 error WF090 'cases\.0\.expect\.why\.verdict' expected fired, guard-blocked, .*, was 'blocked'$/,
    ],
    [
      'a why without a question',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: { why: { node: a, verdict: fired } }\n`,
      /:5:15 error WF090 'cases\.0\.expect\.why' expected `event:` or `transition:`$/,
    ],
    [
      'text for a number',
      `${head}    feed: [ { at: "10:00", trade: { price: x, size: 1 } } ]\n    expect: { never: [] }\n`,
      "made.test.yaml:4:37 error WF090 'cases.0.feed.0.trade.price' expected a number, was 'x'",
    ],
    [
      'a time that is none',
      `${head}    feed: [ { at: 10h } ]\n    expect: { never: [] }\n`,
      `made.test.yaml:4:15 error WF090 'cases.0.feed.0.at' expected a time such as "10:04:10", was '10h'`,
    ],
    [
      'a missing key',
      `${head}    feed: [ { at: "10:00" } ]\n`,
      "made.test.yaml:3:5 error WF090 'cases.0.expect' expected a mapping, was absent",
    ],
    [
      'neither feed nor replay',
      `${head}    expect: { never: [] }\n`,
      /:3:5 error WF090 'cases\.0' expected either `feed:` or `replay:`$/,
    ],
    [
      'a golden without a replay',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: { journalHash: x }\n`,
      /:5:5 error WF090 'cases\.0\.expect' expected `journalHash:` and `signals:` beside `replay:` only$/,
    ],
    [
      'nothing expected',
      `${head}    feed: [ { at: "10:00" } ]\n    expect: {}\n`,
      /:5:5 error WF090 'cases\.0\.expect' expected one of emits/,
    ],
    [
      'an empty step',
      `${head}    feed: [ {} ]\n    expect: { never: [] }\n`,
      /:4:13 error WF090 'cases\.0\.feed\.0' expected one of at, trade/,
    ],
    [
      'an empty file',
      '',
      "made.test.yaml:1:1 error WF090 'the file' expected a mapping, was nothing",
    ],
    ['no case', 'flow: x\ncases: []\n', /:2:1 error WF090 'cases' expected at least 1/],
  ])('%s', (_, text, expected) => {
    const [first] = lintsOf(text);
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect(first).toMatch(expected);
  });
});

describe('lintCaseNames', () => {
  const graph = madeGraph([
    { id: 'lots', plugin: largeLot },
    { id: 'buyer', plugin: buyer, wires: { offer: 'lots.signal' } },
  ]);

  function namesOf(body: string): string[] {
    const { test, lints } = readFlowTest('made.test.yaml', head + body);
    expect(lints).toEqual([]);
    return test ? lintCaseNames(test, 0, graph).map(formatLint) : [];
  }

  it('takes names that the flow has', () => {
    const body =
      '    mocks: [ lots ]\n    feed: [ { at: "10:00", emit: { lots.signal: {}, test.buyer.confirm: {} } } ]\n    expect: { never: [ buyer.bought ], states: { buyer: watching.fresh }, probes: { lots: { size: {} } } }\n';
    expect(namesOf(body)).toEqual([]);
  });

  it.each([
    [
      'expect: { never: [ lots.signl ] }',
      "made.test.yaml:5:24 error WF090 'lots.signl' is no out-port of flow 'made': expected <node>.<port>; nearest: 'lots.signal'",
    ],
    [
      'expect: { emits: [ { port: byer.bought } ] }',
      "made.test.yaml:5:26 error WF090 'byer.bought' is no out-port of flow 'made': expected <node>.<port>; nearest: 'buyer.bought'",
    ],
    [
      'expect: { states: { byer: x } }',
      "made.test.yaml:5:25 error WF090 'byer' is no node of flow 'made'; nearest: 'buyer'",
    ],
    [
      'expect: { context: { lot: {} } }',
      "made.test.yaml:5:26 error WF090 'lot' is no node of flow 'made'; nearest: 'lots'",
    ],
    [
      'expect: { probes: { lots: { sise: {} } } }',
      "made.test.yaml:5:33 error WF090 'lots' has no probe 'sise': expected one of size; nearest: 'size'",
    ],
    [
      'expect: { never: [] }\n    mocks: [ x ]',
      "made.test.yaml:6:14 error WF090 'x' is no node of flow 'made'",
    ],
    [
      'expect: { never: [] }\n    given: { tables: { lots.lst: {} }, states: { b: x } }',
      "made.test.yaml:6:50 error WF090 'b' is no node of flow 'made'",
    ],
  ])('%s', (body, expected) => {
    expect(namesOf(`    feed: [ { at: "10:00" } ]\n    ${body}\n`)[0]).toBe(expected);
  });

  it.each([
    [
      'given: { states: { buyer: wathing } }',
      /'buyer' has no state 'wathing'.*nearest: 'watching'$/,
    ],
    [
      'given: { states: { buyer: { watching: frsh } } }',
      /no state 'watching\.frsh'.*nearest: 'watching\.fresh'$/,
    ],
    [
      'given: { tables: { lots.last: { sise: 5 } } }',
      /'lots\.last' has no field 'sise'.*nearest: 'size'$/,
    ],
    ['mocks: []', null],
  ])('%s', (body, expected) => {
    const [first] = namesOf(
      `    feed: [ { at: "10:00" } ]\n    expect: { never: [] }\n    ${body}\n`,
    );
    if (expected === null) expect(first).toBeUndefined();
    else expect(first).toMatch(expected);
  });

  it('fields that a record of the port does not have', () => {
    const body = '    feed: [ { at: "10:00", emit: { lots.signal: { sise: 5 } } } ]\n';
    expect(namesOf(`${body}    expect: { never: [] }\n`)[0]).toMatch(
      /:4:51 error WF090 .*nearest: 'size'$/,
    );
    const expected = '    expect: { emits: [ { port: lots.signal, payload: { pric: 5 } } ] }\n';
    expect(namesOf(`    feed: [ { at: "10:00" } ]\n${expected}`)[0]).toMatch(/nearest: 'price'$/);
  });

  it('a feed that speaks for nobody', () => {
    expect(
      namesOf(
        '    feed: [ { at: "10:00", emit: { lots.sig: {} } } ]\n    expect: { never: [] }\n',
      )[0],
    ).toMatch(/:4:36 error WF090 'lots\.sig' is no out-port.*nearest: 'lots\.signal'$/);
  });
});
