import type { AnyStateMachine } from 'xstate';
import { mermaidOf } from '../../inspect/mermaid.ts';
import { statechartOf } from '../../inspect/statechart.ts';
import { findInstrument } from '../../market/instrument.ts';
import type { Plugin } from '../../plugin/define-plugin.ts';
import { markdownTable } from './markdown-table.ts';

/** Builds a plugin's machine as a flow with all defaults would; null for a plugin without one. */
function machineOf(plugin: Plugin): AnyStateMachine | null {
  if (plugin.kind === 'source' || plugin.kind === 'sink' || !plugin.machine) return null;
  const environment = { table: () => undefined, now: () => 0, memory: {} };
  const config = plugin.config.parse({}) as never;
  return plugin.machine({ config, instrument: findInstrument('ES'), environment });
}

/** Writes the statechart of a plugin as a Mermaid diagram, and below it what each state means. */
export function stateSection(plugin: Plugin): string {
  if (plugin.kind === 'source' || plugin.kind === 'sink') return `A ${plugin.kind} has no states.`;
  const machine = machineOf(plugin);
  if (machine === null) return 'This plugin has no machine: its sensor does all the work.';
  const chart = statechartOf(machine);
  const rows = chart.states.map(({ path, description }) => [`\`${path}\``, description ?? '']);
  return `\`\`\`mermaid\n${mermaidOf(chart)}\`\`\`\n\n${markdownTable(['state', 'meaning'], rows)}`;
}
