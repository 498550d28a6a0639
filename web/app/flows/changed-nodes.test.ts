import { expect, it } from 'vitest';
import { changedNodes } from './changed-nodes.ts';

const text = `flow: x
sources:
  market: { use: simulator@^1 }
nodes:
  a: { use: session@^1, in: { market: market } }
  b: { use: vwap@^1, in: { market: market } }
`;

it('names what is written otherwise or new, and nothing else', () => {
  expect(changedNodes(text, text)).toEqual(new Set());
  expect(changedNodes(text, text.replace('  b:', '  # a note\n  b:'))).toEqual(new Set());
  const changed = text.replace('session@^1,', 'session@^1, with: { gapSeconds: 5 },');
  expect(changedNodes(text, changed)).toEqual(new Set(['a']));
  expect(changedNodes(text, `${text}  c: { use: session@^1 }\n`)).toEqual(new Set(['c']));
  expect(changedNodes(text, text.replace('  b:', '  c:'))).toEqual(new Set(['c']));
});

it('says nothing of a text that cannot be read', () => {
  expect(changedNodes(text, 'nodes: [')).toEqual(new Set());
});
