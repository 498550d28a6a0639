import { z } from 'zod';
import { contractId } from '../flow/contract-table.ts';
import { schemaMismatch } from '../flow/schema-match.ts';
import { describeSchema } from '../flow/schema-text.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import type { RecordPort } from '../plugin/port.ts';
import { cutLine, wrapWords } from './text-table.ts';

/** A node of the flow to be written. */
interface Draft {
  /** Node key: the plugin's id, with a number when it stands there before. */
  readonly key: string;
  readonly plugin: Plugin;
  /** Why a node is there that nobody asked for; null for those asked for. */
  readonly addedFor: string | null;
  /** In-ports with what they are wired to, `node.port`. */
  readonly wires: Map<string, string>;
  /** In-ports that stay unwired, with a line on what would fit. */
  readonly unwired: Map<string, string>;
}

/** An out-port that may feed an in-port; the higher the better it fits. */
interface Feeder {
  readonly plugin: Plugin;
  readonly port: string;
  readonly fit: number;
}

const width = 100;
const marketKey = 'market';
const fits = { contractAndName: 3, contract: 2, nameAndFields: 1 } as const;

function isProcessor(plugin: Plugin): boolean {
  return plugin.kind === undefined || plugin.kind === 'processor';
}

/** By contract; where the schemas have none, by name and fields: fields alone would fit too much. */
function fitOf(given: RecordPort, out: string, wanted: RecordPort, name: string): number {
  if (given.kind !== wanted.kind) return 0;
  const id = contractId(wanted.schema);
  const isSame = given.schema === wanted.schema || (id !== null && id === contractId(given.schema));
  if (isSame) return out === name ? fits.contractAndName : fits.contract;
  return out === name && schemaMismatch(given.schema, wanted.schema) === null
    ? fits.nameAndFields
    : 0;
}

function bestFeeder(
  wanted: RecordPort,
  name: string,
  plugins: readonly Plugin[],
  self: Plugin,
): Feeder | null {
  let best: Feeder | null = null;
  for (const plugin of plugins) {
    if (!isProcessor(plugin) || plugin === self) continue;
    for (const [port, spec] of Object.entries(plugin.out as Readonly<Record<string, RecordPort>>)) {
      const fit = fitOf(spec, port, wanted, name);
      if (fit > (best?.fit ?? 0)) best = { plugin, port, fit };
    }
  }
  return best;
}

/** Puts nodes together, and adds those that an in-port needs and nobody asked for. */
class FlowDraft {
  readonly nodes: Draft[] = [];
  private readonly installed: readonly Plugin[];

  constructor(installed: readonly Plugin[], asked: readonly Plugin[]) {
    this.installed = installed;
    for (const plugin of asked) this.add(plugin, null);
    // Nodes that are added here are wired in their turn.
    for (const node of this.nodes) this.wire(node);
  }

  private add(plugin: Plugin, addedFor: string | null): Draft {
    const count = this.nodes.filter((node) => node.plugin === plugin).length;
    const key = count === 0 ? plugin.id : `${plugin.id}-${count + 1}`;
    const node: Draft = { key, plugin, addedFor, wires: new Map(), unwired: new Map() };
    this.nodes.push(node);
    return node;
  }

  private wire(node: Draft): void {
    for (const [name, spec] of Object.entries(node.plugin.in)) {
      if (spec.kind === 'market') node.wires.set(name, marketKey);
      else this.wireRecord(node, name, spec);
    }
  }

