import { dirname, join, relative } from 'node:path';
import type { Lint } from '../flow/graph.ts';
import { lintPluginSource } from '../flow/lint-plugin-source.ts';
import type { Host } from './host.ts';

const code = /\.(ts|mts|js|mjs)$/;
const test = /\.test\.\w+$/;
/** Folders inside a plugin are few; a link in a circle ends here. */
const deepest = 4;

/** Returns the source files of a folder and of those inside it, tests and dependencies excluded. */
function sourcesOf(host: Host, folder: string, depth = 0): string[] {
  if (depth > deepest) return [];
  return host.listFolder(folder).flatMap((name) => {
    if (name === 'node_modules' || name.startsWith('.') || test.test(name)) return [];
    const path = join(folder, name);
    return code.test(name) ? [path] : sourcesOf(host, path, depth + 1);
  });
}

/**
 * Checks the sources of every processor that discovery finds, the project's own and those from outside: what a plugin must
 * not use is known before it runs.
 */
export async function lintPlugins(host: Host): Promise<readonly Lint[]> {
  const found = await host.loadPlugins();
  return found
    .filter(({ plugin }) => plugin.kind !== 'source' && plugin.kind !== 'sink')
    .flatMap(({ file }) => sourcesOf(host, dirname(file)))
    .flatMap((path) => {
      const inside = relative(host.cwd, path);
      return lintPluginSource(inside.startsWith('..') ? path : inside, host.readText(path) ?? '');
    });
}
