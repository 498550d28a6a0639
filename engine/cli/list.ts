import type { Plugin } from '../plugin/define-plugin.ts';
import { contractId, type Port } from '../plugin/port.ts';
import type { Command } from './command.ts';
import { lockFile, lockText } from './flow-lock.ts';
import type { FoundPlugin, Host } from './host.ts';
import { defaultFlowFiles } from './load-flow.ts';
import { alignColumns } from './text-table.ts';
import { writeText } from './write-text.ts';

interface PortLine {
  readonly port: string;
  readonly kind: string;
  readonly contract: string | null;
  readonly doc: string | null;
}

function portsOf(plugin: Plugin, ports: Readonly<Record<string, Port>>): PortLine[] {
  return Object.entries(ports).map(([port, spec]) =>
    spec.kind === 'market'
      ? { port, kind: `market (${spec.takes.join(', ')})`, contract: null, doc: null }
      : {
          port,
          kind: spec.kind,
          contract: contractId(spec.schema, plugin.id, port),
          doc: spec.doc ?? null,
        },
  );
}

/** Returns which flow files name a plugin; read from their text, so that a flow with mistakes counts too. */
function usersOf(
  flows: readonly { readonly path: string; readonly ids: ReadonlySet<string> }[],
  id: string,
): string[] {
  return flows.filter(({ ids }) => ids.has(id)).map(({ path }) => path);
}

function idsIn(text: string): Set<string> {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return new Set(
    [...lines.join('\n').matchAll(/\buse:\s*["']?([a-z][a-z0-9-]*)/g)].map(([, id]) => id ?? ''),
  );
}

function kindOf({ kind }: Plugin): string {
  return kind ?? 'processor';
}

function textOf(
  found: readonly FoundPlugin[],
  users: (id: string) => string[],
  withPorts: boolean,
): string {
  const rows = found.map(({ plugin }) => [
    plugin.id,
    plugin.version,
    kindOf(plugin),
    String(users(plugin.id).length),
    plugin.summary,
  ]);
  const lines = alignColumns(
    [['plugin', 'version', 'kind', 'flows', 'what it does'], ...rows],
    [3],
  );
  if (!withPorts) return `${lines.join('\n')}\n`;
  const blocks = found.map(({ plugin, file }, i) => {
    const ports = [
      ...portsOf(plugin, plugin.in).map((line) => [
        '  in',
        line.port,
        line.kind,
        line.contract ?? '',
        line.doc ?? '',
      ]),
      ...portsOf(plugin, plugin.out).map((line) => [
        '  out',
        line.port,
        line.kind,
        line.contract ?? '',
        line.doc ?? '',
      ]),
    ];
    return [
      lines[i + 1] ?? '',
      ...alignColumns(ports),
      `  file ${file}`,
      ...users(plugin.id).map((flow) => `  used by ${flow}`),
    ].join('\n');
  });
  return `${[lines[0] ?? '', ...blocks].join('\n\n')}\n`;
}

function jsonOf(found: readonly FoundPlugin[], users: (id: string) => string[]): string {
  const plugins = found.map(({ plugin, file }) => ({
    id: plugin.id,
    version: plugin.version,
    kind: kindOf(plugin),
    summary: plugin.summary,
    file,
    usedBy: users(plugin.id),
    in: portsOf(plugin, plugin.in),
    out: portsOf(plugin, plugin.out),
  }));
  return `${JSON.stringify({ plugins }, null, 2)}\n`;
}

function flowsOf(host: Host): { path: string; ids: Set<string> }[] {
  return defaultFlowFiles(host).map((path) => ({ path, ids: idsIn(host.readText(path) ?? '') }));
}

/** `orderflow list`: shows the plugins that discovery finds. */
export const command: Command = {
  name: 'list',
  summary: 'List the plugins with version, ports and the flows that use them',
  words: [],
  options: [
    { name: 'ports', summary: 'Show the ports and the file of each plugin' },
    { name: 'lock', summary: `Write ${lockFile}: the versions your flows were made with` },
    { name: 'json', summary: 'Print one JSON object' },
  ],
  examples: [
    ['orderflow list', 'shows one line for each plugin'],
    ['orderflow list --ports', 'shows in-ports and out-ports with their contracts as well'],
    [
      'ORDERFLOW_PLUGINS=~/my-plugins orderflow list',
      'shows your own plugins beside those that ship',
    ],
  ],
  async run(host, args) {
    const found = await host.loadPlugins();
    const flows = flowsOf(host);
    const users = (id: string): string[] => usersOf(flows, id);
    if (args.has('lock')) {
      writeText(
        host,
        lockFile,
        lockText(host, found, (id) => users(id).length > 0),
      );
      host.stderr.write(`wrote ${lockFile}\n`);
    }
    host.stdout.write(
      args.has('json') ? jsonOf(found, users) : textOf(found, users, args.has('ports')),
    );
    return 0;
  },
};
