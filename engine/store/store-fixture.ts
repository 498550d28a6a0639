// Records of a made market and a made flow, a few of every contract that is projected. For tests.
import { type ProbeReading, type ProbeWindow, probeSchema } from '../contracts/journal.ts';
import { MarketBatchBuilder, marketSchema, marketTopic } from '../contracts/market-batch.ts';
import {
  commandSchema,
  commandTopic,
  type OperatorCommand,
} from '../contracts/operator-command.ts';
import { runSchema, runTopic } from '../contracts/run.ts';
import type { Log, NewRecord } from '../runtime/ports.ts';

/** Partitions of the made records: two instruments. */
export const madePartitions = [0, 1];
const symbols = ['ES', 'MES'] as const;
const flow = 'made';
const second = 1_000_000;
const minute = 60 * second;
const hour = 60 * minute;

/** 2025-11-19 18:00 in New York: where the made days begin, one after the other. */
export const firstDay = 1_763_593_200_000_000;
const dayLength = 24 * hour;

/** Returns the trade date of a made day. */
export function dateOf(day: number): string {
  return new Date((firstDay + day * dayLength) / 1_000 + 6 * 3_600_000).toISOString().slice(0, 10);
}

interface Emitted {
  readonly node: string;
  readonly port: string;
  readonly schema: string;
  readonly ts: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly seq?: number;
}

function emitted(symbol: string, made: Emitted): NewRecord {
  const { node, port, schema, ts, payload, seq = 7 } = made;
  const value = JSON.stringify({ ts, ...payload });
  return { topic: `${flow}.${node}.${port}`, key: symbol, ts, schema, node, port, seq, value };
}

/** Trades of 57 minutes, one every 19 seconds, as ten batches: most of them end within a minute. */
function market(symbol: string, start: number, day: number): NewRecord[] {
  return Array.from({ length: 10 }, (_, batch) => {
    const builder = new MarketBatchBuilder(symbol);
    for (let i = 0; i < 18; i += 1) {
      const n = batch * 18 + i;
      const ts = start + n * 19 * second + (n % 7);
      if (n % 5 === 0) builder.quote(ts, 24_000 + (n % 11), 3, 24_001 + (n % 11), 4);
      builder.trade(ts, 24_000 + ((n * 7 + day) % 23), 1 + (n % 4), (n % 3) - 1, 0);
    }
    builder.heartbeat(start + (batch + 1) * 342 * second - 1);
    const value = builder.finish();
    return { topic: marketTopic, key: symbol, ts: builder.lastTs, schema: marketSchema, value };
  });
}

const evidence = [{ what: 'volume', value: 321, needed: 300, unit: 'contract' }];
const area = { poc: 24_010, vah: 24_018, val: 24_002 };

function profile(tradeDate: string): Readonly<Record<string, unknown>> {
  const edges = { vah: 24_019, val: 24_001 };
  return {
    ...{
      tradeDate,
      open: 24_000,
      high: 24_022,
      low: 23_999,
      close: 24_011,
      volume: 4_500,
      ...area,
    },
    one: edges,
    initialBalance: { low: 24_000, high: 24_015 },
    shape: 'D',
    features: {
      ...{ rows: 24, peakRatio: 2.5, pocPosition: 0.5 },
      ...{ lowerShare: 0.3, middleShare: 0.4, upperShare: 0.3 },
    },
    rows: { low: 23_999, volumes: [1, 2], bidVolumes: [1, 1], askVolumes: [0, 1] },
    tpo: { ...area, total: 30, low: 23_999, rowTicks: 1, letters: ['A', 'AB'] },
    ...{ hvn: [], lvn: [], singlePrints: [], buyingTail: null, sellingTail: null },
    ...{ poorHigh: false, poorLow: true, short: false, holiday: false, approximate: false },
    ...{ gap: false, unknownShare: 0, inferredShare: 0.1, contract: 'ESZ25' },
  };
}

function hypothesis(tradeDate: string, version: number): Readonly<Record<string, unknown>> {
  return {
    ...{ tradeDate, version, reason: version === 0 ? 'pre-market' : 'open', regime: 'balance' },
    ...{ lowConfidence: false, bias: 'neutral', condition: 'balance day', relation: 'inside' },
    ...{ relations: ['inside'], composite: area, prior: { ...area, shape: 'D' } },
    ...{ overnight: null, inventory: 'neutral', nakedPocs: [], stackAbove: null, stackBelow: null },
    ...{ openCase: null, scenarios: [], invalidation: 24_030, doNotTrade: [], permits: true },
    evidence,
  };
}

