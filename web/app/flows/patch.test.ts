import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { applyChange, type FieldValue, nodeSpans, removeAt, setAt } from './patch.ts';

const flow = `# the first line
flow: x   # its name
nodes:
  # about a
  a:                 # what a is
    use: absorption@^1
    with:
      # why this
      minVolume: 300   # contracts
      lastArm: "14:30"
      size: { least: 1, most: 2 }
    in: { market: market, level: { from: cva.level, where: it.inForce } }
  b: { use: vwap@^1, in: { market: market } }
  c:
    use: &u session@^1
    with: &w
      gap: &g 60
  d:
    use: *u
    with: *w
list:
- k: 1
- k: 2
`;

const edit = (path: readonly string[], value: FieldValue): string =>
  applyChange(flow, setAt(flow, path, value)!);

/** Lines that are not in both, from before and after. */
function changedLines(before: string, after: string): readonly [string[], string[]] {
  const a = before.split('\n');
  const b = after.split('\n');
  let from = 0;
  while (from < Math.min(a.length, b.length) && a[from] === b[from]) from += 1;
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - from &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end += 1;
  return [a.slice(from, a.length - end), b.slice(from, b.length - end)];
}

describe('setAt', () => {
  test.each([
    [['nodes', 'a', 'with', 'minVolume'], 250, '      minVolume: 250   # contracts'],
    [['nodes', 'a', 'with', 'lastArm'], '15:00', '      lastArm: "15:00"'],
    [['nodes', 'a', 'with', 'size', 'most'], 9, '      size: { least: 1, most: 9 }'],
    [
      ['nodes', 'a', 'in', 'level', 'from'],
      'levels.level',
      '    in: { market: market, level: { from: levels.level, where: it.inForce } }',
    ],
    [
      ['nodes', 'b', 'with', 'anchor'],
      'rth',
      '  b: { use: vwap@^1, with: { anchor: rth }, in: { market: market } }',
    ],
    [['nodes', 'c', 'with', 'gap'], 90, '      gap: &g 90'],
  ] as const)('%j becomes %j on its one line', (path, value, line) => {
    expect(changedLines(flow, edit(path, value))[1]).toEqual([line]);
    expect(changedLines(flow, edit(path, value))[0]).toHaveLength(1);
  });

  it('adds a key as a line of its own, where its mapping ends', () => {
    const [before, after] = changedLines(flow, edit(['nodes', 'a', 'with', 'trigger'], 'close2'));
    expect([before, after]).toEqual([[], ['      trigger: close2']]);
  });

  it('puts with: behind use:', () => {
    const text = 'nodes:\n  s:\n    use: session@^1 # calendar\n    in: { market: market }\n';
    const change = setAt(text, ['nodes', 's', 'with', 'gap'], 5)!;
    expect(applyChange(text, change)).toBe(
      'nodes:\n  s:\n    use: session@^1 # calendar\n    with: { gap: 5 }\n    in: { market: market }\n',
    );
  });

  it('fills a key without value and an empty pair of braces', () => {
    const text = 'a:\nb: {}\n';
    expect(applyChange(text, setAt(text, ['a'], 1)!)).toBe('a: 1\nb: {}\n');
    expect(applyChange(text, setAt(text, ['a', 'k'], 1)!)).toBe('a: { k: 1 }\nb: {}\n');
    expect(applyChange(text, setAt(text, ['b', 'k'], 'x y')!)).toBe('a:\nb: { k: "x y" }\n');
  });

  it('does not write through an alias, into a block of text, or into what is no YAML', () => {
    expect(setAt(flow, ['nodes', 'd', 'with', 'gap'], 1)).toBeNull();
    expect(setAt(flow, ['nodes', 'd', 'use'], 'x')).toBeNull();
    expect(setAt('a: |\n  text\n', ['a'], 'x')).toBeNull();
    expect(setAt('a: [1\n', ['a'], 'x')).toBeNull();
  });
});

