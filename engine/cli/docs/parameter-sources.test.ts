import { expect, it } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../../plugin/define-plugin.ts';
import { parameterProblems } from './parameter-sources.ts';

const config = z.object({
  ticks: z.number().default(3).meta({ unit: 'tick' }),
  bare: z.number().nullable().default(3),
  list: z.array(z.number()).default([]),
  inner: z.object({ deep: z.number().default(1) }).prefault({}),
  word: z.enum(['a', 'b']).default('a'),
});

const made = definePlugin({
  id: 'made',
  version: '1.0.0',
  api: 1,
  summary: 'Made',
  config,
  in: {},
  out: {},
  examples: [],
});

const readme = (rows: string, after = ''): string =>
  `# made\n\n## Rules and their source\n\n| rule | parameter |\n|---|---|\n${rows}\n\n## Known limits\n${after}`;
const named = (names: readonly string[]): string => names.map((n) => `| a | \`${n}\` |`).join('\n');
const all = ['ticks', 'bare', 'list', 'inner.deep', 'word'];

it('refuses numbers without a unit, in lists and inside other parameters too', () => {
  expect(parameterProblems(made, readme(named(all)))).toEqual(
    ['bare', 'list', 'inner.deep'].map(
      (name) => `plugins/made/config.ts:1: '${name}' has no unit; add it to its meta({ … })`,
    ),
  );
});

it('refuses a parameter that no row of the rules names, in prose or elsewhere does not count', () => {
  const some = readme(`${named(all.slice(1))}\nof \`ticks\` in prose`, '| `ticks` |');
  expect(parameterProblems(made, some).filter((line) => line.includes('README'))).toEqual([
    "plugins/made/README.md:3: no row names 'ticks'; say its rule, source and reading",
  ]);
  expect(parameterProblems(made, '# made')).toContain(
    "plugins/made/README.md:1: no row names 'word'; say its rule, source and reading",
  );
});

it('asks nothing of a source', () => {
  const source = { ...made, kind: 'source' } as never;
  expect(parameterProblems(source, '')).toEqual([]);
});
