import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTree, type Tree } from '../.ci/tidy/tree.ts';
import { tidy } from '../.ci/tidy.ts';

const headings =
  '# x\n\n## What it sees\n\n## States\n\n## Parameters\n\n## Rules and their source\n\n## Known limits\n';

/** A project that breaks no rule. */
const clean: Readonly<Record<string, string>> = {
  'README.md':
    '# x\n\nSee [plugins](./plugins/README.md) and [the title](ARCHITECTURE.md#a-b-c).\n',
  'ARCHITECTURE.md': '# A\n\n## A `b`, c\n',
  'engine/README.md': '# engine\n',
  'plugins/README.md': '# plugins\n',
  'flows/README.md': '# flows\n',
  'web/README.md': '# web\n',
  'kafka/README.md': '# kafka\n',
  'engine/error-table.ts':
    "export const errorTable = {\n  OF_X_GONE: row('x', 'never', 'x'),\n};\n",
  'engine/market/x.ts': "throw new OrderflowError('OF_X_GONE', {});\n",
  'engine/market/x.test.ts': "expect(x).toThrow('OF_X_GONE');\n",
  'engine/flow/lint-table.ts': 'export const lintTable = {\n  WF001: row(\n  WF050: row(\n};\n',
  'flows/invalid/name.flow.yaml': '# expect: WF001 3:1\n',
  'flows/invalid/clock.yaml': '# expect: WF050 4:3\n',
  'engine/contracts/area.ts':
    "export const area = z.object({ a: z.number() }).meta({ id: 'area/1' });\n",
  'plugins/one/plugin.ts':
    "export const plugin = definePlugin({\n  id: 'one',\n  out: { area: { kind: 'table', schema: area } },\n});\n",
  'plugins/one/README.md': headings,
  'plugins/one/machine.ts': 'const half = 1 / 2;\n',
  'plugins/one/machine.test.ts': 'describePlugin(plugin, { cases });\n',
  'plugins/one/golden/a.in.ndjson': '',
  'plugins/one/golden/metadata.json': '{}',
  'plugins/file/plugin.ts':
    "export const plugin = definePlugin({\n  id: 'file',\n  kind: 'source',\n});\n",
  'plugins/file/README.md': headings,
  'plugins/file/source.ts': '',
  'plugins/file/source.test.ts': '',
};

