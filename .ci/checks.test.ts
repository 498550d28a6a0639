import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checks } from './checks.ts';

const root = join(import.meta.dirname, '..');
const made: string[] = [];
const configs = [
  'package.json',
  'tsconfig.json',
  '.oxlintrc.json',
  '.dependency-cruiser.mjs',
  'biome.json',
  'knip.json',
  'bootstrap.mjs',
];

interface WallConfig {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] };
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Makes a project with this one's configuration and packages, and these files. */
function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-check-'));
  made.push(folder);
  for (const config of configs) cpSync(join(root, config), join(folder, config));
  mkdirSync(join(folder, 'node_modules'));
  // A cache of results is this project's own. A package that the files bring must not be written through its link.
  const own = new Set(['.cache', ...Object.keys(files).map((path) => path.split('/')[1])]);
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => !own.has(each))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const [path, text] of Object.entries(files)) write(folder, path, text);
  return folder;
}

function problemsOf(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const check = checks.find((candidate) => candidate.name === name)!;
  return check.run(makeProject(files));
}

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe('types', () => {
  test('a wrong type is found with its place', async () => {
    const problems = await problemsOf('types', {
      'engine/index.ts': "export const price: number = '4500.25';\n",
    });
    expect(problems).toEqual([expect.stringMatching(/^engine\/index\.ts\(1,14\): error TS2322/)]);
  });

  test('clean code is green', async () => {
    expect(
      await problemsOf('types', { 'engine/index.ts': 'export const price = 4500.25;\n' }),
    ).toEqual([]);
  });
});

describe('lint', () => {
  const line = 'export const x: unknown = ';
  const bans: readonly (readonly [file: string, text: string, found: string])[] = [
    [
      'engine/market/a.ts',
      `${line}Date.now();\n`,
      "no-restricted-globals): Unexpected use of 'Date'. Use event time",
    ],
    [
      'engine/runtime/a.ts',
      `${line}new Intl.NumberFormat();\n`,
      'engine/market/time.ts: zone rules',
    ],
    ['engine/flow/a.ts', `${line}Math.random();\n`, 'Use a seeded generator'],
    ['plugins/vwap/a.ts', `${line}setTimeout(() => {}, 1);\n`, 'timers run in event time'],
    ['plugins/vwap/b.ts', `${line}'a'.localeCompare('b');\n`, 'Use < and >'],
    ['engine/market/c.ts', `${line}Math.log(2);\n`, 'transcendental results differ'],
    ['engine/cli/a.ts', 'export const x: any = 1;\n', 'no-explicit-any'],
    ['engine/cli/badName.ts', `${line}1;\n`, 'filename-case'],
    ['engine/cli/b.ts', 'export default 1;\n', 'no-default-export'],
    [
      'engine/cli/c.ts',
      'const f = async (): Promise<void> => {};\nf();\nexport const x = f;\n',
      'no-floating-promises',
    ],
    [
      'web/app/center/a.tsx',
      "import { Link } from '@remix-run/react';\nexport const x = Link;\n",
      'they keep the instrument of the window',
    ],
    ['engine/cli/d.ts', `${line}1;\n`.padEnd(100) + '\n'.repeat(400), 'max-lines)'],
    [
      'engine/cli/e.ts',
      `export function f(): void {\n${'  void 0;\n'.repeat(70)}}\n`,
      'max-lines-per-function',
    ],
    [
      'engine/cli/f.ts',
      `export function f(n: number): number {\n${Array.from({ length: 12 }, (_, i) => `  if (n === ${i}) return ${i};\n`).join('')}  return n;\n}\n`,
      'complexity',
    ],
    [
      'engine/cli/g.ts',
      "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
      'switch-exhaustiveness-check',
    ],
  ];

  test('every ban is found, by its name or with what to use instead', async () => {
    const problems = await problemsOf(
      'lint',
      Object.fromEntries(bans.map(([file, text]) => [file, text])),
    );
    for (const [file, , found] of bans) {
      expect(
        problems.filter((problem) => problem.startsWith(`${file}:`)),
        file,
      ).toEqual([expect.stringContaining(found)]);
    }
  });

  test('a source may wait and look at the clock, a test may do both, and nobody else', async () => {
    const clock = `${line}Date.now();\n`;
    const problems = await problemsOf('lint', {
      'plugins/replay/source.ts': clock,
      'plugins/replay/pacing.ts': clock,
      'engine/market/time.test.ts': clock,
      'engine/cli/start.ts': clock,
      'plugins/replay/rows.ts': clock,
    });
    expect(problems).toEqual([
      expect.stringMatching(/^plugins\/replay\/rows\.ts:1:27: eslint\(no-restricted-globals\)/),
    ]);
  });
});

