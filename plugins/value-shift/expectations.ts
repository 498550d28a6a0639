import { holds, type Instrument, type Payload } from '#engine';
import type { Config } from './config.ts';
import { type Context, horizonOf, viewOf, withSlot } from './context.ts';
import { rangeOf } from './day-fades.ts';
import { isOnTheWay } from './poc-holds.ts';
import type { Outputs } from './ports.ts';
import { rulesOf, sidesOf } from './rules.ts';
import {
  type ExpectationName,
  expectationNames,
  type FrozenArea,
  opposite,
  type Rule,
  type Side,
  type Slot,
  type Terms,
  type View,
} from './value-shift.ts';

type Expectation = Payload<Outputs['expectation']>;
type Failure = NonNullable<Expectation['failure']>;
/** What an expectation may do next. */
export type Step = 'arms' | 'activates' | 'fulfils' | 'fails';

const from = { arms: 'idle', activates: 'armed', fulfils: 'active', fails: 'active' } as const;
const stepsFrom: Readonly<Record<Slot['status'], readonly Step[]>> = {
  idle: ['arms'],
  armed: ['activates'],
  active: ['fulfils', 'fails'],
  fulfilled: [],
  failed: [],
};

/** Asks and changes the seven expectations of one node. */
export class Expectations {
  private readonly config: Config;
  private readonly instrument: Instrument;
  /** The last view asked for: many guards ask for the same one. */
  private seen: { readonly context: Context; readonly view: View | null } | null = null;
  private readonly rules: Readonly<Record<ExpectationName, Rule>>;

  constructor(config: Config, instrument: Instrument) {
    this.config = config;
    this.instrument = instrument;
    this.rules = rulesOf(config);
  }

  /** Returns the view of now; null outside a session with an area. */
  view(context: Context): View | null {
    if (this.seen === null || !isSameView(this.seen.context, context))
      this.seen = { context, view: viewOf(this.config, context) };
    return this.seen.view;
  }

  /** Returns the first side for which an expectation takes a step; null for none. */
  sideOf(context: Context, name: ExpectationName, step: Step): Side | null {
    const rule = this.rules[name];
    const slots = context.slots[name];
    for (const side of sidesOf(rule)) {
      const slot = slots[side];
      if (slot.status !== from[step]) continue;
      if (step === 'fails' && isOver(context, slot)) return side;
      const view = this.view(context);
      if (view !== null && this.isStep(view, slot, rule, side, step)) return side;
    }
    return null;
  }

  /** Whether an expectation takes a step now. */
  isMoving(context: Context): boolean {
    for (const name of expectationNames) {
      const { long, short } = context.slots[name];
      for (const step of stepsFrom[long.status])
        if (this.sideOf(context, name, step) !== null) return true;
      if (short.status === long.status) continue;
      for (const step of stepsFrom[short.status])
        if (this.sideOf(context, name, step) !== null) return true;
    }
    return false;
  }

  private isStep(view: View, slot: Slot, rule: Rule, side: Side, step: Step): boolean {
    const isLater = view.seq > slot.seq;
    switch (step) {
      case 'arms':
        return !view.isEnd && rule.arms(view, side);
      case 'activates':
        return !view.isEnd && rule.activates(view, side);
      case 'fulfils':
        return isLater && rule.fulfils(view, slot, side);
      case 'fails':
        return isLater && rule.fails(view, slot, side);
      default:
        return step satisfies never;
    }
  }

  /** Whether an expectation towards the other edge ends because a point of control on its way held. */
  isSuperseded(context: Context, side: Side): boolean {
    const view = this.view(context);
    return holds(
      'the point of control that held lies on the way to the other edge',
      context.slots['other-side'][opposite(side)].status === 'active' &&
        view !== null &&
        isOnTheWay(view, side),
    );
  }

  /** Takes a step of an expectation. */
  take(context: Context, name: ExpectationName, step: Step): Partial<Context> {
    const side = this.sideOf(context, name, step);
    if (side === null) return {};
    const changed = { name, side };
    const before = context.slots[name][side];
    const put = (slot: Slot): Partial<Context> => ({
      changed,
      slots: withSlot(context.slots, name, side, slot),
    });
    const view = this.view(context);
    if (step === 'fails') return put({ ...before, status: 'failed' });
    if (view === null) return {};
    if (step === 'arms') {
      return put({
        ...before,
        status: 'armed',
        seq: view.seq,
        area: view.area,
        tradeDate: view.tradeDate,
      });
    }
    if (step === 'activates') return put(this.activated(before, view, name, side));
    const isTarget = name === 'other-side' || name === 'next-balance' || name === 'shift';
    const { day } = context;
    return {
      ...put({ ...before, status: 'fulfilled' }),
      ...(isTarget && day !== null ? { day: { ...day, targetDone: true } } : {}),
    };
  }