/** What nodes emit when the regular session is over. */
function closing(tradeDate: string, day: number, ts: number): Emitted[] {
  return [
    {
      ...{ node: 'profile', port: 'completed', schema: 'completed-profile/1', ts },
      payload: profile(tradeDate),
    },
    {
      ...{ node: 'cva', port: 'area', schema: 'composite-area/1', ts },
      payload: {
        ...{ asOf: tradeDate, inForce: true, ...area, one: { vah: 24_019, val: 24_001 } },
        ...{ low: 23_990, high: 24_030, volume: 9_000, widthTicks: 16, sessions: [tradeDate] },
        ...{ partial: day < 5, approximate: false, rollUnadjusted: false, rollShiftTicks: 0 },
      },
    },
    {
      ...{ node: 'cva', port: 'stack', schema: 'composite-stack/1', ts },
      payload: {
        ...{ asOf: tradeDate, inForce: true, composites: [], migration: 'up', weak: false },
        ...{ candidate: null, archive: [], stacks: [], clusters: [], partial: true },
        ...{ approximate: false, overlapMin: null },
      },
    },
  ];
}

/** What nodes emit in the course of a day. */
function emits(day: number, start: number): Emitted[] {
  const tradeDate = dateOf(day);
  const at = (hours: number): number => start + hours * hour + 123_457;
  const phases = ['overnight', 'rth-main', 'closed'] as const;
  const phase = (name: string, ts: number): Emitted => ({
    ...{ node: 'session', port: 'phase', schema: 'session-phase/1', ts },
    payload: {
      ...{ phase: name, tradeDate, since: ts, rthOpen: at(15), rthEnd: at(22), short: false },
      ...{ holiday: false, thin: false, gap: false, contract: 'ESZ25', rolled: false },
    },
  });
  const side = day % 2 === 0 ? 'long' : 'short';
  const price = 24_000 + day;
  return [
    ...phases.map((name, i) => phase(name, at([0, 15, 23][i] ?? 0))),
    {
      ...{ node: 'regime', port: 'regime', schema: 'regime/1', ts: at(15) },
      payload: {
        ...{ tradeDate, regime: day % 3 === 0 ? 'balance' : 'trend-up', stage: 'final' },
        ...{ lowConfidence: false, bias: 'long', since: at(15), missing: [], relation: null },
        ...{ overlapMin: null, overnightRangeTicks: null, overnightMedianTicks: null },
        reason: 'made',
      },
    },
    ...[0, 1].map((version) => ({
      ...{ node: 'hypothesis', port: 'plan', schema: 'hypothesis/1', ts: at(14 + version) },
      payload: hypothesis(tradeDate, version),
    })),
    ...['absorb', 'tape'].map((node, i) => ({
      ...{ node, port: 'signal', schema: `${node}.signal/1`, ts: at(16 + i) },
      payload: { side, price, reason: 'zero \u0000 character', tradeDate, evidence, own: i },
    })),
    {
      ...{ node: 'rotational', port: 'idea', schema: 'trade-idea/1', ts: at(16) },
      seq: day * 12 + 8,
      payload: { side, entry: price, stop: price - 8, target: price + 20, reason: 'edge held' },
    },
    ...['active', 'fulfilled'].map((status, i) => ({
      ...{ node: 'shift', port: 'expectation', schema: 'expectation/1', ts: at(16 + i) },
      payload: {
        ...{ tradeDate, expectation: 'other-side', side, status, failure: null, price },
        ...{ target: price + 10, waypoints: [], invalidation: null, horizon: at(20) },
        ...{ area: { basis: 'composite', ...area }, reason: 'made', evidence },
      },
    })),
    {
      ...{ node: 'eighty', port: 'outcome', schema: 'eighty.outcome/1', ts: at(19) },
      payload: {
        ...{ tradeDate, setup: 'eighty', variant: 'close2', side, result: 'completed' },
        ...{ triggeredAt: at(16), entry: price, target: price + 9, invalidation: null },
        ...{ price: price + 9, resultTicks: 9, extra: 'left out' },
      },
    },
    {
      ...{ node: 'hypothesis', port: 'score', schema: 'hypothesis.score/1', ts: at(22) },
      payload: {
        ...{ tradeDate, version: 1, regime: 'balance', bias: 'neutral', realised: 'trend-up' },
        ...{ conditionHit: false, biasHit: null, invalidatedAt: at(18), rangeTicks: 90 },
        ...{ closeMinusOpenTicks: -12, counted: true, scenarios: [], condition: { n: day } },
      },
    },
    ...closing(tradeDate, day, at(22)),
    // Nobody asks for these.
    {
      ...{ node: 'vwap', port: 'bands', schema: 'vwap-bands/1', ts: at(16) },
      payload: { vwap: 24_000.25 },
    },
  ];
}

