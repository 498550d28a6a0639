import {
  type ChartState,
  type ChartTransition,
  stateName,
  statesOf,
  transitionsFrom,
} from './chart.ts';
import { type Condition, conditionText } from './condition.ts';
import type { Lints } from './lint-table.ts';

/** Enters a state: its ancestors, and what XState enters by itself below it. */
function enter(state: ChartState, reached: Set<ChartState>): void {
  for (let s: ChartState | null = state; s; s = s.parent) reached.add(s);
  if (state.type === 'parallel') for (const child of state.states) enter(child, reached);
  else if (state.initial) enter(state.initial, reached);
}

/** Entering a state inside a parallel one enters the other regions as well. */
function enterWithRegions(state: ChartState, reached: Set<ChartState>): void {
  enter(state, reached);
  for (let s: ChartState | null = state; s?.parent; s = s.parent) {
    if (s.parent.type !== 'parallel') continue;
    for (const region of s.parent.states)
      if (region !== s && !reached.has(region)) enter(region, reached);
  }
}

function lintReachable(root: ChartState, lints: Lints): void {
  if (root.type === 'compound' && !root.initial) return;
  const reached = new Set<ChartState>();
  enter(root, reached);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const state of [...reached]) {
      for (const { target } of transitionsFrom(state))
        if (target && !reached.has(target)) enterWithRegions(target, reached);
    }
  }
  for (const state of statesOf(root)) {
    if (!reached.has(state)) lints.add('WF020.state', state.place, { name: stateName(state) });
  }
}

function lintShadowed(candidates: readonly ChartTransition[], lints: Lints): void {
  for (const [index, candidate] of candidates.entries()) {
    const text = candidate.when && conditionText(candidate.when);
    for (const earlier of candidates.slice(0, index)) {
      const same = earlier.when !== null && conditionText(earlier.when) === text;
      if (earlier.when !== null && !same) continue;
      const reason = same ? 'asks the same' : 'has no condition';
      lints.add('WF022.shadowed', candidate.place, {
        event: candidate.event,
        line: earlier.place.line,
        reason,
      });
      break;
    }
  }
}

/** Follows `always` to the state that is then entered, down to its initial leaf. */
function entered(state: ChartState): ChartState {
  return state.initial ? entered(state.initial) : state;
}

function alwaysOf(state: ChartState): readonly ChartTransition[] {
  const own: ChartTransition[] = [];
  for (let s: ChartState | null = state; s; s = s.parent) own.push(...s.always);
  return own;
}

/** Returns whether two conditions on the way round can never hold together: one asks what the other denies. */
function contradict(conditions: readonly Condition[]): boolean {
  const texts = new Set(conditions.map(conditionText));
  return [...texts].some((text) => texts.has(`not (${text})`));
}

/** One step of control without an event. */
interface Step {
  readonly state: ChartState;
  readonly by: ChartTransition;
}

/** A circle in which nothing is set asks the same questions for ever; with `set` the answers may change. */
function lintEventless(root: ChartState, lints: Lints): void {
  const done = new Set<ChartState>();
  const visit = (state: ChartState, path: readonly Step[]): void => {
    const seenAt = path.findIndex((step) => step.state === state);
    if (seenAt >= 0) noteCircle(path.slice(seenAt), lints);
    if (seenAt >= 0 || done.has(state)) return;
    for (const by of alwaysOf(state)) {
      if (by.set.size === 0) visit(entered(by.target ?? state), [...path, { state, by }]);
    }
    done.add(state);
  };
  for (const state of statesOf(root)) if (state.states.length === 0) visit(state, []);
}

function noteCircle(circle: readonly Step[], lints: Lints): void {
  if (contradict(circle.map(({ by }) => by.when).filter((when) => when !== null))) return;
  const path = [...circle, circle[0]!].map(({ state }) => stateName(state)).join(' → ');
  lints.add('WF025.cycle', circle[0]!.by.place, { path });
}

/** Notes what XState would accept in silence: unreachable states, shadowed candidates, circles without an event. */
export function lintChart(root: ChartState, lints: Lints): void {
  lintReachable(root, lints);
  for (const state of statesOf(root)) {
    for (const candidates of [...state.on.values(), ...state.after.values(), state.always])
      lintShadowed(candidates, lints);
  }
  lintEventless(root, lints);
}
