import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lintPluginSource } from './lint-plugin-source.ts';
import { formatLint } from './lint-table.ts';

const told = (text: string): readonly string[] => lintPluginSource('p.ts', text).map(formatLint);

test.each([
  ['const t = Date.now();', /^p\.ts:1:11 error WF050 plugins are pure: 'Date' is not allowed/],
  ['const t = new Date(0);', /'Date'/],
  ['\nsetTimeout(() => {}, 1);', /^p\.ts:2:1 .*'setTimeout'/],
  ['const r = Math.random();', /'Math\.random' .*randomness/],
  ['const l = Math.log(x);', /'Math\.log' .*last digits/],
  ['a.sort((x, y) => x.localeCompare(y));', /'localeCompare'/],
  ['n.toLocaleString();', /'toLocaleString'/],
  ["import { readFileSync } from 'node:fs';", /'node:fs' .*outside/],
  ['const text = `at ${Date.now()}`;', /'Date'/],
  ['process.env.X;', /'process'/],
])('%j is told', (text, message) => {
  expect(told(text)).toEqual([expect.stringMatching(message)]);
});

test.each([
  '// Date.now() is forbidden here',
  '/* setTimeout */ const a = 1;',
  "const why = 'no Date, no Math.random';",
  'const pattern = /Date|process/;',
  'const a = Math.sqrt(Math.abs(x)) + Math.floor(y);',
  'plan.process.run(); plan?.fetch();',
  'const plan = { process: 1, performance: 2 };',
  'interface Plan { readonly performance: number; Date?: string }',
  "import { ticks } from '#engine';",
])('%j is pure', (text) => {
  expect(told(text)).toEqual([]);
});

test('the processors of this repo are pure', () => {
  const plugins = join(import.meta.dirname, '../../plugins');
  const found: string[] = [];
  let read = 0;
  for (const folder of readdirSync(plugins)) {
    const spec = join(plugins, folder, 'plugin.ts');
    if (!existsSync(spec) || /kind: '(source|sink)'/.test(readFileSync(spec, 'utf8'))) continue;
    for (const file of readdirSync(join(plugins, folder))) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      read += 1;
      found.push(
        ...lintPluginSource(
          `${folder}/${file}`,
          readFileSync(join(plugins, folder, file), 'utf8'),
        ).map(formatLint),
      );
    }
  }
  expect(found).toEqual([]);
  expect(read).toBeGreaterThan(5);
});
