import { z } from 'zod';
import type { FlowGraph, Lint } from './graph.ts';
import { Lints } from './lint-table.ts';

const lock = z.object({
  plugins: z.record(z.string(), z.object({ version: z.string(), from: z.string() })),
});

/** What `flows/flows.lock` holds: the plugins of a folder's flows, by id. */
export type FlowLock = z.infer<typeof lock>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Returns a warning for each node whose plugin is not of the version the lock names; none for a lock that cannot be read,
 * which `orderflow list --lock` writes anew.
 */
export function lintLock(graph: FlowGraph, lockText: string): readonly Lint[] {
  const locked = lock.safeParse(parseJson(lockText)).data?.plugins ?? {};
  const lints = new Lints();
  for (const { plugin, place } of [...graph.sources, ...graph.nodes]) {
    const was = locked[plugin.id]?.version;
    if (was === undefined || was === plugin.version) continue;
    lints.add('WF062.locked', place, { plugin: plugin.id, was, now: plugin.version });
  }
  return lints.list;
}
