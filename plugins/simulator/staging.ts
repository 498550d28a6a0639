import type { StagedEpisode } from '#engine';
import type { MarketState } from './market-state.ts';
import type { Random } from './random.ts';
import type { EpisodeKind, ScriptState } from './script-state.ts';

/** Kinds that take minutes; the others make a whole day. */
type ScriptKind = Exclude<EpisodeKind, 'drive' | 'traverse'>;

/** An episode that is planned for a time of the day. */
export interface PlannedEpisode {
  readonly kind: ScriptKind;
  /** Share of the regular session after which it begins. */
  readonly share: number;
}

const second = 1_000_000;
/** Episodes of one kind a day. */
const perKind = 3;
/** They lie in this part of the regular session. */
const firstShare = 0.14;
const lastShare = 0.92;

/** Draws when the day's episodes begin: one in each of equal parts of the session, in random order. */
export function planEpisodes(random: Random, stage: readonly EpisodeKind[]): PlannedEpisode[] {
  const kinds = stage.filter((kind): kind is ScriptKind => kind !== 'drive' && kind !== 'traverse');
  const drawn = kinds.flatMap((kind) => Array.from({ length: perKind }, () => kind));
  for (let i = drawn.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random.next() * (i + 1));
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  const room = (lastShare - firstShare) / drawn.length;
  return drawn.map((kind, i) => ({
    kind,
    share: firstShare + (i + random.between(0, 0.4)) * room,
  }));
}

/** The steps of the scripts: how long each lasts in seconds, and what it does to orders. */
const approachSeconds = 300;
const buildSeconds = 110;
const spikeSeconds = 5;
const fallSeconds = 90;
const newsSeconds = 45;
const jumpSeconds = 4;
const absorbSeconds = 34;
const turnSeconds = 25;
/** An order that is shown and taken away so often: each stands for a second, and three are to be dark. */
const flickers = 4;
const flickerSeconds = 4;
const flickerSize = 900;
/** So far from the best price that nothing trades at it. */
const flickerTicks = 5;
const driveLeanSeconds = 1_800;
const driveLean = 0.1;

function enter(s: ScriptState, step: number, ts: number, seconds: number, pace = 0): void {
  s.step = step;
  s.until = ts + seconds * second;
  s.pace = pace;
  s.orders = 0;
  s.sizeCap = 0;
  s.lean = 0;
}

/** Lets the aggressors of a staged drive go with it in the first half hour. */
export function leanWithDrive(state: MarketState, direction: number, sinceOpen: number): void {
  state.script.lean = sinceOpen < driveLeanSeconds * second ? direction * driveLean : 0;
}

type Start = (state: MarketState, ts: number, isUp: boolean, random: Random) => void;

/** How the scripts begin; `isUp` is where price goes in the end, where the script is free to choose. */
const starts: Readonly<Record<ScriptKind, Start>> = {
  news(state, ts, isUp, random) {
    const s = state.script;
    s.side = isUp ? 1 : -1;
    s.price = Math.round(state.fair);
    enter(s, 5, ts, newsSeconds, (s.side * random.between(18, 30)) / jumpSeconds);
  },
  absorption(state, ts, isUp) {
    const s = state.script;
    s.side = isUp ? 1 : -1;
    s.price = isUp ? state.bid : state.ask;
    // Price stands still at once: what pulled it in the second before is over.
    state.fairBefore = (state.bid + state.ask) / 2;
    state.holdingSide = s.side;
    state.holdingUntil = ts + absorbSeconds * second;
    enter(s, 6, ts, absorbSeconds);
  },
  flicker(state, ts, isUp) {
    const s = state.script;
    s.side = isUp ? 1 : -1;
    s.price = isUp ? state.bid - flickerTicks : state.ask + flickerTicks;
    enter(s, 9, ts, flickers * flickerSeconds);
  },
  exhaustion(state, ts) {
    const s = state.script;
    // The nearer extreme of the session is overthrown, and price comes back from it.
    const isHigh = s.high - state.fair <= state.fair - s.low;
    s.side = isHigh ? -1 : 1;
    enter(s, 1, ts, approachSeconds);
  },
};

/** Starts the next planned episode when it is due. */
function begin(
  state: MarketState,
  random: Random,
  episodes: readonly PlannedEpisode[],
  ts: number,
  share: number,
): void {
  const s = state.script;
  const planned = episodes[s.next];
  if (planned === undefined || share < planned.share) return;
  // A level holds only where the other side stands next to it.
  if (planned.kind === 'absorption' && state.ask - state.bid > 1) return;
  s.next += 1;
  s.from = ts;
  starts[planned.kind](state, ts, random.next() < 0.5, random);
}

/** Moves the price by one second of the script. Returns the episode that began its visible part, null mostly. */
export function runScript(
  state: MarketState,
  random: Random,
  episodes: readonly PlannedEpisode[],
  ts: number,
  share: number,
): StagedEpisode | null {
  noteExtremes(state);
  if (state.script.step === 0) begin(state, random, episodes, ts, share);
  return takeStep(state, random, ts);
}

function noteExtremes({ script: s, bid, ask }: MarketState): void {
  if (s.high === 0 || ask > s.high) s.high = ask;
  if (s.low === 0 || bid < s.low) s.low = bid;
}

