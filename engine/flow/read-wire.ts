import { z } from 'zod';
import { OrderflowError } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Port, RecordPort } from '../plugin/port.ts';
import { compileCondition } from './compile-expression.ts';
import type { Expression } from './expression.ts';
import { ExpressionEnvironment } from './expression-environment.ts';
import { walk } from './expression-source.ts';
import type { FileScope, Origin } from './flow-scope.ts';
import type { ScheduleDays, Wire } from './graph.ts';
import type { ParamScope } from './params.ts';
import type { Reader } from './reader.ts';
import type { OriginResolver } from './resolve-origin.ts';
import { schemaMismatch } from './schema-match.ts';
import type { Entry, MapTree, TextScalar, Tree } from './yaml-tree.ts';

/** What the wires of a flow are read with. */
export interface WireContext {
  readonly reader: Reader;
  readonly resolver: OriginResolver;
  readonly instruments: readonly Instrument[];
  readonly flow: string;
}

/** A wire whose in-port may not be known yet: that of a statechart takes the type of its origin. */
export interface WireDraft {
  readonly port: string;
  readonly entry: Entry;
  readonly origin: Origin;
  readonly late: 'take' | 'drop' | null;
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
type Weekday = (typeof weekdays)[number];

function readDays(tree: Tree | undefined, reader: Reader): ScheduleDays | null {
  if (!tree) return 'rth';
  if (tree.kind === 'scalar' && (tree.value === 'rth' || tree.value === 'all')) return tree.value;
  const items = tree.kind === 'list' ? tree.items : [tree];
  const days: Weekday[] = [];
  for (const item of items) {
    const day = item.kind === 'scalar' ? weekdays.find((name) => name === item.value) : undefined;
    if (!day) {
      reader.lints.add('WF005.days', item.place, {
        text: item.kind === 'scalar' ? String(item.value) : 'a nested value',
      });
      return null;
    }
    days.push(day);
  }
  return days;
}

function readSchedule(map: MapTree, context: WireContext): Origin | null {
  const { reader } = context;
  reader.keys(map, ['at', 'days'], 'a calendar wire');
  const tree = reader.required(map, 'at', 'a calendar wire', 'a time of day like "09:25"');
  const at = tree && reader.text(tree, 'at', 'a time of day in quotes, like "09:25"');
  const days = readDays(map.entries.get('days')?.value, reader);
  if (at === null || days === null) return null;
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(at)) {
    reader.lints.add('WF005.time', tree!.place, { text: at });
    return null;
  }
  const port: RecordPort = { kind: 'event', schema: z.object({}) };
  return {
    origin: { kind: 'schedule', at, days },
    label: `${at} (${String(days)})`,
    port,
    where: [],
  };
}

function viaTopic(origin: Origin, map: MapTree, context: WireContext): Origin {
  const entry = map.entries.get('via');
  if (!entry) return origin;
  const via = context.reader.text(entry.value, 'via', 'topic');
  if (via !== null && via !== 'topic') context.reader.wrong(entry.value, 'via', 'topic');
  if (origin.origin.kind !== 'node') return origin;
  const { node, port } = origin.origin;
  return {
    ...origin,
    origin: { kind: 'topic', topic: `${context.flow}.${node}.${port}`, port: null },
  };
}

function readMapping(
  map: MapTree,
  node: string,
  scope: FileScope,
  context: WireContext,
): Origin | null {
  const { reader } = context;
  if (map.entries.has('at')) return readSchedule(map, context);
  reader.keys(map, ['from', 'where', 'via', 'late'], 'a wire');
  const from = reader.required(map, 'from', 'a wire', 'node.port or a source');
  const text = from && reader.text(from, 'from', 'node.port or a source');
  if (text === null) return null;
  const found = context.resolver.resolve(text, { scope, place: from!.place, node });
  const origin = found && viaTopic(found, map, context);
  const where = map.entries.get('where');
  if (!origin || !where) return origin;
  if (origin.port?.kind === 'market') {
    reader.lints.add(
      'WF001.key',
      where.place,
      { name: 'where', of: 'a market wire' },
      'let the plugin filter: only sensors see trades',
    );
    return null;
  }
  const condition = reader.textScalar(where.value, 'where', 'an expression over it');
  return (
    condition && { ...origin, where: [...origin.where, { text: condition, params: scope.params }] }
  );
}

