import { dirname, relative } from 'node:path';
import type { FlowLock } from '../flow/lint-lock.ts';
import type { FoundPlugin, Host } from './host.ts';

/** The plugins the flows of a folder were resolved with: id, version, where it was found. */
export const lockFile = 'flows/flows.lock';

/** Returns the text of `flows/flows.lock` for the plugins that flows use, ascending by id. */
export function lockText(
  host: Host,
  found: readonly FoundPlugin[],
  isUsed: (id: string) => boolean,
): string {
  const plugins: FlowLock['plugins'] = Object.fromEntries(
    found
      .filter(({ plugin }) => isUsed(plugin.id))
      .map(({ plugin, file }) => [
        plugin.id,
        { version: plugin.version, from: relative(host.cwd, dirname(file)).replaceAll('\\', '/') },
      ]),
  );
  return `${JSON.stringify({ plugins } satisfies FlowLock, null, 2)}\n`;
}
