import { z } from 'zod';
import { micros } from '../contracts/units.ts';
import { nearestName } from '../plugin/nearest.ts';
import type { RecordPort } from '../plugin/port.ts';
import { readStates } from './chart.ts';
import { lintChart } from './chart-lints.ts';
import { type ChartPlugin, chartPlugin } from './chart-machine.ts';
import { contractTable } from './contract-table.ts';
import { ExpressionEnvironment, type Variable } from './expression-environment.ts';
import { reservedVariables } from './expression-functions.ts';
import { readField } from './field-schema.ts';
import type { NodeDraft } from './flow-scope.ts';
import type { GraphNode, Wire } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import { type ChartContext, readContextField, readTransitions } from './read-transition.ts';
import { finishWire, type WireContext, type WireDraft } from './read-wire.ts';
import type { Reader } from './reader.ts';
import { TemporalWatch } from './temporal.ts';
import type { Entry, MapTree } from './yaml-tree.ts';

/** A statechart as a node's plugin, with the wires that feed it. */
export interface ReadChart extends ChartPlugin {
  readonly wires: readonly Wire[];
  readonly tables: GraphNode['tables'];
  readonly contextSchema: z.ZodObject;
}

type ChartDraft = NodeDraft & { readonly kind: 'chart' };

function contractPort(entry: Entry, reader: Reader): RecordPort | null {
  const name = reader.text(entry.value, entry.name, 'a contract like tradeIdea');
  if (name === null) return null;
  const known = contractTable.get(name);
  if (known) return { kind: 'event', schema: known.schema };
  const fix = nearestFix(nearestName(name, contractTable.keys()));
  reader.lints.add('WF001.contract', entry.value.place, { name }, fix);
  return null;
}

function readOutField(entry: Entry, reader: Reader): z.ZodType | null {
  const schema = readField(entry.value, entry.name, ['optional'], reader);
  const optional = entry.value.kind === 'map' ? entry.value.entries.get('optional') : undefined;
  return schema && optional && reader.boolean(optional.value, 'optional')
    ? schema.optional()
    : schema;
}

function readOutPort(entry: Entry, reader: Reader): RecordPort | null {
  const { name, value } = entry;
  if (value.kind === 'scalar') return contractPort(entry, reader);
  const map = reader.map(value, name);
  if (!map) return null;
  reader.keys(map, ['kind', 'fields', 'doc'], `out-port '${name}'`);
  const kind = map.entries.get('kind');
  if (kind && reader.text(kind.value, 'kind', 'event') !== 'event')
    return reader.wrong(kind.value, 'kind', 'event');
  const fields: Record<string, z.ZodType> = {};
  for (const field of reader.section(map, 'fields')) {
    const schema = reader.identifier(field.name, 'field', field.place)
      ? readOutField(field, reader)
      : null;
    if (schema) fields[field.name] = schema;
  }
  return { kind: 'event', schema: z.object(fields) };
}

/** Reads `out:` of a statechart: a contract by name, or fields. Null for a port whose contract is not readable. */
export function readOutPorts(
  tree: MapTree,
  reader: Reader,
): ReadonlyMap<string, RecordPort | null> {
  const ports = new Map<string, RecordPort | null>();
  for (const entry of reader.section(tree, 'out')) {
    if (reader.identifier(entry.name, 'port', entry.place))
      ports.set(entry.name, readOutPort(entry, reader));
  }
  return ports;
}

/** A statechart sees sparse events and rows of tables: its in-port takes the type of what is wired to it. */
function inPortOf(draft: WireDraft, context: WireContext): RecordPort | null {
  const { port } = draft.origin;
  if (!port) return { kind: 'event', schema: z.looseObject({}) };
  if (port.kind !== 'market') return port;
  const facts = {
    port: draft.port,
    expected: 'an event or a table',
    origin: draft.origin.label,
    was: 'market data',
  };
  context.reader.lints.add(
    'WF010.kind',
    draft.entry.value.place,
    facts,
    'let a plugin make events of trades',
  );
  return null;
}

interface Tables {
  readonly variables: readonly Variable[];
  readonly origins: GraphNode['tables'];
}

function readTables(draft: ChartDraft, context: WireContext): Tables {
  const { reader, resolver } = context;
  const variables: Variable[] = [];
  const origins: Record<string, { node: string; port: string }> = {};
  for (const { name, place, value } of reader.section(draft.tree, 'tables')) {
    if (!reader.identifier(name, 'table', place)) continue;
    if (reservedVariables.has(name)) {
      reader.lints.add('WF006.taken', place, { name });
      continue;
    }
    const text = reader.text(value, name, 'node.port');
    const origin =
      text === null
        ? null
        : resolver.resolve(text, { scope: draft.scope, place: value.place, node: draft.id });
    if (!origin) {
      variables.push({ name, schema: null });
      continue;
    }
    if (origin.port?.kind !== 'table' || origin.origin.kind !== 'node') {
      reader.lints.add('WF001.table', value.place, { name: origin.label });
      variables.push({ name, schema: null });
      continue;
    }
    variables.push({ name, schema: origin.port.schema, keyed: origin.port.key !== undefined });
    origins[name] = { node: origin.origin.node, port: origin.origin.port };
  }
  return { variables, origins };
}

interface ContextFields {
  readonly schemas: ReadonlyMap<string, z.ZodType>;
  readonly entries: readonly Entry[];
}

