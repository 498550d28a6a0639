import { nearestName } from '../plugin/nearest.ts';
import type { Condition } from './condition.ts';
import type { Place } from './graph.ts';
import { nearestFix } from './lint-table.ts';
import type { Reader } from './reader.ts';
import type { Value } from './value.ts';
import type { MapTree, Tree } from './yaml-tree.ts';

/** A candidate transition of a flow statechart. */
export interface ChartTransition {
  /** Number in the statechart, in file order; guards and actions find their expressions by it. */
  readonly id: number;
  /** An in-port, `always`, or the text of a duration. */
  readonly event: string;
  readonly kind: 'event' | 'always' | 'after';
  readonly place: Place;
  readonly when: Condition | null;
  readonly why: string | null;
  readonly set: ReadonlyMap<string, Value>;
  readonly emits: readonly { readonly port: string; readonly fields: ReadonlyMap<string, Value> }[];
  readonly target: ChartState | null;
}

/** A state of a flow statechart; the statechart itself is the root. */
export interface ChartState {
  readonly name: string;
  /** Names from the root to here; empty for the root. */
  readonly path: readonly string[];
  readonly place: Place;
  readonly tree: MapTree;
  readonly parent: ChartState | null;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final';
  readonly description: string | null;
  readonly states: ChartState[];
  initial: ChartState | null;
  readonly on: Map<string, readonly ChartTransition[]>;
  /** Milliseconds → candidates. */
  readonly after: Map<number, readonly ChartTransition[]>;
  always: readonly ChartTransition[];
}

const stateKeys = ['type', 'description', 'initial', 'states', 'on', 'after', 'always'];

/** Returns a state's name for messages: its path, or `machine`. */
export function stateName(state: ChartState): string {
  return state.path.length === 0 ? 'machine' : state.path.join('.');
}

/** Returns a state and everything below it, in file order. */
export function statesOf(state: ChartState): readonly ChartState[] {
  return [state, ...state.states.flatMap(statesOf)];
}

/** Returns the transitions that leave a state, in the order XState asks them: always, events, timers. */
export function transitionsFrom(state: ChartState): readonly ChartTransition[] {
  return [...state.always, ...[...state.on.values()].flat(), ...[...state.after.values()].flat()];
}

function readStateType(tree: MapTree, reader: Reader): 'parallel' | 'final' | null {
  const entry = tree.entries.get('type');
  const text = entry ? reader.text(entry.value, 'type', 'parallel or final') : null;
  if (text === null || text === 'parallel' || text === 'final') return text;
  reader.lints.add('WF014.word', entry!.value.place, {
    text: 'type',
    word: text,
    expected: 'parallel, final',
  });
  return null;
}

function readInitial(state: ChartState, reader: Reader): ChartState | null {
  const entry = state.tree.entries.get('initial');
  const names = state.states.map(({ name }) => name);
  const of = stateName(state);
  if (!entry) {
    if (state.type === 'compound')
      reader.lints.add('WF024.missing', state.place, { of, expected: names.join(', ') });
    return null;
  }
  const name = reader.text(entry.value, 'initial', 'the name of a state');
  if (name === null) return null;
  const found = state.states.find((child) => child.name === name);
  if (state.states.length === 0) reader.lints.add('WF024.leaf', entry.value.place, { of });
  else if (!found) {
    reader.lints.add(
      'WF024.unknown',
      entry.value.place,
      { name, of },
      nearestFix(nearestName(name, names)),
    );
  }
  return found ?? null;
}

/** Reads the states of a statechart without their transitions, whose targets must all be known first. */
export function readStates(
  tree: MapTree,
  name: string,
  place: Place,
  parent: ChartState | null,
  reader: Reader,
): ChartState {
  reader.keys(tree, stateKeys, parent ? `state '${name}'` : 'machine');
  const entries = reader.section(tree, 'states');
  const given = readStateType(tree, reader);
  const description = tree.entries.get('description');
  const state: ChartState = {
    name,
    path: parent ? [...parent.path, name] : [],
    place,
    tree,
    parent,
    type: given ?? (entries.length > 0 ? 'compound' : 'atomic'),
    description: description ? reader.text(description.value, 'description') : null,
    states: [],
    initial: null,
    on: new Map(),
    after: new Map(),
    always: [],
  };
  for (const entry of entries) {
    if (!reader.stateName(entry.name, entry.place)) continue;
    const child = emptyOrMap(entry.value, `state '${entry.name}'`, reader);
    if (child) state.states.push(readStates(child, entry.name, entry.place, state, reader));
  }
  state.initial = readInitial(state, reader);
  return state;
}

/** A state may be written as `waiting:` with nothing below. */
function emptyOrMap(tree: Tree, name: string, reader: Reader): MapTree | null {
  if (tree.kind === 'scalar' && tree.value === null)
    return { kind: 'map', place: tree.place, entries: new Map() };
  return reader.map(tree, name);
}

function descend(from: ChartState, names: readonly string[]): ChartState | null {
  let state: ChartState | null = from;
  for (const name of names) state = state?.states.find((child) => child.name === name) ?? null;
  return state;
}

/** Finds the state `to:` means: looked for among the siblings first, then farther and farther out. */
export function findTarget(from: ChartState, to: string): ChartState | null {
  const names = to.split('.');
  for (let scope: ChartState | null = from.parent ?? from; scope; scope = scope.parent) {
    const found = descend(scope, names);
    if (found) return found;
  }
  return descend(from, names);
}
