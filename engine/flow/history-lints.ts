import { parseRange, parseVersion } from '../plugin/version.ts';
import type { FlowInput } from './flow-input.ts';
import type { GraphNode, Place } from './graph.ts';
import type { Lints } from './lint-table.ts';

type Previous = NonNullable<FlowInput['previous']>['nodes'];

function lintVersion(
  node: GraphNode,
  before: { readonly plugin: string; readonly version: string },
  lints: Lints,
): void {
  const { plugin } = node;
  // A statechart of the flow carries the flow's version; its own hash says whether its state fits.
  if (node.use === null || plugin.version === before.version) return;
  const was = parseVersion(before.version);
  const now = parseVersion(plugin.version);
  if (!was || !now || (was[0] === now[0] && was[1] === now[1])) return;
  const covered = Object.keys(plugin.migrate ?? {}).some(
    (range) => parseRange(range)?.(was) ?? false,
  );
  if (!covered) {
    const facts = { plugin: plugin.id, name: node.id, was: before.version, now: plugin.version };
    lints.add(
      'WF061.bump',
      node.place,
      facts,
      'replay from the first record, or ask the plugin for a migrate',
    );
  }
}

/** Notes state that would be lost: a node renamed without `moved:`, or a plugin that cannot read what it wrote. */
export function lintHistory(
  nodes: readonly GraphNode[],
  moved: Readonly<Record<string, string>>,
  previous: Previous,
  flow: Place,
  lints: Lints,
): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const origin = new Map(Object.entries(moved).map(([from, to]) => [to, from]));
  for (const [name, before] of Object.entries(previous)) {
    const now = byId.get(moved[name] ?? name);
    if (!now) {
      const other = nodes.find(
        ({ id, plugin }) => plugin.id === before.plugin && !(id in previous) && !origin.has(id),
      );
      if (other)
        lints.add(
          'WF060.renamed',
          other.place,
          { name, other: other.id },
          `write moved: { ${name}: ${other.id} }`,
        );
    } else if (now.plugin.id === before.plugin) lintVersion(now, before, lints);
    else if (now.use !== null || !before.plugin.startsWith('flow:')) {
      lints.add(
        'WF060.plugin',
        now.place,
        { name, was: before.plugin, now: now.plugin.id },
        'give the node another name',
      );
    }
  }
  for (const [from, to] of Object.entries(moved)) {
    if (!byId.has(to)) lints.add('WF001.moved', flow, { name: to });
    else if (byId.has(from))
      lints.add('WF015.name', flow, {
        name: from,
        what: 'node; moved: cannot take its state away',
      });
  }
}
