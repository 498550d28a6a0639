import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isOrderflowError, OrderflowError } from '../errors.ts';
import { checkPlugin } from '../plugin/check-plugin.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { FoundPlugin } from './host.ts';

/** Where discovery looks. */
export interface PluginPlaces {
  /** The project's folder. */
  readonly root: string;
  /** The working folder. */
  readonly cwd: string;
  /** The value of ORDERFLOW_PLUGINS. */
  readonly folders: string;
}

const fileNames = ['plugin.ts', 'plugin.mjs', 'plugin.js'] as const;

function pluginFileOf(folder: string): string | null {
  for (const name of fileNames) if (existsSync(join(folder, name))) return join(folder, name);
  return null;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Returns the plugin files one level below a folder, ascending by name; folders without one are passed over. */
function filesBelow(folder: string): string[] {
  if (!isFolder(folder)) return [];
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => pluginFileOf(join(folder, name)) ?? []);
}

/** A folder of ORDERFLOW_PLUGINS is a plugin itself, or holds plugins. */
function filesOfNamedFolder(folder: string): string[] {
  const own = pluginFileOf(folder);
  const files = own === null ? filesBelow(folder) : [own];
  if (files.length > 0) return files;
  const was = isFolder(folder) ? 'a folder without any' : 'absent';
  throw new OrderflowError('OF_PLUGIN_FOLDER', { folder, from: 'ORDERFLOW_PLUGINS', was });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readJson(file: string): Readonly<Record<string, unknown>> | null {
  if (!existsSync(file)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Returns the folder of an installed dependency: in `node_modules` here or above, as Node looks for it. */
function packageFolder(name: string, from: string): string | null {
  const folder = join(from, 'node_modules', name);
  if (isFolder(folder)) return folder;
  const above = resolve(from, '..');
  return above === from ? null : packageFolder(name, above);
}

function fileOfPackage(name: string, cwd: string): string[] {
  const folder = packageFolder(name, cwd);
  const manifest = folder === null ? null : readJson(join(folder, 'package.json'));
  const declared = manifest?.['orderflow'];
  if (folder === null || declared === undefined) return [];
  const refuse = (field: string, expected: string, was: unknown): OrderflowError =>
    new OrderflowError('OF_PLUGIN_MANIFEST', {
      package: name,
      field,
      expected,
      was: was === undefined ? 'absent' : JSON.stringify(was),
    });
  if (!isRecord(declared))
    throw refuse('orderflow', '{ "plugin": "./file.js", "api": 1 }', declared);
  const { plugin, api } = declared;
  if (api !== 1) throw refuse('orderflow.api', '1', api);
  if (typeof plugin !== 'string')
    throw refuse('orderflow.plugin', 'a path like ./dist/index.js', plugin);
  const file = join(folder, plugin);
  if (!existsSync(file)) throw refuse('orderflow.plugin', 'a file of the package', plugin);
  return [file];
}

function filesOfDependencies(cwd: string): string[] {
  const dependencies = readJson(join(cwd, 'package.json'))?.['dependencies'];
  if (!isRecord(dependencies)) return [];
  const names = Object.keys(dependencies).sort();
  return names.flatMap((name) => fileOfPackage(name, cwd));
}

/**
 * Returns the files of all plugins: the project's own, those of the working folder, of ORDERFLOW_PLUGINS, and of the
 * working folder's dependencies that declare `orderflow` in their package.json. A file found twice counts once.
 *
 * @throws {OF_PLUGIN_FOLDER} when a folder of ORDERFLOW_PLUGINS holds no plugin.
 * @throws {OF_PLUGIN_MANIFEST} when a dependency's `orderflow` key cannot be used.
 */
export function findPluginFiles({ root, cwd, folders }: PluginPlaces): string[] {
  const named = folders.split(delimiter).filter((folder) => folder !== '');
  const files = [
    ...filesBelow(join(root, 'plugins')),
    ...filesBelow(join(cwd, 'plugins')),
    ...named.flatMap((folder) => filesOfNamedFolder(resolve(cwd, folder))),
    ...filesOfDependencies(cwd),
  ];
  return [...new Set(files.map((file) => realpathSync(file)))];
}

async function importPlugin(file: string): Promise<Plugin> {
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new OrderflowError('OF_PLUGIN_MODULE', { file, cause }, { cause: error });
  }
  const plugin = isRecord(loaded) ? loaded['plugin'] : undefined;
  if (!isRecord(plugin)) {
    const names = isRecord(loaded) ? Object.keys(loaded) : [];
    const was =
      plugin === undefined
        ? names.length === 0
          ? 'no export'
          : `exports ${names.join(', ')}`
        : typeof plugin;
    throw new OrderflowError('OF_PLUGIN_EXPORT', { file, was });
  }
  try {
    checkPlugin(plugin as unknown as Plugin);
  } catch (error) {
    if (isOrderflowError(error)) throw error;
    throw new OrderflowError(
      'OF_PLUGIN_EXPORT',
      { file, was: 'something definePlugin did not make' },
      { cause: error },
    );
  }
  return plugin as unknown as Plugin;
}

/**
 * Loads all plugins, ascending by id.
 *
 * @throws {OF_PLUGIN_MODULE} when a file cannot be imported.
 * @throws {OF_PLUGIN_EXPORT} when a file has no `plugin`.
 * @throws {OF_PLUGIN_TWICE} when two files declare one id.
 * @throws the codes of {@link findPluginFiles} and of `checkPlugin`.
 */
export async function discoverPlugins(places: PluginPlaces): Promise<FoundPlugin[]> {
  const files = findPluginFiles(places);
  const found = await Promise.all(
    files.map(async (file) => ({ file, plugin: await importPlugin(file) })),
  );
  const byId = new Map<string, string>();
  for (const { file, plugin } of found) {
    const first = byId.get(plugin.id);
    if (first !== undefined)
      throw new OrderflowError('OF_PLUGIN_TWICE', { plugin: plugin.id, first, second: file });
    byId.set(plugin.id, file);
  }
  return found.sort((a, b) => (a.plugin.id < b.plugin.id ? -1 : 1));
}
