import { describe, expect, it } from 'vitest';
import { compileWithDoubles } from './plugin-doubles.ts';
import { quickFixOf } from './quick-fix.ts';

const head =
  'flow: x\nversion: 1.0.0\ninstruments: [ES]\nsources:\n  market: { use: simulator@^1 }\n';

/** Applies every quick fix of a flow, last first, and returns the text. */
function mended(body: string): string {
  const text = `${head}${body}`;
  const { lints } = compileWithDoubles(text);
  const fixes = lints.flatMap((lint) => quickFixOf(lint, text) ?? []);
  return fixes
    .sort((a, b) => b.from - a.from)
    .reduce((now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to), text)
    .slice(head.length);
}

describe('quickFixOf', () => {
  it.each([
    [
      'a plugin, leaving its range',
      'nodes:\n  a: { use: sesion@^1, in: { market: market } }\n',
      'nodes:\n  a: { use: session@^1, in: { market: market } }\n',
    ],
    [
      'a key',
      'nodes:\n  a: { use: session@^1, inn: { market: market } }\n',
      'nodes:\n  a: { use: session@^1, in: { market: market } }\n',
    ],
    [
      'a parameter of a plugin',
      'nodes:\n  a:\n    use: session@^1\n    with: { gapSecond: 5 }\n    in: { market: market }\n',
      'nodes:\n  a:\n    use: session@^1\n    with: { gapSeconds: 5 }\n    in: { market: market }\n',
    ],
    [
      'a port behind its node',
      'nodes:\n  p: { use: volume-profile@^1, in: { market: market } }\n  c: { use: composite-value-area@^1, in: { completed: p.complete } }\n',
      'nodes:\n  p: { use: volume-profile@^1, in: { market: market } }\n  c: { use: composite-value-area@^1, in: { completed: p.completed } }\n',
    ],
    [
      'a range that no installed version is in',
      'nodes:\n  a: { use: session@^9, in: { market: market } }\n',
      'nodes:\n  a: { use: session@^1.2.0, in: { market: market } }\n',
    ],
    [
      'one in quotes',
      'nodes:\n  a:\n    use: "session@2"   # old\n    in: { market: market }\n',
      'nodes:\n  a:\n    use: "session@^1.2.0"   # old\n    in: { market: market }\n',
    ],
    [
      'a share in percent',
      'nodes:\n  p: { use: volume-profile@^1, with: { valueAreaFraction: 70 }, in: { market: market } }\n',
      'nodes:\n  p: { use: volume-profile@^1, with: { valueAreaFraction: 0.7 }, in: { market: market } }\n',
    ],
  ])('corrects %s', (_, body, expected) => {
    expect(mended(body)).toBe(expected);
  });

  it('puts a cut expression in quotes where it has the line for itself', () => {
    const text = 'a: x ? 1 : 2   # why\n';
    const lint = {
      file: 'x',
      line: 1,
      col: 4,
      code: 'WF003',
      level: 'error',
      message: 'a ternary holds ": "',
      fix: 'quote the whole expression',
    } as const;
    expect(quickFixOf(lint, text)).toMatchObject({ from: 3, to: 12, insert: '"x ? 1 : 2"' });
    expect(quickFixOf(lint, 'a: { b: x ? 1 : 2 }\n')).toBeNull();
  });

  it('has nothing to offer where no name is near, or the text has moved on', () => {
    const lint = {
      file: 'x',
      line: 9,
      col: 1,
      code: 'WF001',
      level: 'error',
      message: "'a'",
    } as const;
    expect(quickFixOf(lint, 'short\n')).toBeNull();
    expect(quickFixOf({ ...lint, line: 1, fix: "nearest: 'b'" }, 'nothing here\n')).toBeNull();
  });
});
