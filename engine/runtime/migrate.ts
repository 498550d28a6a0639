import { OrderflowError } from '../errors.ts';
import type { AnyProcessor, NodeSnapshot } from '../plugin/define-plugin.ts';

function versionParts(version: string): readonly number[] {
  return version.split('.').map(Number);
}

function isBelow(version: string, bound: string): boolean {
  const a = versionParts(version);
  const b = versionParts(bound);
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * Returns a snapshot fit for this build of a plugin: as it is when plugin, version and statechart agree or only the
 * patch number differs, else through the plugin's `migrate` steps in ascending order of their `<bound`.
 *
 * @throws {OF_SNAPSHOT_VERSION} when no step covers the version; a snapshot is refused rather than guessed.
 */
export function migrateSnapshot(
  snapshot: NodeSnapshot,
  plugin: AnyProcessor,
  machineHash: string,
): NodeSnapshot {
  const refuse = (): never => {
    throw new OrderflowError('OF_SNAPSHOT_VERSION', {
      plugin: plugin.id,
      was: `${snapshot.plugin} ${snapshot.version}`,
      build: plugin.version,
    });
  };
  if (snapshot.plugin !== plugin.id) return refuse();
  if (snapshot.version === plugin.version && snapshot.machineHash === machineHash) return snapshot;
  const steps = Object.entries(plugin.migrate ?? {})
    .map(([range, step]) => ({ bound: range.replace(/^</, ''), step }))
    .filter(({ bound }) => isBelow(snapshot.version, bound))
    .sort((a, b) => (isBelow(a.bound, b.bound) ? -1 : 1));
  if (steps.length === 0) return snapshot.machineHash === machineHash ? snapshot : refuse();
  return steps.reduce((state, { step }) => step(state), snapshot);
}