describe('walls', () => {
  const nothing = 'export {};\n';
  const imports = (...paths: readonly string[]): string =>
    paths.map((path) => `import '${path}';\n`).join('');
  const planted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'no-cycle': {
      'engine/market/a.ts': imports('./b.ts'),
      'engine/market/b.ts': imports('./a.ts'),
    },
    'no-unresolvable': { 'engine/cli/a.ts': imports('./nowhere.ts') },
    'no-dev-dependency-at-run-time': { 'engine/cli/b.ts': imports('fast-check') },
    'engine-imports-no-one-above-it': { 'engine/cli/c.ts': imports('#kafka') },
    'market-is-pure': { 'engine/market/c.ts': imports('zod') },
    'contracts-know-only-the-market': { 'engine/contracts/a.ts': imports('../index.ts') },
    'engine-layers-go-up': { 'engine/flow/a.ts': imports('../runtime/a.ts') },
    'store-is-a-leaf': { 'engine/cli/d.ts': imports('../store/a.ts') },
    'plugins-use-the-kit-only': { 'plugins/one/a.ts': imports('../two/a.ts') },
    'testing-door-is-for-tests': { 'plugins/one/b.ts': imports('#engine/testing.ts') },
    'plugins-do-no-io': { 'plugins/one/c.ts': imports('node:fs') },
    'kafka-implements-ports-only': { 'kafka/a.ts': imports('#engine/runtime/a.ts') },
    'web-never-imports-a-plugin': { 'web/a.ts': imports('#plugins/two/a.ts') },
    'only-the-server-talks-to-the-broker': { 'web/b.ts': imports('#kafka') },
    'nobody-imports-flows-or-web': { 'kafka/b.ts': imports('../web/c.ts') },
    'nobody-imports-the-root': { 'web/d.ts': imports('../orderflow.ts') },
    'kafkajs-only-in-kafka': { 'engine/cli/e.ts': imports('kafkajs') },
    'orm-only-in-store': { 'engine/cli/f.ts': imports('@mikro-orm/core') },
    'ibkr-only-in-ibkr-plugins': { 'plugins/one/d.ts': imports('@stoqey/ib') },
  };
  const plain = {
    ...Object.fromEntries(
      ['engine/index.ts', 'engine/testing.ts', 'engine/runtime/a.ts', 'engine/store/a.ts'].map(
        (path) => [path, nothing],
      ),
    ),
    ...Object.fromEntries(
      ['kafka/index.ts', 'plugins/two/a.ts', 'web/c.ts', 'orderflow.ts'].map((path) => [
        path,
        nothing,
      ]),
    ),
    ...Object.fromEntries(
      ['kafkajs', '@mikro-orm/core', '@stoqey/ib'].flatMap((name) => [
        [
          `node_modules/${name}/package.json`,
          JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
        ],
        [`node_modules/${name}/index.js`, ''],
      ]),
    ),
  };

  test('a planted import breaks each rule by its name, and no rule is without one', async () => {
    const { default: config } = (await import(join(root, '.dependency-cruiser.mjs'))) as WallConfig;
    expect(Object.keys(planted).sort()).toEqual(
      [...new Set(config.forbidden.map(({ name }) => name))].sort(),
    );
    const files = Object.assign({}, plain, ...Object.values(planted)) as Readonly<
      Record<string, string>
    >;
    const problems = await problemsOf('walls', files);
    for (const [rule, broken] of Object.entries(planted)) {
      const [file] = Object.keys(broken);
      expect(problems, rule).toContainEqual(
        expect.stringMatching(new RegExp(`^${file} → .*: ${rule}: \\w`)),
      );
    }
  });

  test('allowed imports are green', async () => {
    const files = {
      ...plain,
      'plugins/one/a.ts': imports('#engine', './b.ts', 'zod'),
      'plugins/one/b.ts': nothing,
      'plugins/one/a.test.ts': imports('#engine/testing.ts', 'vitest'),
    };
    expect(await problemsOf('walls', files)).toEqual([]);
  });

  test('a run that reads nothing is red', async () => {
    const problems = await problemsOf('walls', {
      '.dependency-cruiser.mjs':
        "export default { forbidden: [], options: { exclude: { path: '.' } } };\n",
      'engine/index.ts': nothing,
    });
    expect(problems).toEqual([expect.stringContaining('expected to read 1 modules, read 0')]);
  });
});