  private activated(before: Slot, view: View, name: ExpectationName, side: Side): Slot {
    const rule = this.rules[name];
    const sessions = rule.isLong ? this.config.horizonSessions : 1;
    return {
      ...before,
      status: 'active',
      seq: view.seq,
      since: view.ts,
      tradeDate: view.tradeDate,
      price: view.price,
      horizon: horizonOf(this.instrument, view.tradeDate, sessions),
      area: view.area,
      terms: rule.terms(view, side),
      beyond: 0,
      back: 0,
      range: rangeOf(view),
      way: rule.isDirected ? side : view.price >= view.open ? 'long' : 'short',
    };
  }

  /** Ends the expectation that a point of control stands in the way of. */
  supersede(context: Context, side: Side): Partial<Context> {
    const name = 'other-side';
    const other = opposite(side);
    const slot: Slot = { ...context.slots[name][other], status: 'failed' };
    return {
      changed: { name, side: other },
      slots: withSlot(context.slots, name, other, slot),
    };
  }

  /** Returns the record of the expectation that changed last. */
  recordOf(context: Context, isSuperseded: boolean): Expectation {
    const { name, side } = context.changed;
    const slot = context.slots[name][side];
    const { status, area } = slot;
    const terms = slot.terms ?? noTerms;
    const { vah, val, poc, basis } = area ?? noArea;
    return {
      tradeDate: context.tradeDate,
      expectation: name,
      side: this.rules[name].isDirected ? side : null,
      status: status === 'idle' ? 'armed' : status,
      failure: status === 'failed' ? failureOf(context, slot, isSuperseded) : null,
      price: endPrice(context, slot),
      target: terms.target,
      waypoints: [...terms.waypoints],
      invalidation: terms.invalidation,
      horizon: status === 'active' ? slot.horizon : null,
      area: { basis, vah, val, poc },
      reason: terms.reason,
      evidence: [...terms.evidence],
    };
  }

  /** Returns what became of the expectation that changed last. */
  outcomeOf(context: Context): Payload<Outputs['outcome']> {
    const { name, side } = context.changed;
    const slot = context.slots[name][side];
    const { terms, price: entry, way } = slot;
    const isDone = slot.status === 'fulfilled';
    const price = endPrice(context, slot);
    const failed = failureOf(context, slot, false) === 'expired' ? 'expired' : 'rejected';
    return {
      tradeDate: slot.tradeDate,
      setup: 'value-expectation',
      variant: name,
      side: way,
      result: isDone ? 'completed' : failed,
      triggeredAt: slot.since,
      entry,
      target: terms?.target ?? null,
      invalidation: terms?.invalidation ?? null,
      price,
      resultTicks: way === 'long' ? price - entry : entry - price,
    };
  }

  /** Returns the signal of a shift that was just taken. */
  signalOf(context: Context): Payload<Outputs['signal']> {
    const { side } = context.changed;
    const { terms, price } = context.slots.shift[side];
    const { target, waypoints, invalidation, reason, evidence, mode } = terms ?? noTerms;
    const aim = target ?? waypoints[0];
    return {
      side,
      price,
      ...(aim === undefined ? {} : { target: aim }),
      ...(invalidation === null ? {} : { invalidation }),
      reason,
      tradeDate: context.tradeDate,
      evidence: [...evidence],
      mode: mode === 'in' ? 'in' : 'out',
    };
  }
}

/** Whether a view of one context is the view of another; what was told is counted by `seq`. */
function isSameView(a: Context, b: Context): boolean {
  return (
    a.day === b.day &&
    a.seq === b.seq &&
    a.tradeDate === b.tradeDate &&
    a.regime === b.regime &&
    a.published === b.published &&
    a.zones === b.zones &&
    a.ranges === b.ranges
  );
}

/** What is told of an expectation that is only armed. */
const noTerms: Terms = {
  target: null,
  waypoints: [],
  invalidation: null,
  level: null,
  direction: 0,
  mode: '',
  reason: 'may become active today',
  evidence: [],
};
const noArea: FrozenArea = { basis: 'prior', vah: 0, val: 0, poc: 0 };

/** Where an expectation stands or ended: at its target, else at the last price. */
function endPrice({ price }: Context, { status, terms }: Slot): number {
  return status === 'fulfilled' ? (terms?.target ?? price) : price;
}

/** Whether time is over: the horizon, or the contract. */
function isOver(context: Context, slot: Slot): boolean {
  return holds('its time is over', hasExpired(context, slot));
}

function hasExpired({ rolled, ts, tradeDate, isEnd }: Context, slot: Slot): boolean {
  const isOtherContract = rolled && slot.tradeDate !== tradeDate;
  if (isOtherContract || slot.horizon === null) return isOtherContract;
  return ts > slot.horizon || (isEnd && ts === slot.horizon);
}

function failureOf(context: Context, slot: Slot, isSuperseded: boolean): Failure {
  if (isSuperseded) return 'superseded';
  return hasExpired(context, slot) ? 'expired' : 'invalidated';
}
