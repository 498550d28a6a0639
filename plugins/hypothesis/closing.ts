import { assert, type Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import { averageRange, type Context, compositeNow } from './context.ts';
import {
  type Accepted,
  isBiasHit,
  isConditionHit,
  mostFrequent,
  rateOf,
  realisedOf,
  scoreTrack,
  withCase,
} from './score.ts';
import { endTrack } from './tracks.ts';

function acceptedOf({ edges }: Context): Accepted {
  const { up, down, nightHigh, nightLow } = edges;
  return {
    up: up?.acceptance.status === 'accepted',
    down: down?.acceptance.status === 'accepted',
    night: nightHigh?.ever === true || nightLow?.ever === true,
  };
}

function judge(config: Config, context: Context) {
  const { fixed, session, price } = context;
  assert(fixed !== null && price !== null, 'a plan that is scored was fixed at an open');
  const ended = session ?? { open: price, high: price, low: price, close: price };
  const accepted = acceptedOf(context);
  const range = averageRange(config, context);
  const rangeTicks = ended.high - ended.low;
  const netTicks = ended.close - ended.open;
  const realised = realisedOf(ended, accepted, compositeNow(context), config.trendShare);
  const needed = range === null ? null : config.pendingRanges * range;
  const conditionHit = isConditionHit(fixed.regime, realised, rangeTicks, accepted.night, needed);
  const biasHit = isBiasHit(fixed.bias, netTicks, config.tieTicks);
  return { fixed, realised, conditionHit, biasHit, rangeTicks, netTicks };
}

/** Ends the scenarios that still run at the regular end. */
export function endTracks(context: Context): Partial<Context> {
  const close = context.session?.close ?? context.price;
  if (close === null) return {};
  const tracks = context.tracks.map((track) => endTrack(track, close));
  const ended = tracks.flatMap((track, i) => (track === context.tracks[i] ? [] : [i]));
  return { tracks, ended };
}

/** Adds the day to the figures when it was an ordinary session with a known regime. */
export function remember(config: Config, context: Context): Partial<Context> {
  if (context.extraordinary) return {};
  const { realised, conditionHit, biasHit } = judge(config, context);
  const named = mostFrequent(context.realised);
  const isCase = conditionHit !== null && named !== null;
  return {
    realised: [...context.realised, realised].slice(-config.baselineSessions),
    condition: withCase(context.condition, conditionHit),
    biases: withCase(context.biases, biasHit),
    baseline: withCase(context.baseline, isCase ? named === realised : null),
  };
}

/** Returns how the plan of the day did; `before` is the context without this day's figures. */
export function scoreOf(config: Config, context: Context): Payload<Outputs['score']> {
  const { fixed, realised, conditionHit, biasHit, rangeTicks, netTicks } = judge(config, context);
  const after = { ...context, ...remember(config, context) };
  return {
    tradeDate: context.tradeDate,
    version: fixed.version,
    regime: fixed.regime,
    bias: fixed.bias,
    realised,
    conditionHit,
    biasHit,
    invalidatedAt: context.invalidatedAt,
    rangeTicks,
    closeMinusOpenTicks: netTicks,
    scenarios: context.tracks.map((track) => scoreTrack(track, config.minRiskTicks)),
    counted: !context.extraordinary && conditionHit !== null,
    condition: rateOf(after.condition),
    biases: rateOf(after.biases),
    baseline: { named: mostFrequent(context.realised), ...rateOf(after.baseline) },
  };
}
