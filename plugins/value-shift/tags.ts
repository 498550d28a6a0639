import { compare, holds } from '#engine';
import { isBalance } from './other-side.ts';
import { edgeOf, isAll, type Side, signOf, type View } from './value-shift.ts';

/** Thresholds that the tags need beside those of the expectations. */
export interface TagRules {
  readonly withoutRegime: 'refuse' | 'ignore';
  readonly pocTicks: number;
}

/** The seven conditions. */
export type TagName =
  | 'balance-breakdown'
  | 'building-above-value'
  | 'building-below-value'
  | 'poc-support'
  | 'poc-resistance'
  | 'value-migration-confirmed'
  | 'value-rejection';

/** The rules of one condition in one direction. */
export interface TagRule {
  /** Names what is remembered of it. */
  readonly key: string;
  readonly tag: TagName;
  readonly side: Side;
  begins(view: View): boolean;
  ends(view: View): boolean;
  keyLevel(view: View): number;
  invalidation(view: View): number;
  /** The number that made it, for the record. */
  evidence(view: View): { readonly what: string; readonly value: number; readonly unit: string };
}

type Condition = Omit<TagRule, 'key'>;

const edgeAt =
  (side: Side) =>
  (view: View): number =>
    edgeOf(view.area, side);
const width = (view: View) => ({
  what: 'width of the area',
  value: view.area.vah - view.area.val,
  unit: 'tick',
});
const isBack = (view: View, side: Side): boolean =>
  holds('two closes back in value', view.beyond[side].status === 'reentered');

function breakdown(side: Side, rules: TagRules): Condition {
  return {
    tag: 'balance-breakdown',
    side,
    begins: (view) =>
      view.isClose &&
      isAll(
        isBalance(view, rules),
        holds('accepted beyond the edge', view.beyond[side].status === 'accepted'),
      ),
    ends: (view) => isBack(view, side),
    keyLevel: edgeAt(side),
    invalidation: edgeAt(side),
    evidence: width,
  };
}

function building(side: Side): Condition {
  return {
    tag: side === 'long' ? 'building-above-value' : 'building-below-value',
    side,
    begins: (view) =>
      view.isClose &&
      compare('half hours of building in a row', view.building[side], '>=', 2, 'count'),
    ends: (view) =>
      view.isClose &&
      isAll(
        compare('half hours of building in a row', view.building[side], '==', 0, 'count'),
        isBack(view, side),
      ),
    keyLevel: edgeAt(side),
    invalidation: edgeAt(side),
    evidence: (view) => ({
      what: 'developing point of control beyond the edge',
      value: ((view.developing?.poc ?? 0) - edgeOf(view.area, side)) * signOf(side),
      unit: 'tick',
    }),
  };
}

const pocOf = (view: View, side: Side): number => {
  const poc = view.held[side]?.poc;
  return poc === 'prior' && view.prior !== null ? view.prior.poc : view.area.poc;
};

function pocTag(side: Side, rules: TagRules): Condition {
  const isBroken = (view: View): boolean =>
    view.broken[side].some((poc) => poc === view.held[side]?.poc);
  return {
    tag: side === 'long' ? 'poc-support' : 'poc-resistance',
    side,
    begins: (view) => holds('a point of control held', view.held[side] !== null && !isBroken(view)),
    ends: (view) => holds('five minutes closed through it', isBroken(view)),
    keyLevel: (view) => pocOf(view, side),
    invalidation: (view) => pocOf(view, side) - rules.pocTicks * signOf(side),
    evidence: (view) => ({
      what: 'touches',
      value: view.held[side]?.touches ?? 0,
      unit: 'count',
    }),
  };
}

function migration(side: Side): Condition {
  return {
    tag: 'value-migration-confirmed',
    side,
    begins: (view) =>
      view.isClose &&
      compare('half hours of migration in a row', view.migrating[side], '>=', 2, 'count'),
    ends: (view) => {
      const family =
        side === 'long' ? ['higher', 'overlapping-higher'] : ['lower', 'overlapping-lower'];
      return (
        view.isClose &&
        holds('value relates that way no more', !family.includes(view.relation ?? ''))
      );
    },
    keyLevel: edgeAt(side),
    invalidation: edgeAt(side),
    evidence: width,
  };
}

function rejection(side: Side): Condition {
  return {
    tag: 'value-rejection',
    side,
    begins: (view) => view.isClose && holds('sent back out of value', view.rejected[side]),
    ends: (view) =>
      view.isClose &&
      view.closed !== null &&
      compare(
        'close beyond the edge',
        (view.closed.close - edgeOf(view.area, side)) * signOf(side),
        '<',
        0,
        'tick',
      ),
    keyLevel: edgeAt(side),
    invalidation: edgeAt(side),
    evidence: width,
  };
}

const sides: readonly Side[] = ['long', 'short'];

/** All conditions, up and down. */
export function tagRulesOf(rules: TagRules): TagRule[] {
  return sides
    .flatMap((side) => [
      breakdown(side, rules),
      building(side),
      pocTag(side, rules),
      migration(side),
      rejection(side),
    ])
    .map((rule) => ({ ...rule, key: `${rule.tag}|${rule.side}` }));
}

/** What is remembered of a condition that holds. */
export interface TagState {
  readonly since: number;
  readonly keyLevel: number;
  readonly invalidation: number;
}
export type Tags = Readonly<Record<string, TagState>>;

/** Returns the next condition that begins or ends, null when all stand as they should. */
export function nextTagChange(
  rules: readonly TagRule[],
  tags: Tags,
  view: View,
): { readonly rule: TagRule; readonly state: TagState; readonly status: 'began' | 'ended' } | null {
  for (const rule of rules) {
    const state = tags[rule.key];
    if (state !== undefined && (view.isEnd || rule.ends(view)))
      return { rule, state, status: 'ended' };
    if (state === undefined && !view.isEnd && rule.begins(view) && !rule.ends(view)) {
      const begun = {
        since: view.ts,
        keyLevel: rule.keyLevel(view),
        invalidation: rule.invalidation(view),
      };
      return { rule, state: begun, status: 'began' };
    }
  }
  return null;
}

/** Returns the conditions after a change. */
export function withTagChange(tags: Tags, change: ReturnType<typeof nextTagChange>): Tags {
  if (change === null) return tags;
  const { key } = change.rule;
  const others = Object.fromEntries(Object.entries(tags).filter(([other]) => other !== key));
  return change.status === 'began' ? { ...others, [key]: change.state } : others;
}
