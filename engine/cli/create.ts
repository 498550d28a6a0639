import { dirname, join, resolve } from 'node:path';
import { OrderflowError } from '../errors.ts';
import { findInstrument } from '../market/instrument.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { flowText } from './create-flow.ts';
import { pluginFiles } from './create-plugin.ts';
import type { ExitCode, Host } from './host.ts';
import { writeText } from './write-text.ts';

const kinds = ['flow', 'plugin'] as const;
const defaultMarket = 'simulator';
const idText = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const flowName = /^[a-z][a-zA-Z0-9-]*$/;

/** Commas and spaces both stand between names. */
function namesIn(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(',')).filter((name) => name !== '');
}

function pluginOf(args: Arguments, id: string, installed: readonly Plugin[]): Plugin {
  const found = installed.find((plugin) => plugin.id === id);
  if (found) return found;
  const ids = installed.map((plugin) => plugin.id);
  const nearest = nearestName(id, ids);
  throw args.refuse(
    'NODE',
    `${nearest === null ? '' : `perhaps '${nearest}'; `}one of ${ids.join(', ')}`,
    id,
  );
}

async function createFlow(host: Host, args: Arguments): Promise<ExitCode> {
  const names = namesIn(args.words.slice(1));
  const installed = (await host.loadPlugins()).map(({ plugin }) => plugin);
  if (names.length === 0)
    throw args.refuse(
      'NODE',
      `one or more of ${installed.map(({ id }) => id).join(', ')}`,
      'nothing',
    );
  const name = args.text('name') ?? 'my-flow';
  if (!flowName.test(name))
    throw args.refuse('--name', 'a lower-case letter, then letters, digits and hyphens', name);
  const instrument = findInstrument(args.text('instrument') ?? 'ES').symbol;
  const asked = names.map((id) => pluginOf(args, id, installed));
  if (asked.every(({ kind }) => kind === 'source'))
    throw args.refuse('NODE', 'at least one plugin that is no source', names.join(', '));
  const market =
    asked.find(({ kind }) => kind === 'source') ?? pluginOf(args, defaultMarket, installed);
  host.stdout.write(flowText({ name, instrument, asked, installed, market }));
  return 0;
}

/** Whether a folder lies inside the project itself, where the kit is imported by its short name. */
function isInsideProject(host: Host, path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const text = host.readText(join(folder, 'package.json'));
    if (text !== null) return /"name":\s*"orderflow"/.test(text) && text.includes('"#engine"');
    if (folder === dirname(folder)) return false;
  }
}

async function createPlugin(host: Host, args: Arguments): Promise<ExitCode> {
  const [id, ...more] = namesIn(args.words.slice(1));
  if (id === undefined || more.length > 0 || !idText.test(id)) {
    throw args.refuse(
      'NAME',
      'one kebab-case name such as opening-drive',
      id === undefined ? 'nothing' : [id, ...more].join(' '),
    );
  }
  const found = (await host.loadPlugins()).find(({ plugin }) => plugin.id === id);
  if (found)
    throw new OrderflowError('OF_CREATE_EXISTS', { what: `plugin '${id}'`, place: found.file });
  const folder = join(args.text('dir') ?? 'plugins', id);
  if (host.listFolder(folder).length > 0)
    throw new OrderflowError('OF_CREATE_EXISTS', { what: `folder '${folder}'`, place: folder });
  const isInside = isInsideProject(host, resolve(host.cwd, folder));
  const files = pluginFiles(id, isInside ? 'inside' : 'outside');
  for (const [name, text] of files) writeText(host, join(folder, name), text, true);
  host.stdout.write(
    [
      `Made ${folder}: ${[...files.keys()].join(', ')}`,
      '',
      ...nextSteps(host, args, id, isInside),
      '',
    ].join('\n'),
  );
  return 0;
}

function nextSteps(host: Host, args: Arguments, id: string, isInside: boolean): string[] {
  const dir = args.text('dir');
  const where = dir === null ? '' : `ORDERFLOW_PLUGINS=${dir} `;
  // The tests run in the project's folder, wherever the plugin is.
  const elsewhere = isInside ? '' : `ORDERFLOW_PLUGINS=${resolve(host.cwd, dir ?? 'plugins')} `;
  return [
    `  ${where}npx orderflow test ${id}`,
    '      runs its examples',
    `  ${elsewhere}npm test -- ${id}`,
    `      runs its tests${isInside ? '' : "; in the project's folder"}`,
    ...(isInside ? ['  npm run docs', '      draws its states into its README'] : []),
    `  ${where}npx orderflow create flow ${id}`,
    '      prints a flow with it',
  ];
}

/** `orderflow create`: prints a flow, or makes the folder of a plugin. */
export const command: Command = {
  name: 'create',
  summary: 'Print a flow that wires plugins, or make the folder of a new plugin that works',
  words: ['KIND', '[NAME…]'],
  options: [
    { name: 'name', value: 'NAME', summary: 'Name of the flow (default my-flow)' },
    { name: 'instrument', value: 'SYMBOL', summary: 'Instrument of the flow (default ES)' },
    { name: 'dir', value: 'DIR', summary: 'Folder the plugin folder is made in (default plugins)' },
  ],
  examples: [
    [
      'orderflow create flow absorption,vwap > flows/mine.flow.yaml',
      'wires both by their contracts, with whatever they need, and comments every parameter',
    ],
    [
      'orderflow create plugin opening-drive',
      'makes plugins/opening-drive with code, tests, examples and README',
    ],
    ['orderflow create plugin opening-drive --dir ../my-plugins', 'makes it outside the project'],
  ],
  async run(host, args) {
    const kind = kinds.find((known) => known === args.words[0]);
    if (kind === undefined)
      throw args.refuse('KIND', kinds.join(' or '), args.words[0] ?? 'nothing');
    return kind === 'flow' ? createFlow(host, args) : createPlugin(host, args);
  },
};
