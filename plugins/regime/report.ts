import { medianOf, type Payload } from '#engine';
import type { Config, Outputs } from './config.ts';
import { as, type Context, compositeBefore, type Event } from './context.ts';
import { biasOf, locate } from './regime.ts';

type Row = Payload<Outputs['regime']>;

const nowhere = { relation: null, overlapMin: null };

function locationOf(config: Config, context: Context): Pick<Row, 'relation' | 'overlapMin'> {
  const { prior, stage } = context;
  const before = compositeBefore(context);
  if (stage === 'none' || prior === null || before === null) return nowhere;
  return locate(prior, before, config.toleranceTicks);
}

/** Returns the row of the regime in force. */
export function rowOf(config: Config, context: Context): Row {
  const { tradeDate, regime, stage, lowConfidence, since, missing, reason, night, nights } =
    context;
  const location = locationOf(config, context);
  return {
    tradeDate,
    regime,
    stage,
    lowConfidence,
    bias: biasOf(regime, lowConfidence, location.relation),
    since,
    missing: [...missing],
    ...location,
    overnightRangeTicks: stage === 'none' || night === null ? null : night.high - night.low,
    overnightMedianTicks: nights.length >= config.minSessions ? medianOf(nights) : null,
    reason,
  };
}

/** Returns what the session did after its label of 09:30; null without a label or a trade. */
export function labelOf(context: Context, event: Event): Payload<Outputs['label']> | null {
  const { label, session, night, regime, changes } = context;
  if (label === null || session === null) return null;
  const { tradeDate, short, thin, gap } = as('phase', event);
  return {
    tradeDate,
    regime: label.regime,
    lowConfidence: label.lowConfidence,
    ordinary: !short && !thin && !gap,
    rangeTicks: session.high - session.low,
    closeMinusOpenTicks: session.close - session.open,
    brokeUp: night !== null && session.high > night.high,
    brokeDown: night !== null && session.low < night.low,
    last: regime,
    changes,
  };
}
