import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Instrument } from '../market/instrument.ts';
import type { NodeEnvironment } from '../plugin/define-plugin.ts';
import type { GraphNode } from './graph.ts';
import type { Lints } from './lint-table.ts';

interface Named {
  readonly what: 'guard' | 'action' | 'delay';
  readonly name: string;
}

const nowhere: NodeEnvironment = { table: () => undefined, now: () => 0, memory: {} };

function nameOf(reference: unknown): string | null {
  if (typeof reference === 'string') return reference;
  if (typeof reference !== 'object' || reference === null || !('type' in reference)) return null;
  return typeof reference.type === 'string' ? reference.type : null;
}

/** What a state names; functions and the built-in actions of XState name nothing. */
function namedBy(node: AnyStateNode): readonly Named[] {
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  const actions = [
    ...node.entry,
    ...node.exit,
    ...transitions.flatMap((transition) => transition.actions),
  ];
  const named = (what: Named['what'], references: readonly unknown[]): Named[] =>
    references.flatMap((reference) => {
      const name = nameOf(reference);
      return name === null || name.startsWith('xstate.') ? [] : [{ what, name }];
    });
  return [
    ...named(
      'guard',
      transitions.map(({ guard }) => guard as unknown),
    ),
    ...named('action', actions),
  ];
}

function implementedBy({ implementations }: AnyStateMachine, { what, name }: Named): boolean {
  const table: object = what === 'guard' ? implementations.guards : implementations.actions;
  return name in table;
}

/**
 * Notes guards and actions a plugin's machine names without implementing them: XState ignores a missing action in
 * silence and stumbles over a missing guard at the first event.
 */
export function lintPluginMachine(node: GraphNode, instrument: Instrument, lints: Lints): void {
  let machine: AnyStateMachine | undefined;
  try {
    machine = node.plugin.machine?.({
      config: node.config as never,
      instrument,
      environment: nowhere,
    });
  } catch (error) {
    // The machine is built from this configuration again when the flow runs; better told now.
    const cause = error instanceof Error ? error.message : String(error);
    lints.add('WF014.config', node.place, { name: node.id, cause });
  }
  if (!machine) return;
  const visit = (state: AnyStateNode): void => {
    for (const named of namedBy(state)) {
      if (!implementedBy(machine, named))
        lints.add('WF023.plugin', node.place, { plugin: node.plugin.id, ...named });
    }
    for (const child of Object.values(state.states) as AnyStateNode[]) visit(child);
  };
  visit(machine.root);
}