/** Reads one entry of `in:`; null when it leads nowhere. */
export function readWire(
  entry: Entry,
  node: string,
  scope: FileScope,
  context: WireContext,
): WireDraft | null {
  const { value, name: port } = entry;
  const { reader } = context;
  if (value.kind === 'map') {
    const origin = readMapping(value, node, scope, context);
    const late = value.entries.get('late');
    const policy = late ? reader.text(late.value, 'late', 'take or drop') : null;
    if (policy !== null && policy !== 'take' && policy !== 'drop')
      return reader.wrong(late!.value, 'late', 'take or drop');
    return origin && { port, entry, origin, late: policy };
  }
  const text = reader.text(value, `in-port '${port}'`, 'node.port, a source, or a mapping');
  const origin =
    text === null ? null : context.resolver.resolve(text, { scope, place: value.place, node });
  return origin && { port, entry, origin, late: null };
}

function usesTick(expression: Expression): string | null {
  let found: string | null = null;
  walk(expression.ast, (node) => {
    if (node.op === 'call' && (node.args[0] === 'price' || node.args[0] === 'points'))
      found = node.args[0];
  });
  return found;
}

function sameTick(instruments: readonly Instrument[]): boolean {
  const [first] = instruments;
  return instruments.every(
    ({ tickSize }) => tickSize.num === first?.tickSize.num && tickSize.den === first.tickSize.den,
  );
}

type Predicate = NonNullable<Wire['where']>;

function compileWhere(
  text: TextScalar,
  params: ParamScope,
  port: Port | null,
  context: WireContext,
): Predicate | null {
  const schema = port && port.kind !== 'market' ? port.schema : null;
  const environment = new ExpressionEnvironment([
    { name: 'it', schema },
    { name: 'p', schema: params.schema },
  ]);
  const { instruments, reader } = context;
  const checked = compileCondition(text, { environment, instruments, lints: reader.lints, params });
  if (!checked) return null;
  const { expression } = checked;
  const tick = usesTick(expression);
  if (tick !== null && !sameTick(instruments)) {
    reader.lints.add('WF010.tick', text.place, { text: text.value, function: tick });
    return null;
  }
  const { values } = params;
  const [instrument] = instruments;
  return (payload) => {
    const result = expression.evaluate({
      instrument: instrument ?? null,
      read: (name) => (name === 'it' ? payload : values),
    });
    if (typeof result === 'boolean') return result;
    throw new OrderflowError('OF_EXPRESSION', {
      text: expression.source,
      cause: `expected true or false, was ${String(result)}`,
    });
  };
}

/** Returns the condition of a wire: all conditions on the way, in order; undefined without. */
export function wherePredicate(origin: Origin, context: WireContext): Predicate | undefined {
  const predicates = origin.where
    .map(({ text, params }) => compileWhere(text, params, origin.port, context))
    .filter((predicate) => predicate !== null);
  if (predicates.length === 0) return undefined;
  return (payload) => predicates.every((predicate) => predicate(payload));
}

/** Notes where the in-port of a plugin and the origin of a wire differ in kind or schema. */
function checkFit(draft: WireDraft, wanted: Port, context: WireContext): boolean {
  const { lints } = context.reader;
  const { origin, port, entry } = draft;
  const given = origin.port;
  const place = entry.value.place;
  if (!given) return wanted.kind !== 'market';
  if (given.kind !== wanted.kind) {
    const named = (kind: Port['kind']): string =>
      kind === 'market' ? 'market data' : kind === 'event' ? 'an event' : 'a table';
    lints.add('WF010.kind', place, {
      port,
      expected: named(wanted.kind),
      origin: origin.label,
      was: named(given.kind),
    });
    return false;
  }
  if (given.kind === 'market' || wanted.kind === 'market') return true;
  const cause = schemaMismatch(given.schema, wanted.schema);
  if (cause !== null) lints.add('WF010.schema', place, { port, origin: origin.label, cause });
  return cause === null;
}

/** Returns the finished wire of a plugin's in-port; null when it does not fit. */
export function finishWire(draft: WireDraft, wanted: Port, context: WireContext): Wire | null {
  if (!checkFit(draft, wanted, context)) return null;
  const where = wherePredicate(draft.origin, context);
  return {
    port: draft.port,
    kind: wanted.kind,
    origin: draft.origin.origin,
    ...(where ? { where } : {}),
    late: draft.late ?? (wanted.kind === 'market' ? 'take' : (wanted.late ?? 'take')),
    place: draft.entry.value.place,
  };
}
