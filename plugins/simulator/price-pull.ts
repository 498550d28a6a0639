import type { SessionDay, StagedEpisode } from '#engine';
import { type DayPlan, isAtValueEdge, type PriorDay, valueAt } from './day-plan.ts';
import type { MarketState } from './market-state.ts';
import type { Random } from './random.ts';
import { leanWithDrive, runScript } from './staging.ts';

/** A trading day with what is planned for it. */
export interface PlannedDay {
  readonly session: SessionDay;
  readonly prior: PriorDay;
  readonly plan: DayPlan;
}

const second = 1_000_000;
const nightReturnSeconds = 3_000;
/** How long a level absorbs: at least, and how much more at most. */
const leastHoldingSeconds = 26;
const moreHoldingSeconds = 14;
/** Share of the levels that hold to the end. */
const heldShare = 0.75;
const leavingSeconds = 25;
/** Part of the session for which a staged absorption waits for price to come to an edge. */
const patience = 0.125;

/**
 * Moves the price that the auction is pulled to by one second; `drift` is bell-shaped with deviation 1. Returns what it
 * begins to stage, null mostly.
 */
export function pullPrice(
  state: MarketState,
  random: Random,
  day: PlannedDay,
  ts: number,
  drift: number,
): StagedEpisode | null {
  const value = valueAt(day.plan, day.prior, day.session, ts);
  state.fairBefore = state.fair;
  leanWithStagedDrive(state, day, ts);
  const share = shareForEpisodes(state, day, ts);
  if (share !== null) {
    const episode = runScript(state, random, day.plan.episodes, ts, share);
    if (state.script.step !== 0 || episode !== null) return episode;
  }
  endAbsorption(state, random, ts);
  if (isAbsorptionDue(state, day, ts, value)) beginAbsorption(state, random, ts, value);
  if (state.holdingSide !== 0) {
    // The level holds: its neighbour is as far as price gets.
    state.fair = state.holdingSide > 0 ? state.bid + 0.5 : state.ask - 0.5;
    return null;
  }
  pullToValue(state, day.plan, value, drift);
  if (ts < state.leavingUntil) state.fair += state.leavingTicks;
  const { rthOpen } = day.session;
  return rthOpen !== null && ts === rthOpen ? dayEpisode(day.plan, ts, rthOpen, state) : null;
}

function leanWithStagedDrive(state: MarketState, { plan, session }: PlannedDay, ts: number): void {
  const { rthOpen } = session;
  if (!plan.isStaged || plan.kind !== 'drive' || rthOpen === null || ts < rthOpen) return;
  leanWithDrive(state, Math.sign(plan.path.at(-1)![1] - plan.path[0]![1]), ts - rthOpen);
}

/** Returns the share of the regular session that is over; null when no episode can be in hand. */
function shareForEpisodes(
  state: MarketState,
  { plan, session }: PlannedDay,
  ts: number,
): number | null {
  const { rthOpen, rthEnd } = session;
  if (plan.episodes.length === 0 || state.regular === 0) return null;
  return rthOpen === null || rthEnd === null ? null : (ts - rthOpen) / (rthEnd - rthOpen);
}

/** Wanders around the day's value, and is pulled back to it. */
function pullToValue(state: MarketState, plan: DayPlan, value: number, drift: number): void {
  const isRegular = state.regular === 1;
  const wander = isRegular ? plan.wander : plan.nightWander;
  const returnSeconds = isRegular ? plan.returnSeconds : nightReturnSeconds;
  state.fair += (value - state.fair) / returnSeconds;
  state.fair += wander * Math.sqrt(2 / returnSeconds) * drift;
}

/** A staged day is an episode of its own, from the open on. */
function dayEpisode(
  plan: DayPlan,
  ts: number,
  rthOpen: number,
  state: MarketState,
): StagedEpisode | null {
  if (!plan.isStaged || (plan.kind !== 'drive' && plan.kind !== 'traverse')) return null;
  const last = plan.path.at(-1)![1];
  const hours = plan.kind === 'drive' ? 1.5 : 6.5;
  return {
    kind: plan.kind,
    side: last > plan.path[0]![1] ? 'long' : 'short',
    from: ts,
    to: rthOpen + hours * 3_600 * second,
    price: Math.round(state.fair),
  };
}

function beginAbsorption(state: MarketState, random: Random, ts: number, value: number): void {
  state.absorptions += 1;
  state.holdingSide = state.fair < value ? 1 : -1;
  const seconds = leastHoldingSeconds + Math.floor(moreHoldingSeconds * random.next());
  state.holdingUntil = ts + seconds * second;
}

/** Lets price leave a level whose time is over: mostly the way it came from, else through it. */
function endAbsorption(state: MarketState, random: Random, ts: number): void {
  if (state.holdingSide === 0 || ts < state.holdingUntil) return;
  const pace = random.between(0.45, 0.75);
  state.leavingTicks = (random.next() < heldShare ? pace : -pace) * state.holdingSide;
  state.leavingUntil = ts + leavingSeconds * second;
  state.holdingSide = 0;
}

/** Returns whether the plan's next absorption begins: at an edge of today's wandering or of yesterday's value. */
function isAbsorptionDue(state: MarketState, day: PlannedDay, ts: number, value: number): boolean {
  const { rthOpen, rthEnd } = day.session;
  const due = day.plan.absorptions[state.absorptions];
  if (state.regular === 0 || due === undefined || rthOpen === null || rthEnd === null) return false;
  const late = (ts - rthOpen) / (rthEnd - rthOpen) - due;
  if (late < 0 || state.holdingSide !== 0 || state.ask - state.bid > 1) return false;
  if (late >= patience || isAtValueEdge(day.prior, state.bid)) return true;
  return Math.abs(state.fair - value) >= day.plan.wander;
}