describe('dead code', () => {
  test('an export nobody imports and a file nobody imports are found', async () => {
    const problems = await problemsOf('dead code', {
      'orderflow.ts':
        "import { used } from './engine/market/a.ts';\nimport 'xstate';\nimport 'zod';\nimport 'yaml';\nimport '@marcbachmann/cel-js';\nconsole.log(used);\n",
      'engine/market/a.ts': 'export const used = 1;\nexport const unused = 2;\n',
      'engine/market/b.ts': 'export const alone = 1;\n',
    });
    expect(problems).toContain("engine/market/a.ts:2: unused in exports: 'unused'");
    expect(problems).toContain('engine/market/b.ts:1: nobody imports this file');
    expect(problems.filter((problem) => problem.startsWith('engine/'))).toHaveLength(2);
  });
});

describe('format', () => {
  test('double quotes, and imports out of order, are found', async () => {
    const problems = await problemsOf('format', {
      'engine/a.ts': 'export const a = "x";\n',
      'engine/b.ts': "import z from 'zod';\nimport x from 'xstate';\n\nexport const b = [x, z];\n",
      'engine/c.ts': "export const c = 'x';\n",
    });
    const own = problems.filter((problem) => problem.startsWith('engine/'));
    expect(own).toEqual([
      'engine/a.ts:1: not formatted',
      expect.stringMatching(/^engine\/b\.ts:1: /),
    ]);
  });
});

describe('docs', () => {
  const answer = (code: number, text: string): string =>
    `process.stdout.write(${JSON.stringify(text)});\nprocess.exitCode = ${code};\n`;

  test('a stale document is named', async () => {
    const problems = await problemsOf('docs', {
      'orderflow.ts': answer(1, 'engine/ERRORS.md:1: stale\n'),
    });
    expect(problems).toEqual(['engine/ERRORS.md:1: stale']);
  });

  test('a command that ends badly without a word is red', async () => {
    const problems = await problemsOf('docs', { 'orderflow.ts': answer(3, '') });
    expect(problems[0]).toContain('exit code 3');
  });

  test('current documents are green', async () => {
    expect(await problemsOf('docs', { 'orderflow.ts': answer(0, '') })).toEqual([]);
  });

  test('a changed line in a generated document of this project is found', () => {
    const folder = makeProject({});
    for (const part of ['engine', 'plugins', 'flows', 'kafka', 'orderflow.ts'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    const run = (...options: readonly string[]) =>
      spawnSync(process.execPath, ['orderflow.ts', 'docs', ...options], {
        cwd: folder,
        encoding: 'utf8',
      });
    expect(run().stderr).toBe('');
    expect(run('--check')).toMatchObject({ status: 0, stdout: '' });
    write(folder, 'plugins/README.md', '# plugins\n\n<!-- plugins -->\n<!-- /plugins -->\n');
    expect(run('--check')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('plugins/README.md:1: stale'),
    });
  });
});

describe('npm run check', () => {
  test('one red part makes the whole red, with a line for each', () => {
    const folder = makeProject({
      'engine/index.ts': "export const price: number = 'x';\n",
      'orderflow.ts': 'process.exitCode = 0;\n',
    });
    const { status, stdout } = spawnSync(process.execPath, [join(root, '.ci/check.ts')], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const heads = stdout.split('\n').filter((line) => /^[a-z]/.test(line));
    expect(heads.map((line) => line.slice(0, 10).trim())).toEqual([
      ...checks.map(({ name }) => name),
      'check',
    ]);
    expect(stdout).toMatch(/^types +\d+\.\d s {2}1 to mend: correct the types/m);
    expect(heads.at(-1)).toContain('red: types');
  });
});
