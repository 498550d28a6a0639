import { z } from 'zod';
import { compositeStack } from '../contracts/composite-stack.ts';
import { expectation } from '../contracts/expectation.ts';
import { hypothesis } from '../contracts/hypothesis.ts';
import { outcome } from '../contracts/outcome.ts';
import { regime, regimeName } from '../contracts/regime.ts';
import { sessionPhase } from '../contracts/session.ts';
import { signal, tradeIdea } from '../contracts/signal.ts';
import * as units from '../contracts/units.ts';
import { compositeArea } from '../contracts/value-area.ts';
import { completedProfile } from '../contracts/volume-profile.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import { checked, originOf, payloadOf, placeOf } from './record-fields.ts';
import type { Rows } from './rows.ts';
import { tables } from './tables.ts';

export function projectSignal(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const { side, price, target, invalidation, reason, tradeDate, evidence } = checked(
    signal,
    payload,
  );
  rows.add(tables.signals, {
    ...placeOf(record),
    ...originOf(record),
    seq: record.seq ?? null,
    schema: record.schema,
    tradeDate,
    side,
    price,
    target: target ?? null,
    invalidation: invalidation ?? null,
    reason,
    evidence,
    record: payload,
  });
}

export function projectIdea(record: StoredRecord, rows: Rows): void {
  const idea = checked(tradeIdea, payloadOf(record));
  rows.add(tables.tradeIdeas, {
    ...placeOf(record),
    ...originOf(record),
    seq: record.seq ?? null,
    side: idea.side,
    entry: idea.entry,
    stop: idea.stop,
    target: idea.target,
    target2: idea.target2 ?? null,
    invalidation: idea.invalidation ?? null,
    rewardRisk: idea.rewardRisk ?? null,
    expiryMinutes: idea.expiryMinutes ?? null,
    strategy: idea.strategy ?? null,
    reason: idea.reason,
  });
}

export function projectOutcome(record: StoredRecord, rows: Rows): void {
  rows.add(tables.outcomes, {
    ...placeOf(record),
    ...originOf(record),
    ...checked(outcome, payloadOf(record)),
  });
}

export function projectHypothesis(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const plan = checked(hypothesis, payload);
  rows.add(tables.hypotheses, {
    ...placeOf(record),
    ...originOf(record),
    tradeDate: plan.tradeDate,
    version: plan.version,
    reason: plan.reason,
    regime: plan.regime,
    bias: plan.bias,
    condition: plan.condition,
    permits: plan.permits,
    invalidation: plan.invalidation,
    openCase: plan.openCase,
    record: payload,
  });
}

/** What the store reads of a score; the plugin's own fields stay in the record. */
const score = z.object({
  tradeDate: units.tradeDate(),
  version: units.count(),
  regime: regimeName,
  bias: z.string(),
  realised: z.string(),
  conditionHit: z.boolean().nullable(),
  biasHit: z.boolean().nullable(),
  invalidatedAt: units.micros().nullable(),
  rangeTicks: units.count(),
  closeMinusOpenTicks: z.number().int(),
  counted: z.boolean(),
});

export function projectScore(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  rows.add(tables.hypothesisScores, {
    ...placeOf(record),
    ...originOf(record),
    ...checked(score, payload),
    record: payload,
  });
}

export function projectExpectation(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const change = checked(expectation, payload);
  rows.add(tables.expectations, {
    ...placeOf(record),
    ...originOf(record),
    tradeDate: change.tradeDate,
    expectation: change.expectation,
    side: change.side,
    status: change.status,
    failure: change.failure,
    price: change.price,
    target: change.target,
    invalidation: change.invalidation,
    horizon: change.horizon,
    reason: change.reason,
    record: payload,
  });
}

export function projectProfile(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const profile = checked(completedProfile, payload);
  const { open, high, low, close, poc, vah, val, volume, shape, contract } = profile;
  const { short, holiday, approximate, gap, tradeDate } = profile;
  rows.add(tables.dailyProfiles, {
    ...placeOf(record),
    ...originOf(record),
    tradeDate,
    ...{ open, high, low, close, poc, vah, val, volume, shape, contract },
    ...{ short, holiday, approximate, gap },
    initialBalanceHigh: profile.initialBalance?.high ?? null,
    initialBalanceLow: profile.initialBalance?.low ?? null,
    dayType: profile.dayType?.type ?? null,
    record: payload,
  });
}

export function projectComposite(record: StoredRecord, rows: Rows): void {
  const { one: _one, ...area } = checked(compositeArea, payloadOf(record));
  rows.add(tables.compositeProfiles, { ...placeOf(record), ...originOf(record), ...area });
}

export function projectStack(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const { asOf, inForce, migration, partial } = checked(compositeStack, payload);
  rows.add(tables.compositeStacks, {
    ...placeOf(record),
    ...originOf(record),
    ...{ asOf, inForce, migration, partial },
    record: payload,
  });
}

export function projectSession(record: StoredRecord, rows: Rows): void {
  const phase = checked(sessionPhase, payloadOf(record));
  const { flow, node } = originOf(record);
  rows.add(tables.sessionDays, {
    instrument: record.key,
    tradeDate: phase.tradeDate,
    startsAt: phase.since,
    rthOpen: phase.rthOpen,
    rthEnd: phase.rthEnd,
    phase: phase.phase,
    short: phase.short,
    holiday: phase.holiday,
    thin: phase.thin,
    gap: phase.gap,
    contract: phase.contract,
  });
  rows.add(tables.systemStatus, {
    instrument: record.key,
    component: `${flow}.${node}`,
    state: phase.phase,
    since: phase.since,
    ts: record.ts,
    detail: { tradeDate: phase.tradeDate, contract: phase.contract, gap: phase.gap },
  });
}

export function projectRegime(record: StoredRecord, rows: Rows): void {
  const row = checked(regime, payloadOf(record));
  const { flow, node } = originOf(record);
  rows.add(tables.systemStatus, {
    instrument: record.key,
    component: `${flow}.${node}`,
    state: row.regime,
    since: row.since,
    ts: record.ts,
    detail: { tradeDate: row.tradeDate, stage: row.stage, bias: row.bias, reason: row.reason },
  });
}