function takeStep(state: MarketState, random: Random, ts: number): StagedEpisode | null {
  switch (state.script.step) {
    case 1:
      return approach(state, random, ts);
    case 2:
      return build(state, random, ts);
    case 3:
      return spike(state, ts);
    case 8:
      return turn(state, ts);
    case 4:
    case 7:
      return fall(state, ts);
    case 5:
      return news(state, ts);
    case 6:
      return absorb(state, random, ts);
    case 9:
      return flicker(state, ts);
    default:
      return null;
  }
}

/** Returns the extreme of the session that the script is about. */
function extremeOf({ side, high, low }: ScriptState): number {
  return side < 0 ? high : low;
}

/** Brings price near the extreme. */
function approach(state: MarketState, random: Random, ts: number): null {
  const s = state.script;
  const target = extremeOf(s) + s.side * 2.5;
  const distance = target - state.fair;
  state.fair += Math.max(-0.6, Math.min(0.6, distance)) + random.between(-0.3, 0.3);
  if (Math.abs(distance) <= 1.5) enter(s, 2, ts, buildSeconds);
  else if (ts >= s.until) enter(s, 1, ts, approachSeconds);
  return null;
}

/** Trades near the extreme with many orders, so that the overthrow is thin beside them. */
function build(state: MarketState, random: Random, ts: number): null {
  const s = state.script;
  const extreme = extremeOf(s);
  state.fair = extreme + s.side * (2.5 + random.between(-1.5, 1.5));
  s.orders = 16;
  if (ts < s.until) return null;
  s.price = extreme - s.side * 4;
  enter(s, 3, ts, spikeSeconds, (-s.side * 6.5) / spikeSeconds);
  return null;
}

/** A thin overthrow: few contracts lift price beyond the extreme. */
function spike(state: MarketState, ts: number): null {
  const s = state.script;
  state.fair += s.pace;
  s.orders = 3;
  s.sizeCap = 2;
  if (ts < s.until) return null;
  // The last of them trade at a price at which nobody answers: the auction is finished there.
  enter(s, 8, ts, 1);
  state.fair = (state.bid + state.ask) / 2;
  s.price = s.side < 0 ? state.ask : state.bid;
  s.lean = -s.side;
  s.orders = 3;
  s.sizeCap = 2;
  return null;
}

/** Price comes back from the overthrow. */
function turn(state: MarketState, ts: number): StagedEpisode {
  const s = state.script;
  enter(s, 4, ts, fallSeconds, (s.side * 18) / fallSeconds);
  state.fair = s.price + s.side * 3;
  s.lean = s.side;
  // The second in which price comes back begins at the extreme: it is as thin as the spike.
  s.orders = 3;
  s.sizeCap = 2;
  const side = s.side > 0 ? 'long' : 'short';
  return { kind: 'exhaustion', side, from: ts, to: s.until, price: s.price };
}

/** Price goes on at the script's pace until its time is over. */
function fall(state: MarketState, ts: number): null {
  const s = state.script;
  state.fair += s.pace;
  s.orders = 0;
  s.sizeCap = 0;
  s.lean = 0;
  if (ts >= s.until) enter(s, 0, ts, 0);
  return null;
}

/** Price jumps on many orders, then trades fast for a while. */
function news(state: MarketState, ts: number): StagedEpisode | null {
  const s = state.script;
  const age = (ts - s.from) / second;
  s.orders = age < newsSeconds / 2 ? 90 : 40;
  if (age < jumpSeconds) state.fair += s.pace;
  if (ts >= s.until) enter(s, 0, ts, 0);
  if (ts !== s.from) return null;
  const to = s.from + newsSeconds * second;
  return { kind: 'news', side: s.side > 0 ? 'long' : 'short', from: ts, to, price: s.price };
}

/** A level takes everything for half a minute; then price turns away from it. */
function absorb(state: MarketState, random: Random, ts: number): StagedEpisode | null {
  const s = state.script;
  state.fair = s.side > 0 ? state.bid + 0.5 : state.ask - 0.5;
  if (ts >= s.until) {
    state.holdingSide = 0;
    enter(s, 7, ts, turnSeconds, s.side * random.between(0.45, 0.75));
  }
  if (ts !== s.from) return null;
  return {
    kind: 'absorption',
    side: s.side > 0 ? 'long' : 'short',
    from: ts,
    to: ts + (absorbSeconds + turnSeconds) * second,
    price: s.price,
  };
}

/** A large order far from price comes and goes; nothing of it trades, and price stands still. */
function flicker(state: MarketState, ts: number): StagedEpisode | null {
  const s = state.script;
  const isOver = ts >= s.until;
  const age = (ts - s.from) / second;
  state.fair = (state.bid + state.ask) / 2;
  s.wall = !isOver && age % flickerSeconds === 0 ? flickerSize : 0;
  if (isOver) enter(s, 0, ts, 0);
  if (ts !== s.from) return null;
  return {
    kind: 'flicker',
    side: s.side > 0 ? 'long' : 'short',
    from: ts,
    to: s.until,
    price: s.price,
  };
}
