import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import { z } from 'zod';
import { isOrderflowError } from '../../errors.ts';
import { definePlugin, type Plugin } from '../../plugin/define-plugin.ts';
import { type DocsInput, generateDocs, staleDocs } from './generate-docs.ts';

const counter = definePlugin({
  id: 'counter',
  version: '1.0.0',
  api: 1,
  summary: 'Counts | what happens',
  config: z.object({
    limit: z
      .number()
      .int()
      .min(1)
      .max(9)
      .default(3)
      .meta({ unit: 'count', tune: true, description: 'Events until it rests' }),
    side: z.enum(['long', 'short']).optional().describe('Side it looks at'),
    size: z.object({ least: z.number().describe('Smallest size') }).prefault({ least: 1 }),
  }),
  in: { market: { kind: 'market', takes: ['trade'] } },
  out: {
    counted: {
      kind: 'table',
      key: 'name',
      schema: z.object({ name: z.string() }).meta({ id: 'count/2' }),
      doc: 'How often',
    },
    rested: { kind: 'event', schema: z.object({}) },
  },
  machine: () =>
    setup({}).createMachine({
      initial: 'counting',
      states: {
        counting: { description: 'Below the limit.', on: { limitReached: 'resting' } },
        resting: { description: 'At the limit.' },
      },
    }),
  examples: [],
});

const file = definePlugin({
  id: 'file',
  kind: 'source',
  version: '1.2.0',
  api: 1,
  summary: 'A file',
  needs: ['fs'],
  config: z.object({}),
  in: {},
  out: { market: { kind: 'market', takes: ['trade'] } },
  examples: [],
  open: async () => {},
});

const readme =
  '# x\n\nBy hand.\n\n<!-- states -->\nold\n<!-- /states -->\n\n<!-- parameters -->\n<!-- /parameters -->\n\nAlso by hand.\n';

function inputWith(files: Readonly<Record<string, string>>): DocsInput {
  return {
    readText: (path) => files[path] ?? null,
    plugins: [counter, file] as readonly Plugin[],
    errorTable: { OF_X_GONE: { say: "'{x}' is gone", retry: 'backoff', doc: 'It was there.' } },
    lintTable: {
      WF001: {
        level: 'error',
        doc: 'A typing mistake.',
        say: { node: "no node '{name}'", port: "no port '{name}'" },
      },
    },
    schema: { type: 'object' },
    metrics: [
      { name: 'made_steps', kind: 'counter', help: 'Steps.' },
      { name: 'made_seconds', kind: 'gauge', unit: 'seconds', help: 'Time.' },
    ],
  };
}

const files = {
  'plugins/counter/README.md': readme,
  'plugins/file/README.md': readme,
  'kafka/RECORDS.md': '# Records\n\n<!-- instruments -->\n<!-- /instruments -->\n',
  'plugins/README.md': '# plugins\n\n<!-- plugins -->\n<!-- /plugins -->\n',
};

describe('generateDocs', () => {
  const made = generateDocs(inputWith(files));

  test('the parameter table has value, default and meaning, one row per inner field', () => {
    const rows = made
      .get('plugins/counter/README.md')!
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.slice(2)).toEqual([
      '| `limit` | a whole number >= 1 and <= 9 (count) | `3` | Events until it rests (worth tuning) |',
      '| `side` | one of long, short | none | Side it looks at |',
      '| `size.least` | a number | required | Smallest size |',
    ]);
  });

  test('the states are a diagram and a table of meanings', () => {
    const text = made.get('plugins/counter/README.md')!;
    expect(text).toContain('```mermaid\nstateDiagram-v2\n');
    expect(text).toContain('s__counting --> s__resting : limitReached');
    expect(text).toContain('| `resting` | At the limit. |');
    expect(made.get('plugins/file/README.md')).toContain('A source has no states.');
  });

  test('what was written by hand stays', () => {
    const text = made.get('plugins/file/README.md')!;
    expect(text.startsWith('# x\n\nBy hand.\n\n<!-- states -->')).toBe(true);
    expect(text.endsWith('<!-- /parameters -->\n\nAlso by hand.\n')).toBe(true);
    expect(text).not.toContain('old');
  });

  test('the index names every plugin and escapes a bar inside a cell', () => {
    expect(made.get('plugins/README.md')).toContain(
      '| [counter](./counter/README.md) | processor | 1.0.0 | Counts \\| what happens | `market` | `counted`, `rested` |',
    );
  });

  test('each code is a heading with its messages', () => {
    const page = made.get('engine/ERRORS.md')!;
    expect(page).toContain(
      "### OF_X_GONE\n\n```text\n'{x}' is gone\n```\n\nIt was there. Trying again after a pause may help.\n",
    );
    expect(page).toContain("### WF001\n\n```text\nno node '{name}'\nno port '{name}'\n```");
  });

  test('operators find every metric as it is on the wire', () => {
    const page = made.get('engine/OPERATORS.md')!;
    expect(page).toContain('| `made_steps_total` | counter | count | Steps. |');
    expect(page).toContain('| `made_seconds` | gauge | seconds | Time. |');
  });

  test('readers of records find tick sizes, and a schema of every contract with its units', () => {
    expect(made.get('kafka/RECORDS.md')).toContain('| ES | 0 | 1/4 | 1250 |');
    const { $defs } = JSON.parse(made.get('kafka/contracts.schema.json')!) as {
      $defs: Record<string, { properties: Record<string, object>; required?: string[] }>;
    };
    expect(Object.keys($defs)).toContain('counter.rested/1');
    expect($defs['count/2']).toMatchObject({ type: 'object', required: ['name'] });
    expect($defs['signal/1']?.properties['price']).toMatchObject({
      type: 'integer',
      unit: 'price',
    });
  });

  test('the topics are the out-ports, with the contract of each', () => {
    const page = made.get('flows/TOPICS.md')!;
    expect(page).toContain(
      '| `<flow>.<node>.counted` | counter | table by `name` | count/2 | How often |',
    );
    expect(page).toContain('| `<flow>.<node>.rested` | counter | event | counter.rested/1 |  |');
    expect(page).toContain('| `<flow>.journal` | journal/1 |');
  });

  test('writing once leaves nothing stale, and one changed line is noticed', () => {
    const written = { ...files, ...Object.fromEntries(made) };
    expect(staleDocs(inputWith(written))).toEqual([]);
    const edited = {
      ...written,
      'engine/ERRORS.md': `${written['engine/ERRORS.md' as keyof typeof written]}x`,
    };
    expect(staleDocs(inputWith(edited))).toEqual(['engine/ERRORS.md']);
    expect(staleDocs(inputWith(files))).toHaveLength(9);
  });

  test.each([
    ['absent', undefined],
    ['without the first', '# x\n'],
    ['without the second', '# x\n\n<!-- states -->\n'],
  ])('a README that is %s is refused with the lines to add', (was, text) => {
    const broken = Object.fromEntries(
      Object.entries({ ...files, 'plugins/file/README.md': text }).filter(
        ([, t]) => t !== undefined,
      ),
    ) as Record<string, string>;
    expect(() => generateDocs(inputWith(broken))).toThrow(
      expect.toSatisfy(
        (e) => isOrderflowError(e, 'OF_DOCS_MARKER') && (e as Error).message.includes(was),
      ),
    );
  });
});