/** The macrostep in which a strategy hears a signal and gives its idea. */
function ideaStep(day: number, start: number): Readonly<Record<string, unknown>> {
  const side = day % 2 === 0 ? 'long' : 'short';
  const heard = { side, price: 24_000 + day, reason: 'zero \u0000 character' };
  return {
    ...{ ts: start + 16 * hour + 123_457, node: 'rotational', event: { type: 'turn', ...heard } },
    ...{ from: 'atEdge', to: 'following', taken: ['atEdge:turn:0'] },
    emits: [{ port: 'idea', payload: {} }],
  };
}

/** Twelve macrosteps a day, every third with a transition that was nearly taken. */
function journal(symbol: string, day: number, start: number): NewRecord[] {
  return Array.from({ length: 12 }, (_, i) => {
    const ts = start + (10 + i) * hour + i;
    const seq = day * 12 + i + 1;
    const leaf = { text: 'volume', ok: false, left: 290, op: '>=', right: 300, margin: -10 };
    const near = { leaves: [{ ...leaf, unit: 'contract' }], why: 'enough volume' };
    const far = { leaves: [{ text: 'a stack is alive', ok: false }] };
    const candidates = [near, far].map((candidate, c) => ({
      ...{ transition: `idle:bar:${c}`, target: 'armed', verdict: 'guard-blocked' },
      ...candidate,
    }));
    const step = {
      ...{ seq, in: { topic: marketTopic, p: 0, o: i, i: 0 }, ts, node: i % 2 ? 'tape' : 'absorb' },
      ...{ event: { type: 'bar' }, from: 'idle', to: i % 4 ? 'idle' : 'armed', guards: '00' },
      ...{ patch: {}, emits: i % 4 ? [] : [{ port: 'signal', payload: {} }] },
      ...{ taken: i % 4 ? [] : ['idle:bar:2'], hash: `hash-${seq}` },
      ...(i % 3 === 0 ? { explain: candidates } : {}),
      ...(i === 7 ? ideaStep(day, start) : {}),
    };
    const value = JSON.stringify(step);
    return { topic: `${flow}.journal`, key: symbol, ts: step.ts, schema: 'journal/1', seq, value };
  });
}

function around(symbol: string, day: number, start: number): NewRecord[] {
  const ts = start + 18 * hour;
  const reading = (value: number, probe: string): Omit<ProbeReading, 'ts'> => {
    return { node: 'absorb', probe, value, needed: 100, unit: 'tick' };
  };
  const readings = [95, 79, 100].map((value, i) => reading(value, `p${i}`));
  const probes: ProbeWindow = { ts, probes: [...readings, reading(95, 'late-dropped:level')] };
  const letter = {
    ...{ ts, seq: day, node: 'tape', input: { topic: marketTopic, p: 0, o: 1, i: 0 }, event: null },
    ...{ error: 'made to fail', policy: 'quarantine', replay: 'orderflow verify made' },
  };
  const run = {
    ...{ ts, id: `run-${day}`, flow, flowVersion: '1.0.0', flowHash: 'abc', program: '0.1.0' },
    ...{ sources: ['simulator'], startedAt: start, stoppedAt: null, state: 'running' },
  };
  const stopped = { ...run, stoppedAt: start + 20 * hour, state: 'stopped' };
  const command = {
    ...{ at: ts + 1, id: `k${day}`, command: 'market.pause', actor: 'me' },
    ...{ outcome: 'done', reason: null, asked: {} },
  } satisfies Omit<OperatorCommand, 'ts'>;
  const records: NewRecord[] = [
    {
      ...{ topic: `${flow}.probes`, key: symbol, ts, schema: probeSchema },
      value: JSON.stringify(probes),
    },
    { topic: runTopic, key: symbol, ts, schema: runSchema, value: JSON.stringify(run) },
    {
      ...{ topic: commandTopic, key: symbol, ts, schema: commandSchema },
      value: JSON.stringify({ ts, ...command }),
    },
  ];
  if (day % 3 !== 0) return records;
  return [
    ...records,
    { ...records[1]!, value: JSON.stringify(stopped) },
    {
      ...{ topic: `${flow}.dead-letters`, key: symbol, ts, schema: 'dead-letter/1', node: 'tape' },
      value: JSON.stringify(letter),
    },
  ];
}

/** Appends nothing but an hour of trades. */
export async function appendTrades(log: Log, day: number): Promise<void> {
  await log.append(0, market(symbols[0], firstDay + day * dayLength + 16 * hour, day));
}

/** Appends made days to a log. */
export async function appendDays(log: Log, from: number, to: number): Promise<void> {
  for (let day = from; day < to; day += 1) {
    const start = firstDay + day * dayLength;
    for (const [partition, symbol] of symbols.entries()) {
      await log.append(partition, market(symbol, start + 15 * hour, day));
      await log.append(
        partition,
        emits(day, start).map((record) => emitted(symbol, record)),
      );
      await log.append(partition, journal(symbol, day, start));
      await log.append(partition, around(symbol, day, start));
    }
  }
}
