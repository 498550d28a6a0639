import { dirname, relative } from 'node:path';
import { z } from 'zod';
import type { FlowGraph, Lint } from '../flow/graph.ts';
import { Lints } from '../flow/lint-table.ts';
import type { FoundPlugin, Host } from './host.ts';

/** The plugins the flows of a folder were resolved with: id, version, where it was found. */
export const lockFile = 'flows/flows.lock';

const lock = z.object({
  plugins: z.record(z.string(), z.object({ version: z.string(), from: z.string() })),
});

/** Returns the text of `flows/flows.lock` for the plugins that flows use, ascending by id. */
export function lockText(
  host: Host,
  found: readonly FoundPlugin[],
  isUsed: (id: string) => boolean,
): string {
  const plugins = Object.fromEntries(
    found
      .filter(({ plugin }) => isUsed(plugin.id))
      .map(({ plugin, file }) => [
        plugin.id,
        { version: plugin.version, from: relative(host.cwd, dirname(file)).replaceAll('\\', '/') },
      ]),
  );
  return `${JSON.stringify({ plugins }, null, 2)}\n`;
}

/**
 * Returns a warning for each node whose plugin is not of the version the lock names; none without a lock, or with one
 * that cannot be read, which `orderflow list --lock` writes anew.
 */
export function lintLock(host: Host, graph: FlowGraph | null): readonly Lint[] {
  const text = host.readText(lockFile);
  if (text === null || graph === null) return [];
  const locked = lock.safeParse(parseJson(text)).data?.plugins ?? {};
  const lints = new Lints();
  for (const { plugin, place } of [...graph.sources, ...graph.nodes]) {
    const was = locked[plugin.id]?.version;
    if (was === undefined || was === plugin.version) continue;
    lints.add('WF062.locked', place, { plugin: plugin.id, was, now: plugin.version });
  }
  return lints.list;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
