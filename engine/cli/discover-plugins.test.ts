import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discoverPlugins, findPluginFiles } from './discover-plugins.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderflow-plugins-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A plugin without imports: what definePlugin would return. */
function sourceText(id: string): string {
  const config = "new (await import('zod')).z.ZodObject({ type: 'object', shape: {} })";
  return `export const plugin = { id: '${id}', kind: 'source', version: '1.0.0', api: 1, summary: 'Made', needs: [], in: {}, out: {}, config: ${config}, examples: [], open: async () => {} };\n`;
}

function discover(folders = ''): Promise<string[]> {
  const places = { root: join(folder, 'project'), cwd: join(folder, 'work'), folders };
  return discoverPlugins(places).then((found) => found.map(({ plugin }) => plugin.id));
}

const trivial = 'export const plugin = 1;\n';

describe('plugin files', () => {
  it('are looked for in the project, the working folder and ORDERFLOW_PLUGINS, in that order', () => {
    const files = [
      write('project/plugins/b/plugin.ts', trivial),
      write('work/plugins/a/plugin.mjs', trivial),
      write('more/one/plugin.js', trivial),
      write('single/plugin.ts', trivial),
    ];
    write('project/plugins/README.md', 'not a plugin');
    write('work/plugins/notes/text.md', 'not a plugin either');
    const folders = [join(folder, 'more'), '', '../single'].join(delimiter);
    expect(
      findPluginFiles({ root: join(folder, 'project'), cwd: join(folder, 'work'), folders }),
    ).toEqual(files);
  });

  it('count once, also when the working folder is the project or a link leads there', () => {
    const file = write('project/plugins/a/plugin.ts', trivial);
    symlinkSync(join(folder, 'project'), join(folder, 'link'));
    const root = join(folder, 'project');
    expect(
      findPluginFiles({ root, cwd: join(folder, 'link'), folders: join(root, 'plugins') }),
    ).toEqual([file]);
  });

  it('come from dependencies that declare themselves', () => {
    write(
      'work/package.json',
      JSON.stringify({ dependencies: { tape: '1.0.0', other: '1.0.0', absent: '1.0.0' } }),
    );
    write(
      'work/node_modules/tape/package.json',
      JSON.stringify({ orderflow: { plugin: './dist/index.js', api: 1 } }),
    );
    const file = write('work/node_modules/tape/dist/index.js', trivial);
    write('work/node_modules/other/package.json', '{}');
    expect(
      findPluginFiles({ root: join(folder, 'project'), cwd: join(folder, 'work'), folders: '' }),
    ).toEqual([file]);
  });
});

describe('discovery', () => {
  it('loads plugins, ascending by id', async () => {
    write('project/plugins/one/plugin.mjs', sourceText('zulu'));
    write('work/plugins/two/plugin.mjs', sourceText('alpha'));
    expect(await discover()).toEqual(['alpha', 'zulu']);
  });

  it('names both files when two plugins have one id', async () => {
    const first = write('project/plugins/one/plugin.mjs', sourceText('tape'));
    const second = write('work/plugins/two/plugin.mjs', sourceText('tape'));
    await expect(discover()).rejects.toThrow(
      `OF_PLUGIN_TWICE plugin 'tape' is found in '${first}' and in '${second}'`,
    );
  });

  it('names the file of a broken module and its cause', async () => {
    const file = write('work/plugins/broken/plugin.mjs', "throw new Error('no key');\n");
    await expect(discover()).rejects.toThrow(
      `OF_PLUGIN_MODULE plugin file '${file}' cannot be loaded: no key`,
    );
  });

  it('names the file that exports no plugin, and what it exports', async () => {
    const file = write('work/plugins/plain/plugin.mjs', 'export const machine = {};\n');
    await expect(discover()).rejects.toThrow(
      `OF_PLUGIN_EXPORT plugin file '${file}': expected \`export const plugin`,
    );
    await expect(discover()).rejects.toThrow('was exports machine');
  });

  it('refuses a plugin that breaks the rules of the kit', async () => {
    write('work/plugins/odd/plugin.mjs', sourceText('Odd_Name'));
    await expect(discover()).rejects.toThrow(/^OF_PLUGIN_SPEC plugin 'Odd_Name': 'id'/);
  });

  it('refuses a folder of ORDERFLOW_PLUGINS that is absent or holds none', async () => {
    await expect(discover(join(folder, 'nowhere'))).rejects.toThrow(
      /^OF_PLUGIN_FOLDER .* was absent/,
    );
    mkdirSync(join(folder, 'empty'));
    await expect(discover(join(folder, 'empty'))).rejects.toThrow(/was a folder without any/);
  });

  it('refuses a dependency whose declaration cannot be used', async () => {
    write('work/package.json', JSON.stringify({ dependencies: { tape: '1.0.0' } }));
    const declare = (orderflow: unknown): void =>
      void write('work/node_modules/tape/package.json', JSON.stringify({ orderflow }));
    declare('./index.js');
    await expect(discover()).rejects.toThrow(
      /^OF_PLUGIN_MANIFEST package 'tape': 'orderflow' of package.json/,
    );
    declare({ plugin: './index.js', api: 2 });
    await expect(discover()).rejects.toThrow(/'orderflow.api' of package.json expected 1, was 2/);
    declare({ plugin: './index.js', api: 1 });
    await expect(discover()).rejects.toThrow(
      /'orderflow.plugin' of package.json expected a file of the package, was ".\/index.js"/,
    );
  });
});
