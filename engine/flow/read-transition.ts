import { z } from 'zod';
import { nearestName } from '../plugin/nearest.ts';
import { unwrapSchema } from '../plugin/schema.ts';
import { type ChartState, type ChartTransition, findTarget, statesOf } from './chart.ts';
import { type Condition, ConditionLeaf } from './condition.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';
import { walk } from './expression-source.ts';
import { nearestFix } from './lint-table.ts';
import { formatDuration, parseDuration } from './parse-duration.ts';
import { type ConditionContext, readCondition, tradeDayMicros } from './read-condition.ts';
import { shapeOf, shorten } from './reader.ts';
import { noteUnknownField, readFields, readValue, type Value, type ValueContext } from './value.ts';
import type { Entry, MapTree, Tree } from './yaml-tree.ts';

/** What the transitions of a statechart are read with. */
export interface ChartContext extends Omit<ConditionContext, 'event' | 'environment'> {
  /** The environment of an event; null: of timers and `always`, which have no payload. */
  environmentOf(event: string | null): ExpressionEnvironment;
  /** Context fields by name. */
  readonly fields: ReadonlyMap<string, z.ZodType>;
  /** Out-ports by name; null for one whose contract is not readable. */
  readonly out: ReadonlyMap<string, z.ZodObject | null>;
  /** Out-ports some transition emits. */
  readonly emitted: Set<string>;
  /** Context fields some transition sets. */
  readonly assigned: Set<string>;
  /** Returns the number of the next transition. */
  next(): number;
}

interface EventKind {
  readonly event: string;
  readonly kind: ChartTransition['kind'];
}

const transitionKeys = ['when', 'why', 'set', 'emit', 'to'];
/** What people who know XState write. */
const synonyms: Readonly<Record<string, string>> = {
  target: 'to',
  guard: 'when',
  cond: 'when',
  if: 'when',
  assign: 'set',
  raise: 'emit',
};

function checkKeys(map: MapTree, context: ChartContext): void {
  const { lints, reader } = context;
  const known = new Map([...map.entries].filter(([name]) => transitionKeys.includes(name)));
  reader.keys({ ...map, entries: known }, transitionKeys, 'a transition');
  for (const { name, place } of map.entries.values()) {
    if (transitionKeys.includes(name)) continue;
    const meant = synonyms[name] ?? nearestName(name, transitionKeys);
    if (/^(action|actions|do|entry|exit|invoke)$/.test(name))
      lints.add('WF023.action', place, { name });
    else
      lints.add('WF001.key', place, { name: shorten(name), of: 'a transition' }, nearestFix(meant));
  }
}

/** A text or list that is added to itself grows with every event. */
function checkGrowth(
  field: string,
  value: Value,
  place: Entry['place'],
  context: ChartContext,
): void {
  if (value.kind !== 'expression') return;
  const { expression } = value;
  if (expression.type !== 'string' && !expression.type.startsWith('list')) return;
  walk(expression.ast, (node) => {
    if (node.op !== '+') return;
    walk(node, (part) => {
      if (
        part.op === '.' &&
        part.args[1] === field &&
        part.args[0].op === 'id' &&
        part.args[0].args === 'ctx'
      ) {
        context.lints.add('WF055.growth', place, { name: field, text: shorten(expression.source) });
      }
    });
  });
}

function readSet(
  tree: Tree,
  context: ChartContext,
  values: ValueContext,
): ReadonlyMap<string, Value> {
  const assignments = new Map<string, Value>();
  const map = context.reader.map(tree, 'set');
  if (!map) return assignments;
  context.reader.keys(map, [...map.entries.keys()], 'set');
  for (const { name, place, value: right } of map.entries.values()) {
    const schema = context.fields.get(name);
    if (!schema) {
      noteUnknownField(name, place, [...context.fields.keys()], values);
      continue;
    }
    context.assigned.add(name);
    const value = readValue(right, schema, name, values);
    if (!value) continue;
    checkGrowth(name, value, right.place, context);
    assignments.set(name, value);
  }
  return assignments;
}

function readEmits(
  tree: Tree,
  context: ChartContext,
  values: ValueContext,
): ChartTransition['emits'] {
  const map = context.reader.map(tree, 'emit');
  if (!map) return [];
  const emits: { port: string; fields: ReadonlyMap<string, Value> }[] = [];
  for (const { name, place, value } of map.entries.values()) {
    const schema = context.out.get(name);
    if (schema === undefined) {
      const facts = { of: 'this statechart', side: 'out', name };
      context.lints.add(
        'WF001.port',
        place,
        facts,
        nearestFix(nearestName(name, context.out.keys())),
      );
      continue;
    }
    context.emitted.add(name);
    const payload = context.reader.map(value, name);
    const fields = payload && readFields(payload, schema, name, values);
    if (fields) emits.push({ port: name, fields });
  }
  return emits;
}