  private wireRecord(node: Draft, name: string, spec: RecordPort): void {
    // An event that carries nothing is a time of day: the calendar gives it.
    if (spec.kind === 'event' && Object.keys(spec.schema.shape).length === 0) {
      node.wires.set(name, '{ at: "09:25", days: rth }');
      return;
    }
    const present = this.nodes.map(({ plugin }) => plugin);
    const own = bestFeeder(spec, name, present, node.plugin);
    const other = own ? null : bestFeeder(spec, name, this.installed, node.plugin);
    if (own) {
      const key = this.nodes.find(({ plugin }) => plugin === own.plugin)?.key ?? '';
      node.wires.set(name, `${key}.${own.port}`);
    } else if (!other) node.unwired.set(name, `${name}: no plugin that is installed gives it`);
    else if (spec.optional === true) {
      node.unwired.set(
        name,
        `${name}: ${other.plugin.id}.${other.port}   # optional; needs node ${other.plugin.id}`,
      );
    } else
      node.wires.set(name, `${this.add(other.plugin, `${node.key}.${name}`).key}.${other.port}`);
  }
}

/** A value as it stands in YAML. */
function yamlValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[a-z][a-zA-Z0-9-]*$/.test(value) ? value : JSON.stringify(value);
}

function comment(text: string, indent: number): string[] {
  const lead = `${' '.repeat(indent)}# `;
  return wrapWords(text, width - lead.length).map((line) => `${lead}${line}`);
}

/** What stands in for a parameter without a default until somebody fills it in. */
function placeholder(schema: z.ZodType): unknown {
  const candidates = ['FILL-IN', 1, true, [], ['FILL-IN'], {}];
  return candidates.find((candidate) => schema.safeParse(candidate).success) ?? 'FILL-IN';
}

/** The description up to its first stop: what fits beside a value. */
function descriptionOf(schema: z.ZodType): string {
  const text = schema.meta()?.['description'];
  return typeof text === 'string' ? (text.split(/[;.] /)[0] ?? '') : '';
}

interface Parameter {
  readonly name: string;
  readonly value: unknown;
  readonly required: boolean;
  readonly doc: string;
}

function parametersOf({ config }: Plugin): Parameter[] {
  return Object.entries(config.shape).flatMap(([name, field]) => {
    if (!(field instanceof z.ZodType)) return [];
    const absent = field.safeParse(undefined);
    const value = absent.success ? absent.data : placeholder(field);
    // An optional parameter without a default has no value to show.
    if (value === undefined) return [];
    const about = descriptionOf(field);
    const doc = `${about === '' ? '' : `${about}; `}${describeSchema(field)}`;
    return [{ name, value, required: !absent.success, doc }];
  });
}

/** Writes the parameters, one a line: those that are needed as values, the others with their defaults as comments. */
function parameterLines(plugin: Plugin, indent: number): string[] {
  const parameters = parametersOf(plugin);
  const pad = ' '.repeat(indent);
  const isNeeded = parameters.some(({ required }) => required);
  const texts = parameters.map(
    ({ name, value, required }) => `${pad}${required ? '  ' : '#   '}${name}: ${yamlValue(value)}`,
  );
  const column = Math.max(0, ...texts.map(({ length }) => length)) + 2;
  const lines = parameters.map(({ doc }, i) =>
    cutLine(`${texts[i]?.padEnd(column)}# ${doc}`, width),
  );
  if (lines.length === 0) return [];
  return [isNeeded ? `${pad}with:` : `${pad}# with:   # uncomment what you change`, ...lines];
}

function majorOf({ id, version }: Plugin): string {
  const [major, minor] = version.split('.');
  return major === '0' ? `${id}@^0.${minor}` : `${id}@^${major}`;
}

function nodeLines({ key, plugin, addedFor, wires, unwired }: Draft): string[] {
  const about =
    addedFor === null ? plugin.summary : `${plugin.summary}. Added because ${addedFor} needs it`;
  return [
    '',
    `  ${key}:`,
    ...comment(about, 4),
    `    use: ${majorOf(plugin)}`,
    ...(wires.size === 0 ? [] : ['    in:']),
    ...[...wires].map(([port, from]) => `      ${port}: ${from}`),
    ...[...unwired.values()].map((line) => `      # ${line}`),
    ...parameterLines(plugin, 4),
  ];
}

