// What the project ships holds by its own tools: flow tests, examples of plugins, flows made of any plugin.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compileFlow } from '../flow/compile-flow.ts';
import { createRegistry } from '../plugin/registry.ts';
import { flowText } from './create-flow.ts';
import { discoverPlugins } from './discover-plugins.ts';

const root = resolve(import.meta.dirname, '../..');
const plugins = (await discoverPlugins({ root, cwd: root, folders: '' })).map(
  ({ plugin }) => plugin,
);
const nodes = plugins.filter(({ kind }) => kind !== 'source' && kind !== 'sink');
const simulator = plugins.find(({ id }) => id === 'simulator');

interface TestJson {
  readonly ok: boolean;
  readonly files: readonly {
    readonly file: string;
    readonly lints: readonly unknown[];
    readonly cases: readonly { readonly name: string; readonly failures: readonly unknown[] }[];
    readonly coverage: readonly { readonly node: string; readonly untaken: readonly unknown[] }[];
  }[];
  readonly examples: readonly { readonly plugin: string; readonly failures: readonly unknown[] }[];
}

/** Returns the nodes of a test file's flow that are statecharts written in it. */
function chartsOf(testFile: string): readonly string[] {
  const file = testFile.replace(/\.test\.yaml$/, '.flow.yaml');
  const readFile = (path: string): string => readFileSync(join(root, path), 'utf8');
  const registry = createRegistry(plugins);
  const { graph } = compileFlow({ file, text: readFile(file), registry, readFile });
  if (!graph) throw new Error(`${file} does not compile`);
  return graph.nodes.filter(({ use }) => use === null).map(({ id }) => id);
}

describe('orderflow test', async () => {
  const words = [join(root, 'orderflow.ts'), 'test', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    cwd: root,
    maxBuffer: 1e8,
  }).catch((error: { stdout: string }) => error);
  const report = JSON.parse(stdout) as TestJson;

  it.each(report.files)('$file holds', ({ lints, cases }) => {
    expect(lints).toEqual([]);
    expect(cases.filter(({ failures }) => failures.length > 0)).toEqual([]);
  });

  it.each(report.files)('$file takes every transition of its statecharts', ({ file, coverage }) => {
    const charts = chartsOf(file);
    expect(charts).not.toEqual([]);
    expect(charts.map((id) => [id, coverage.find(({ node }) => node === id)?.untaken])).toEqual(
      charts.map((id) => [id, []]),
    );
  });

  it('every plugin has examples, and they hold', () => {
    expect(report.examples.filter(({ failures }) => failures.length > 0)).toEqual([]);
    const shown = new Set(report.examples.map(({ plugin }) => plugin));
    expect(plugins.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});

it('every sensor with probes tells which ports each of them holds back', () => {
  const silent = plugins.filter(
    (plugin) =>
      'sensor' in plugin &&
      plugin.sensor?.probes !== undefined &&
      plugin.sensor.withholds === undefined,
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

describe('orderflow create flow', () => {
  const choices = [...nodes.map((plugin) => [plugin]), nodes, [...nodes].reverse()];

  it.each(choices.map((asked) => [asked.map(({ id }) => id).join(','), asked] as const))(
    '%s lints clean',
    (_, asked) => {
      if (!simulator) throw new Error('the simulator is absent');
      const plan = {
        name: 'made',
        instrument: 'ES',
        asked,
        installed: plugins,
        market: simulator,
      };
      const { lints } = compileFlow({
        file: 'made.flow.yaml',
        text: flowText(plan),
        registry: createRegistry(plugins),
        readFile: () => null,
      });
      expect(lints).toEqual([]);
    },
  );
});