function readTarget(tree: Tree, state: ChartState, context: ChartContext): ChartState | null {
  const name = context.reader.text(tree, 'to', 'the name of a state');
  if (name === null) return null;
  const target = findTarget(state, name);
  if (target && target.path.length > 0) return target;
  let root = state;
  while (root.parent) root = root.parent;
  const known = statesOf(root).flatMap(({ name: own, path }) =>
    path.length === 0 ? [] : [own, path.join('.')],
  );
  context.lints.add(
    'WF001.state',
    tree.place,
    { name: shorten(name) },
    nearestFix(nearestName(name, known)),
  );
  return null;
}

/** Stands for a condition that was noted as wrong, so that the transition does not count as one without. */
function unreadable(tree: Tree): Condition {
  const text = `${tree.place.file}:${tree.place.line}:${tree.place.col}`;
  return { kind: 'leaf', leaf: new ConditionLeaf(text, null, false, () => ({ ok: false })) };
}

function readCandidate(
  tree: Tree,
  state: ChartState,
  at: EventKind,
  context: ChartContext,
): ChartTransition | null {
  const map = context.reader.map(tree, `transition on '${at.event}'`);
  if (!map) return null;
  checkKeys(map, context);
  const event = at.kind === 'event' ? at.event : null;
  const values: ValueContext = { ...context, environment: context.environmentOf(event) };
  const part = (key: string): Tree | null => map.entries.get(key)?.value ?? null;
  const when = part('when');
  const why = part('why');
  const set = part('set');
  const emit = part('emit');
  const to = part('to');
  if (!set && !emit && !to) context.lints.add('WF023.nothing', map.place, { event: at.event });
  return {
    id: context.next(),
    ...at,
    place: map.place,
    when: when && (readCondition(when, { ...context, ...values, event }) ?? unreadable(when)),
    why: why && context.reader.text(why, 'why'),
    set: set ? readSet(set, context, values) : new Map(),
    emits: emit ? readEmits(emit, context, values) : [],
    target: to && readTarget(to, state, context),
  };
}

function readCandidates(
  tree: Tree,
  state: ChartState,
  at: EventKind,
  context: ChartContext,
): readonly ChartTransition[] {
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items
    .map((item) => readCandidate(item, state, at, context))
    .filter((candidate) => candidate !== null);
}

function readEvents(state: ChartState, context: ChartContext): void {
  for (const { name, place, value } of context.reader.section(state.tree, 'on')) {
    if (!context.ports.includes(name)) {
      context.lints.add(
        'WF012.event',
        place,
        { name: shorten(name) },
        nearestFix(nearestName(name, context.ports)),
      );
      continue;
    }
    context.asked.add(name);
    state.on.set(name, readCandidates(value, state, { event: name, kind: 'event' }, context));
  }
}

function readTimers(state: ChartState, context: ChartContext): void {
  for (const { name, place, value } of context.reader.section(state.tree, 'after')) {
    const micros = parseDuration(name);
    if (micros === null || micros < 1_000) {
      context.lints.add('WF005.duration', place, { text: shorten(name) });
      continue;
    }
    if (micros > tradeDayMicros)
      context.lints.add('WF030.timer', place, { text: formatDuration(micros) });
    const candidates = readCandidates(
      value,
      state,
      { event: `after ${name}`, kind: 'after' },
      context,
    );
    state.after.set(micros / 1_000, [...(state.after.get(micros / 1_000) ?? []), ...candidates]);
  }
}

/** Reads the transitions of a state and of everything below it. */
export function readTransitions(state: ChartState, context: ChartContext): void {
  readEvents(state, context);
  readTimers(state, context);
  const always = state.tree.entries.get('always');
  if (always)
    state.always = readCandidates(
      always.value,
      state,
      { event: 'always', kind: 'always' },
      context,
    );
  for (const child of state.states) readTransitions(child, context);
}

/** Reads `context:` as typed fields with their first values; a field without one is null until it is set. */
export function readContextField(entry: Entry, context: ValueContext, schema: z.ZodType): unknown {
  const map = entry.value.kind === 'map' ? entry.value : null;
  const given = map?.entries.get('default');
  if (!given) return null;
  const { inner, unit } = unwrapSchema(schema);
  if (inner instanceof z.ZodArray && given.value.kind === 'list' && given.value.items.length === 0)
    return [];
  const value = given.value.kind === 'scalar' ? given.value.value : undefined;
  if (unit === 'price' && typeof value === 'number') {
    context.lints.add(
      'WF010.barePrice',
      given.value.place,
      { text: `default: ${value}`, number: value },
      'set it in a transition',
    );
  }
  if (schema.safeParse(value).success) return value;
  context.lints.add('WF014.value', given.value.place, {
    name: 'default',
    expected: 'a value of the field',
    was: shapeOf(given.value),
  });
  return null;
}
