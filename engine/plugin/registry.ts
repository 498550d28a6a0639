import { OrderflowError } from '../errors.ts';
import { checkPlugin } from './check-plugin.ts';
import type { Plugin } from './define-plugin.ts';
import { nearestName } from './nearest.ts';
import { parseRange, parseVersion } from './version.ts';

/** What a `use:` text leads to: a plugin, or why there is none. */
export type Resolved =
  | { readonly plugin: Plugin }
  | {
      readonly plugin: null;
      /** `text` is no `id@range`; no plugin has the id; the installed version is outside the range. */
      readonly problem: 'unreadable' | 'unknown' | 'version';
      readonly id: string;
      readonly range: string;
      /** The most similar id, or the installed version. */
      readonly nearest: string | null;
    };

/** The plugins a host has found, by id. */
export interface Registry {
  /** Returns every plugin, ascending by id. */
  all(): readonly Plugin[];
  /** Finds the plugin of `id@range`, such as `absorption@^1.2`; without a range any version will do. */
  resolve(use: string): Resolved;
}

const useText = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:@(\S+))?$/;

function resolve(plugins: ReadonlyMap<string, Plugin>, use: string): Resolved {
  const parts = useText.exec(use);
  const at = use.indexOf('@');
  const id = at < 0 ? use : use.slice(0, at);
  const range = at < 0 ? '' : use.slice(at + 1);
  const accepts = range === '' && at < 0 ? () => true : parseRange(range);
  const plugin = plugins.get(id);
  if (parts && !plugin)
    return {
      plugin: null,
      problem: 'unknown',
      id,
      range,
      nearest: nearestName(id, plugins.keys()),
    };
  if (!parts || !plugin || !accepts)
    return { plugin: null, problem: 'unreadable', id, range, nearest: null };
  const version = parseVersion(plugin.version);
  if (version && accepts(version)) return { plugin };
  return { plugin: null, problem: 'version', id, range, nearest: plugin.version };
}

/**
 * Returns the registry of these plugins after checking each spec.
 *
 * @throws {OF_PLUGIN_SPEC} when a plugin's id, version, ports or fields break a rule.
 * @throws {OF_PLUGIN_DUPLICATE} when two plugins have one id.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const byId = new Map<string, Plugin>();
  for (const plugin of plugins) {
    checkPlugin(plugin);
    if (byId.has(plugin.id)) throw new OrderflowError('OF_PLUGIN_DUPLICATE', { plugin: plugin.id });
    byId.set(plugin.id, plugin);
  }
  const sorted = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { all: () => sorted, resolve: (use) => resolve(byId, use) };
}