/** The clean project with some files changed; null takes one away. */
function changed(changes: Readonly<Record<string, string | null>>): readonly string[] {
  const files = Object.entries({ ...clean, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const texts = new Map(files);
  const tree: Tree = { files: [...texts.keys()], text: (path) => texts.get(path) ?? '' };
  return tidy(tree);
}

describe('tidy', () => {
  test('this project breaks no rule', () => {
    expect(tidy(readTree(join(import.meta.dirname, '..')))).toEqual([]);
  });

  test('a clean project has nothing to mend', () => {
    expect(changed({})).toEqual([]);
  });

  test.each<[rule: string, place: string, changes: Readonly<Record<string, string | null>>]>([
    ['top-level', 'lib/a.ts:1', { 'lib/a.ts': '' }],
    ['top-level', 'NOTES.md:1', { 'NOTES.md': '# n\n' }],
    ['folder-readme', 'web/README.md:1', { 'web/README.md': null }],
    ['empty-name', 'engine/cli/utils.ts:1', { 'engine/cli/utils.ts': '' }],
    ['empty-name', 'engine/common/a.ts:1', { 'engine/common/a.ts': '' }],
    ['depth', 'engine/a/b/c/d.ts:1', { 'engine/a/b/c/d.ts': '' }],
    ['length', 'engine/README.md:26', { 'engine/README.md': `# engine\n${'x\n'.repeat(25)}` }],
    [
      'length',
      'plugins/file/plugin.ts:81',
      { 'plugins/file/plugin.ts': `${clean['plugins/file/plugin.ts']}${'\n'.repeat(80)}` },
    ],
    ['plugin-files', 'plugins/one/README.md:1', { 'plugins/one/README.md': null }],
    [
      'plugin-files',
      'plugins/one/machine.test.ts:1',
      {
        'plugins/one/machine.test.ts': null,
        'plugins/one/one.test.ts': 'describePlugin(plugin, {});\n',
      },
    ],
    ['plugin-files', 'plugins/file/source.ts:1', { 'plugins/file/source.ts': null }],
    ['contract-suite', 'plugins/one/machine.test.ts:1', { 'plugins/one/machine.test.ts': '' }],
    [
      'plugin-id',
      'plugins/file/plugin.ts:2',
      {
        'plugins/file/plugin.ts':
          "export const plugin = definePlugin({\n  id: 'other',\n  kind: 'source',\n});\n",
      },
    ],
    [
      'readme-headings',
      'plugins/one/README.md:5',
      { 'plugins/one/README.md': headings.replace('## States\n\n', '') },
    ],
    [
      'readme-headings',
      'plugins/one/README.md:13',
      { 'plugins/one/README.md': `${headings}\n## More\n` },
    ],
    [
      'golden-metadata',
      'plugins/one/golden/metadata.json:1',
      { 'plugins/one/golden/metadata.json': null },
    ],
    ['error-unused', 'engine/error-table.ts:2', { 'engine/market/x.ts': '' }],
    ['error-untested', 'engine/error-table.ts:2', { 'engine/market/x.test.ts': '' }],
    ['lint-untested', 'engine/flow/lint-table.ts:2', { 'flows/invalid/name.flow.yaml': null }],
    ['lint-untested', 'engine/flow/lint-table.ts:3', { 'flows/invalid/clock.yaml': null }],
    ['invalid-flow', 'flows/invalid/b.flow.yaml:1', { 'flows/invalid/b.flow.yaml': 'flow: b\n' }],
    [
      'contract-unused',
      'engine/contracts/area.ts:1',
      { 'plugins/one/plugin.ts': "export const plugin = definePlugin({\n  id: 'one',\n});\n" },
    ],
    ['one-title', 'ARCHITECTURE.md:3', { 'ARCHITECTURE.md': '# A\n\n# B\n\n## A b c\n' }],
    ['link', 'README.md:3', { 'README.md': '# x\n\n[gone](./gone.md)\n' }],
    ['link', 'README.md:3', { 'README.md': '# x\n\n[gone](ARCHITECTURE.md#gone)\n' }],
    [
      'workplace',
      'engine/market/x.ts:2',
      {
        'engine/market/x.ts': "throw new OrderflowError('OF_X_GONE', {});\n// see /home/me/notes\n",
      },
    ],
    [
      'registry',
      'package-lock.json:2',
      { 'package-lock.json': '{\n"resolved": "https://registry.example.org/x.tgz"\n}\n' },
    ],
    ['two-meanings', 'README.md:3', { 'README.md': '# x\n\nThe IB is wide.\n' }],
    ['prose', 'README.md:3', { 'README.md': '# x\n\nIt just works.\n' }],
    ['export-all', 'engine/index.ts:1', { 'engine/index.ts': "export * from './errors.ts';\n" }],
    ['prefixed-name', 'engine/market/y.ts:1', { 'engine/market/y.ts': 'interface IPrice {}\n' }],
    [
      'power',
      'plugins/one/machine.ts:1',
      { 'plugins/one/machine.ts': 'const x = 10 ** digits;\n' },
    ],
  ])('%s is found at %s', (rule, place, changes) => {
    expect(changed(changes)).toEqual([
      expect.stringMatching(new RegExp(`^${place}: ${rule}: \\w|^${place}: ${rule}: '`)),
    ]);
  });

  test('comments, texts and code samples are no code and no prose', () => {
    const file = '/** 2 ** 3 */\nconst x = `**`; // 10 ** n\n';
    const readme = '# x\n\n`just` and\n\n```text\n# just a comment\n[gone](./gone.md)\n```\n';
    expect(changed({ 'plugins/one/machine.ts': file, 'README.md': readme })).toEqual([]);
  });

  test('what is generated into a page does not count as its length', () => {
    expect(
      changed({
        'plugins/README.md': `# plugins\n\n<!-- plugins -->\n${'x\n'.repeat(50)}<!-- /plugins -->\n`,
      }),
    ).toEqual([]);
  });
});