function readContext(tree: MapTree, reader: Reader): ContextFields {
  const schemas = new Map<string, z.ZodType>();
  const entries: Entry[] = [];
  for (const entry of reader.section(tree, 'context')) {
    if (!reader.identifier(entry.name, 'context field', entry.place)) continue;
    const schema = readField(entry.value, entry.name, ['default'], reader);
    if (!schema) continue;
    schemas.set(entry.name, schema.nullable());
    entries.push(entry);
  }
  return { schemas, entries };
}

/** Environments by event; the parent has what every event sees. */
function environments(
  draft: ChartDraft,
  fields: ContextFields,
  tables: Tables,
  ports: Readonly<Record<string, RecordPort>>,
): ChartContext['environmentOf'] {
  const base = new ExpressionEnvironment([
    { name: 'p', schema: draft.scope.params.schema },
    { name: 'ctx', schema: z.object(Object.fromEntries(fields.schemas)) },
    ...tables.variables,
  ]);
  const made = new Map<string, ExpressionEnvironment>();
  return (event) => {
    if (event === null) return base;
    const known = made.get(event);
    if (known) return known;
    const schema = ports[event]?.schema;
    const { catchall } = schema?.def ?? {};
    const isOpen =
      schema === undefined || (catchall !== undefined && !(catchall instanceof z.ZodNever));
    const payload = isOpen ? null : z.object({ ...schema.shape, ts: micros() });
    const environment = new ExpressionEnvironment([{ name: 'ev', schema: payload }], base);
    made.set(event, environment);
    return environment;
  };
}

/** Notes names of a statechart that are there for nothing. */
function lintUse(draft: ChartDraft, context: ChartContext): void {
  const { asked, assigned, emitted, fields, lints, out, ports, reader } = context;
  const entries = (key: string, isIdle: (entry: Entry) => boolean): readonly Entry[] =>
    reader.section(draft.tree, key).filter(isIdle);
  for (const { name, place } of entries(
    'in',
    (e) => ports.includes(e.name) && !asked.has(e.name),
  )) {
    lints.add('WF012.inPort', place, { name });
  }
  for (const { name, place } of entries('out', (e) => out.has(e.name) && !emitted.has(e.name))) {
    lints.add('WF012.emit', place, { name });
  }
  const hasDefault = ({ value }: Entry): boolean =>
    value.kind === 'map' && value.entries.has('default');
  for (const { name, place } of entries(
    'context',
    (e) => fields.has(e.name) && !assigned.has(e.name) && !hasDefault(e),
  )) {
    lints.add('WF012.context', place, { name, what: 'set' });
  }
}

interface InPorts {
  readonly ports: Readonly<Record<string, RecordPort>>;
  readonly wires: readonly Wire[];
}

function readInPorts(drafts: readonly WireDraft[], context: WireContext): InPorts {
  const ports: Record<string, RecordPort> = {};
  const wires: Wire[] = [];
  for (const draft of drafts) {
    const port = inPortOf(draft, context);
    const wire = port && finishWire(draft, port, context);
    if (port) ports[draft.port] = port;
    if (wire) wires.push(wire);
  }
  return { ports, wires };
}

function chartContext(
  draft: ChartDraft,
  fields: ContextFields,
  tables: Tables,
  ports: InPorts['ports'],
  context: WireContext,
): ChartContext {
  let count = 0;
  return {
    reader: context.reader,
    instruments: context.instruments,
    lints: context.reader.lints,
    params: draft.scope.params,
    environmentOf: environments(draft, fields, tables, ports),
    ports: context.reader.section(draft.tree, 'in').map(({ name }) => name),
    watch: new TemporalWatch(),
    asked: new Set(),
    fields: fields.schemas,
    out: new Map([...draft.out].map(([name, port]) => [name, port?.schema ?? null])),
    emitted: new Set(),
    assigned: new Set(),
    next: () => count++,
  };
}

/** Reads a node that is a statechart written in the flow. */
export function readChart(
  draft: ChartDraft,
  drafts: readonly WireDraft[],
  flow: { readonly name: string; readonly version: string },
  context: WireContext,
): ReadChart | null {
  const { reader } = context;
  const { tree } = draft;
  reader.keys(
    tree,
    ['in', 'tables', 'out', 'context', 'machine', 'onError', 'doc'],
    `node '${draft.id}'`,
  );
  const { ports, wires } = readInPorts(drafts, context);
  const fields = readContext(tree, reader);
  const tables = readTables(draft, context);
  const machine = reader.required(tree, 'machine', `node '${draft.id}'`, 'a statechart');
  const map = machine && reader.map(machine, 'machine');
  if (!map) return null;
  const root = readStates(map, draft.id, map.place, null, reader);
  const chart = chartContext(draft, fields, tables, ports, context);
  readTransitions(root, chart);
  lintUse(draft, chart);
  lintChart(root, reader.lints);
  const values = { ...chart, environment: chart.environmentOf(null) };
  const first = fields.entries.map((entry) => [
    entry.name,
    readContextField(entry, values, fields.schemas.get(entry.name)!),
  ]);
  const doc = tree.entries.get('doc');
  const result = chartPlugin({
    node: draft.id,
    flow: flow.name,
    version: flow.version,
    doc:
      (doc && reader.text(doc.value, 'doc')) ?? `Statechart ${draft.id} of the flow ${flow.name}.`,
    root,
    in: ports,
    out: Object.fromEntries(
      [...draft.out].filter((entry): entry is [string, RecordPort] => entry[1] !== null),
    ),
    fields: fields.schemas,
    context: Object.fromEntries(first) as Readonly<Record<string, unknown>>,
    params: draft.scope.params.values,
    watch: chart.watch,
  });
  const contextSchema = z.object(Object.fromEntries(fields.schemas));
  return { ...result, contextSchema, wires, tables: tables.origins };
}