describe('removeAt', () => {
  it('takes the line away, and an emptied mapping with it', () => {
    const without = applyChange(flow, removeAt(flow, ['nodes', 'a', 'with', 'lastArm'])!);
    expect(changedLines(flow, without)).toEqual([['      lastArm: "14:30"'], []]);
    const text = 'n:\n  use: x\n  with:\n    only: 1\n  in: {}\n';
    expect(applyChange(text, removeAt(text, ['n', 'with', 'only'])!)).toBe(
      'n:\n  use: x\n  in: {}\n',
    );
  });

  it.each([
    [['a', 'x'], 'a: { y: 2, z: 3 }\n'],
    [['a', 'y'], 'a: { x: 1, z: 3 }\n'],
    [['a', 'z'], 'a: { x: 1, y: 2 }\n'],
  ])('takes %j out of braces with one comma', (path, text) => {
    const before = 'a: { x: 1, y: 2, z: 3 }\n';
    expect(applyChange(before, removeAt(before, path)!)).toBe(text);
  });
});

const key = fc
  .stringMatching(/^[a-z][a-zA-Z0-9]{0,6}$/)
  .filter((word) => !/^(true|false|null)$/.test(word));
const scalar = fc.oneof(
  fc.integer({ min: -9_999, max: 9_999 }),
  fc.boolean(),
  fc.constantFrom('rth', '14:30', 'a, b', "it's", 'x: y', '# no', '- dash', '{', 'true', '12', ''),
);
const comment = fc.constantFrom('', ' # why', '   # 300: it is "so"');

/** A mapping written by hand: comments, quotes, braces, blank lines, anchors. */
const written = fc
  .uniqueArray(fc.tuple(key, scalar, comment, fc.boolean(), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
    selector: ([name]) => name,
  })
  .map((fields) => {
    const lines = fields.flatMap(([name, value, remark, isNested, isAnchored], i) => {
      const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
      const anchor = isAnchored && !isNested ? `&a${i} ` : '';
      const body = isNested ? `{ in: ${text}, out: 1 }` : `${anchor}${text}`;
      return [...(i % 2 === 1 ? ['', '    # above'] : []), `    ${name}: ${body}${remark}`];
    });
    return {
      text: `root:\n  node:\n${lines.join('\n')}\nend: 1 # last\n`,
      paths: fields.map(([name, , , isNested]) => [
        'root',
        'node',
        name,
        ...(isNested ? ['in'] : []),
      ]),
    };
  });

const remarks = (text: string): string[] => text.match(/ # .*$|^\s*#.*$/gm) ?? [];

describe('any edit of a form', () => {
  const edited = written.chain((made) =>
    fc.record({
      made: fc.constant(made),
      path: fc.oneof(
        fc.constantFrom(...made.paths),
        key.map((name) => ['root', 'node', `new${name}`]),
      ),
      value: scalar,
    }),
  );

  it('changes one line, keeps every other byte, and means what was asked for', () => {
    fc.assert(
      fc.property(edited, ({ made: { text }, path, value }) => {
        const after = applyChange(text, setAt(text, path, value)!);
        const [was, is] = changedLines(text, after);
        expect(was.length).toBeLessThanOrEqual(1);
        expect(is.length).toBeLessThanOrEqual(1);
        const read: unknown = path.reduce(
          (node: unknown, name) => (node as Record<string, unknown>)[name],
          parse(after) as unknown,
        );
        expect(read).toEqual(value);
        expect(remarks(after)).toEqual(remarks(text));
        expect(after.match(/&a\d/g)).toEqual(text.match(/&a\d/g));
      }),
    );
  });

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(edited, ({ made: { text }, path, value }) => {
        const { from, to, insert } = setAt(text, path, value)!;
        const after = applyChange(text, { from, to, insert });
        const inverse = { from, to: from + insert.length, insert: text.slice(from, to) };
        expect(applyChange(after, inverse)).toBe(text);
      }),
    );
  });

  it('that is taken back by removing the key leaves the text as it was', () => {
    fc.assert(
      fc.property(written, key, scalar, ({ text }, name, value) => {
        const path = ['root', 'node', `new${name}`];
        const after = applyChange(text, setAt(text, path, value)!);
        expect(applyChange(after, removeAt(after, path)!)).toBe(text);
      }),
    );
  });
});

it('knows where each node stands and ends', () => {
  const spans = nodeSpans(flow);
  expect(spans.map(({ id, from, to }) => [id, flow.slice(from, to).split('\n').length])).toEqual([
    ['a', 8],
    ['b', 1],
    ['c', 4],
    ['d', 3],
  ]);
  expect(spans[0]?.value?.['use']).toBe('absorption@^1');
  expect(nodeSpans('nodes: [')).toEqual([]);
});
