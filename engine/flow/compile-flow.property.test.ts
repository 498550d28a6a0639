import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { compileWithDoubles } from './plugin-doubles.ts';

const text = `flow: made
version: 1.0.0
doc: Made for a test.
instruments: [ES]
params:
  stopTicks: { type: integer, default: 12, min: 4, max: 40, unit: tick }
sources:
  market: { use: simulator@^1, with: { seed: 7 } }
nodes:
  session:
    use: session@^1
    in: { market: market }
  profile:
    use: volume-profile@^1
    in: { market: market }
  cva:
    use: composite-value-area@^1
    with: { sessions: 5, valueAreaFraction: 0.7 }
    in: { completed: profile.completed }
  absorb:
    use: absorption@^1.2
    in: { market: market, level: { from: cva.level, where: "it.kind in ['vah', 'val', 'poc']" } }
  strategy:
    in: { absorb: absorb.signal, phase: session.phase }
    tables: { area: cva.area }
    out: { idea: tradeIdea }
    context:
      ref: { type: integer, unit: price }
    machine:
      initial: waiting
      states:
        waiting:
          on:
            absorb:
              - when:
                  all:
                    - { expr: area.vah - ev.price >= p.stopTicks, why: enough room }
                    - not: { within: { port: phase, last: 10m } }
                set: { ref: ev.price }
                emit: { idea: { side: ev.side, entry: ev.price, stop: ev.price - p.stopTicks, target: area.vah, reason: { text: room } } }
                to: following
        following:
          after: { 2h: { to: waiting, why: time stop } }
          on:
            phase: { when: ev.phase == 'overnight', to: waiting }
`;

const invalid = ['feedback-loop', 'cut-by-comma', 'secret-in-plain-text', 'no-flat-by-time'].map(
  (name) =>
    readFileSync(join(import.meta.dirname, `../../flows/invalid/${name}.flow.yaml`), 'utf8'),
);

const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ': ',
    '- ',
    '\n',
    '  ',
    '"',
    "'",
    ',',
    '&a ',
    '*a',
    '!',
    '|',
    '>',
    '#',
    '?',
    '%',
    '@',
    '\t',
    '\0',
    '-1',
    '1e999',
    '.nan',
  ],
  ...[
    'null',
    'true',
    'ev.',
    'ctx.x',
    'p.',
    'area',
    'market',
    'profile.',
    'use: ',
    'in: ',
    'machine:',
    'when: ',
    'to: ',
    '${param.',
    '${env:X}',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ],
  ...[
    '(((',
    '&& ',
    '|| !',
    ' ? a : b',
    'has(',
    'price(',
    "['vah']",
    '0x',
    '/ 0',
    '9'.repeat(400),
    'ä€😀\ud800',
  ],
);

/** Cuts, doubles, swaps and inserts, as a hasty hand or a broken merge would. */
const mutation = fc.record({
  at: fc.nat(3_000),
  length: fc.nat(40),
  kind: fc.constantFrom('cut', 'insert', 'double', 'line'),
  piece: fc.oneof(pieces, fc.string({ maxLength: 8 })),
});

function mutate(
  source: string,
  { at, length, kind, piece }: { at: number; length: number; kind: string; piece: string },
): string {
  const from = at % (source.length + 1);
  if (kind === 'cut') return source.slice(0, from) + source.slice(from + length);
  if (kind === 'double')
    return (
      source.slice(0, from) +
      source.slice(from, from + length).repeat(2) +
      source.slice(from + length)
    );
  if (kind === 'insert') return source.slice(0, from) + piece + source.slice(from);
  const lines = source.split('\n');
  const line = at % lines.length;
  const [taken] = lines.splice(line, 1);
  lines.splice(length % (lines.length + 1), 0, taken ?? '');
  return lines.join('\n');
}

test('whatever stands in a file, the compiler gives lints with places and never throws', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(text, ...invalid),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (base, mutations) => {
        const source = mutations.reduce(mutate, base);
        const { graph, lints } = compileWithDoubles(source);
        expect(graph !== null).toBe(lints.every(({ level }) => level !== 'error'));
        const lines = source.split('\n').length;
        for (const lint of lints) {
          expect(lint.line).toBeGreaterThanOrEqual(1);
          expect(lint.line).toBeLessThanOrEqual(lines);
          expect(lint.col).toBeGreaterThanOrEqual(1);
          expect(lint.message).not.toContain('[object ');
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('any YAML value at all is a flow or a list of mistakes', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom(
        'nodes',
        'params',
        'sources',
        'sinks',
        'instruments',
        'moved',
        'instrumentTable',
      ),
      (value, key) => {
        compileWithDoubles(stringify({ ...(parseDocument(text).toJS() as object), [key]: value }));
        compileWithDoubles(stringify(value));
      },
    ),
    { numRuns: 60 },
  );
});

const hash = compileWithDoubles(text).graph?.hash;

test('comments, blank lines and layout do not change the hash', () => {
  const lines = text.split('\n');
  const style = fc.record({
    comments: fc.array(
      fc.record({
        line: fc.nat(lines.length - 1),
        words: fc.constantFrom('# a word', '', '   # x: y'),
      }),
      { maxLength: 8 },
    ),
    indent: fc.constantFrom(2, 4),
    flowWidth: fc.constantFrom(0, 20, 200),
    doc: fc.string({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(style, ({ comments, indent, flowWidth, doc }) => {
      const commented = [...lines];
      for (const { line, words } of comments) commented.splice(line, 0, words);
      expect(compileWithDoubles(commented.join('\n')).graph?.hash).toBe(hash);
      const value = { ...(parseDocument(text).toJS() as object), doc };
      const printed = stringify(value, {
        indent,
        lineWidth: flowWidth,
        collectionStyle: flowWidth === 200 ? 'flow' : 'any',
      });
      expect(compileWithDoubles(printed).graph?.hash).toBe(hash);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['a parameter', text.replace('default: 12', 'default: 13')],
  ['a configuration', text.replace('sessions: 5', 'sessions: 4')],
  ['a condition of a wire', text.replace(", 'poc']", ']')],
  ['a guard', text.replace('>= p.stopTicks', '> p.stopTicks')],
  ['a timer', text.replace('2h:', '3h:')],
  ['a target', text.replace("'overnight', to: waiting", "'overnight', to: following")],
  ['an emitted value', text.replace('text: room', 'text: space')],
  ['an instrument', text.replace('[ES]', '[ES, MES]')],
  [
    'a node key',
    text
      .replaceAll('absorb:', 'absorbs:')
      .replaceAll('absorb.signal', 'absorbs.signal')
      .replace('in: { absorbs:', 'in: { absorb:')
      .replace('            absorbs:', '            absorb:'),
  ],
])('%s changes the hash', (_, changed) => {
  const { graph, messages } = compileWithDoubles(changed);
  expect(messages.filter((message) => message.includes(' error '))).toEqual([]);
  expect(graph?.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(graph?.hash).not.toBe(hash);
});