interface Heard {
  readonly from: string;
  /** Name of the in-port that hears it. */
  readonly name: string;
}

/**
 * What a strategy would want to hear: events with a side that no node reads, and of a node that says nothing else and
 * is not read at all its first event.
 */
function unreadEvents(nodes: readonly Draft[]): Heard[] {
  const read = new Set(nodes.flatMap(({ wires }) => [...wires.values()]));
  return nodes.flatMap(({ key, plugin }) => {
    const ports = Object.entries(plugin.out as Readonly<Record<string, RecordPort>>);
    const isMute = ports.every(
      ([port, { kind }]) => kind === 'event' && !read.has(`${key}.${port}`),
    );
    const sided = ports.filter(
      ([port, { kind, schema }]) =>
        kind === 'event' && 'side' in schema.shape && !read.has(`${key}.${port}`),
    );
    const chosen = sided.length === 0 && isMute ? ports.slice(0, 1) : sided;
    return chosen.map(([port]) => ({ from: `${key}.${port}`, name: camel(`${key}.${port}`) }));
  });
}

function camel(text: string): string {
  return text.replace(/[-.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A statechart that hears every event nobody else reads: the place to begin. */
function strategyLines(nodes: readonly Draft[]): string[] {
  const heard = unreadEvents(nodes);
  if (heard.length === 0) return [];
  return [
    '',
    '  strategy:',
    ...comment(
      'A statechart in plain YAML: change states, conditions and what it emits. `orderflow test` tries it out',
      4,
    ),
    '    in:',
    ...heard.map(({ from, name }) => `      ${name}: ${from}`),
    '    machine:',
    '      initial: watching',
    '      states:',
    '        watching:',
    '          description: Nothing has happened yet.',
    '          on:',
    ...heard.flatMap(({ name, from }) => [
      `            ${name}:`,
      '              # A condition would be  when: { expr: "ev.…", why: … }',
      `              - { to: alert, why: ${from} spoke }`,
    ]),
    '        alert:',
    '          description: Something happened within the last half hour.',
    '          after:',
    '            30m: { to: watching, why: half an hour has passed }',
  ];
}

function sourceLines(source: Plugin): string[] {
  return [
    'sources:',
    ...comment(`${source.summary}. \`orderflow replay --data FILE\` puts files here`, 2),
    `  ${marketKey}:`,
    `    use: ${majorOf(source)}`,
    ...parameterLines(source, 4),
  ];
}

/** What a flow is made of. */
export interface FlowPlan {
  readonly name: string;
  readonly instrument: string;
  /** Plugins of the nodes asked for, in their order; sources among them make no node. */
  readonly asked: readonly Plugin[];
  /** All plugins there are: what nodes need is taken from them. */
  readonly installed: readonly Plugin[];
  /** The source of the market. */
  readonly market: Plugin;
}

/** Writes a commented flow that wires plugins by their contracts: in-ports to whoever gives what they take. */
export function flowText({ name, instrument, asked, installed, market }: FlowPlan): string {
  const { nodes } = new FlowDraft(installed, asked.filter(isProcessor));

  const lines = [
    '# yaml-language-server: $schema=./flow.schema.json',
    '# Made by `orderflow create flow`. Check it with `npx orderflow lint`, watch it with `npx orderflow start`.',
    `flow: ${name}`,
    'version: 0.1.0',
    `doc: ${yamlValue(`Wires ${nodes.map(({ key }) => key).join(', ')}.`)}`,
    '',
    `instruments: [${instrument}]   # one task per instrument`,
    'time: { zone: America/New_York }',
    '',
    // A source that nobody reads is a mistake.
    ...(nodes.some(({ wires }) => [...wires.values()].includes(marketKey))
      ? [...sourceLines(market), '']
      : []),
    'nodes:',
    ...[...nodes.flatMap(nodeLines), ...strategyLines(nodes)].slice(1),
  ];
  return `${lines.join('\n')}\n`;
}
