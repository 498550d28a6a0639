import { z } from 'zod';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { outcomeFields } from '../contracts/outcome.ts';
import { contracts, price, tradeDate } from '../contracts/units.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { formatTradeDate, microsPerMinute, parseTradeDate, zonedToUtc } from '../market/time.ts';
import { definePlugin, type Plugin } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';

/** What the made setup was told of levels, in order. */
export interface Heard {
  readonly ts: number;
  readonly port: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Trade dates of three ordinary weeks of November 2025. */
export const november: readonly string[] = [
  3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21,
].map((day) => `2025-11-${String(day).padStart(2, '0')}`);

/** The instrument of the made days. */
export const es = findInstrument('ES');
const barMinutes = 30;
const none = Number.NaN;

/** Event time of a clock time of a trade date. */
export function at(date: string, clock: string): number {
  return zonedToUtc('America/New_York', parseTradeDate(date), clock);
}

/**
 * Bars of half an hour: two of the morning before, thirteen of regular hours that go from `open` by `step` ticks a bar,
 * one after them.
 */
export function addDay(
  builder: MarketBatchBuilder,
  date: string,
  open: number,
  step: number,
  volume = 100,
): void {
  const start = at(date, '09:30');
  for (let k = -2; k < 14; k += 1) {
    const isRth = k >= 0 && k < 13;
    const from = isRth ? open + k * step : open;
    const to = isRth ? from + step : open;
    const [high, low] = [Math.max(from, to) + 2, Math.min(from, to) - 2];
    const end = start + (k + 1) * barMinutes * microsPerMinute;
    builder.bar(end, from, high, low, to, volume, none, none, from + 0.5);
  }
}

/** Fifteen days: the n-th opens at 20,000 + 10 n and moves by n % 4 - 1 ticks a bar. */
export function madeBatches(dates: readonly string[] = november): Uint8Array[] {
  const builder = new MarketBatchBuilder('ES');
  return dates.map((date, n) => {
    addDay(builder, date, 20_000 + 10 * n, (n % 4) - 1);
    return builder.finish();
  });
}

const closeOfDay = z
  .object({ tradeDate: tradeDate(), close: price(), contract: z.string().nullable() })
  .meta({ id: 'prior-profile/1' });
const zoneInForce = z.object({ price: price(), inForce: z.boolean() });
const market = { kind: 'market', takes: ['bar'] } as const;

/** Tells the close of regular hours, as a profile does; and a zone around it that stays in force. */
const profile = definePlugin({
  id: 'made-profile',
  version: '1.0.0',
  api: 1,
  summary: 'Made',
  config: z.object({}),
  in: { market },
  senses: {
    prior: { kind: 'table', schema: closeOfDay },
    zone: { kind: 'table', schema: zoneInForce },
  },
  out: {
    prior: { kind: 'table', schema: closeOfDay },
    zone: { kind: 'table', schema: zoneInForce },
    volume: { kind: 'table', schema: z.object({ volume: contracts() }) },
  },
  sensor: {
    slots: ['live', 'close', 'date', 'peak'],
    peaks: ['peak'],
    init: (s) => s.f.fill(0),
    phase(s, _c, _ts, phase, date, out) {
      if (phase === 'rth-opening') s.f[0] = 1;
      if (phase !== 'post-rth' || s.f[0] !== 1) return;
      s.f[0] = 0;
      const close = s.f[1] ?? 0;
      out('prior', { tradeDate: formatTradeDate(date), close, contract: null });
      out('zone', { price: close, inForce: true });
    },
    bar(s, _c, _ts, _o, _h, _l, close) {
      if (s.f[0] === 1) s.f[1] = close;
    },
    probes: { close: (s) => ({ value: s.f[1] ?? 0, needed: 0, unit: 'price' }) },
    views: { volume: (s) => ({ volume: s.f[1] ?? 0 }) },
  },
  examples: [],
});

/** Goes long at the end of the first bar of each day, for four ticks more; expires with the day. */
function setupOf(heard: Heard[]) {
  const schema = z.object({ ...outcomeFields, priorClose: price() });
  return definePlugin({
    id: 'made-setup',
    version: '1.0.0',
    api: 1,
    summary: 'Made',
    config: z.object({ breaks: z.boolean().default(false) }),
    in: {
      market,
      prior: { kind: 'table', schema: closeOfDay },
      zone: { kind: 'table', schema: zoneInForce, optional: true },
    },
    senses: { outcome: { kind: 'event', schema } },
    out: { outcome: { kind: 'event', schema } },
    sensor: {
      slots: ['live', 'entry', 'at', 'date', 'prior', 'last'],
      init: (s) => s.f.fill(0),
      event(s, _c, ts, port, payload) {
        heard.push({ ts, port, payload });
        if (port === 'prior') s.f[4] = Number(payload['close']);
      },
      phase(s, _c, _ts, phase, date, out) {
        if (phase === 'rth-opening') s.f.set([1, 0, 0, date]);
        if (phase !== 'post-rth') return;
        if (s.f[0] === 1 && s.f[2] !== 0) out('outcome', ended(s.f, 'expired', s.f[5] ?? 0));
        s.f[0] = 0;
      },
      bar(s, c, ts, _o, high, _l, close, _v, _b, _a, _w, out) {
        if (c.breaks) throw new Error('made to break');
        s.f[5] = close;
        if (s.f[0] !== 1) return;
        if (s.f[2] === 0) {
          s.f[1] = close;
          s.f[2] = ts;
        } else if (high >= (s.f[1] ?? 0) + 4) {
          out('outcome', ended(s.f, 'completed', (s.f[1] ?? 0) + 4));
          s.f[0] = 0;
        }
      },
    },
    examples: [],
  });
}

function ended(f: Float64Array, result: 'completed' | 'expired', last: number) {
  const entry = f[1] ?? 0;
  return {
    tradeDate: formatTradeDate(f[3] ?? 0),
    setup: 'made-setup',
    variant: 'morning',
    side: 'long' as const,
    result,
    triggeredAt: f[2] ?? 0,
    entry,
    target: entry + 4,
    invalidation: null,
    price: last,
    resultTicks: last - entry,
    priorClose: f[4] ?? 0,
  };
}

const replay = definePlugin({
  id: 'replay',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'The made days',
  needs: [],
  in: {},
  config: z.object({
    files: z.array(z.string()).default([]),
    from: z.string().optional(),
    to: z.string().optional(),
  }),
  out: { market: { kind: 'market', takes: ['bar'] } },
  examples: [],
  open: async (a) => {
    for (const [i, batch] of madeBatches().entries()) await a.write(batch, String(i));
  },
});

/** A node that nothing follows from. */
const idle = definePlugin({
  id: 'made-idle',
  version: '1.0.0',
  api: 1,
  summary: 'Made',
  config: z.object({}),
  in: { market },
  out: {},
  sensor: { slots: [], init: () => {}, bar: () => {} },
  examples: [],
});

/** The flow of the made plugins. */
export const madeStudyFlow = `flow: made
version: 1.0.0
doc: A made setup.
instruments: [ES]
params:
  breaks: { type: boolean, default: false, doc: Whether the setup breaks }
sources:
  market: { use: replay@^1 }
nodes:
  idle: { use: made-idle@^1, in: { market: market } }
  profile: { use: made-profile@^1, in: { market: market } }
  setup:
    use: made-setup@^1
    with: { breaks: "\${param.breaks}" }
    in: { market: market, prior: profile.prior, zone: profile.zone }
`;

/** The plugins of the made flow; `heard` takes what the setup is told. */
export function madePlugins(heard: Heard[] = []): readonly Plugin[] {
  return [replay, profile, setupOf(heard), idle];
}

/** Compiles the made flow. */
export function madeStudyGraph(
  heard: Heard[] = [],
  params: Readonly<Record<string, unknown>> = {},
): FlowGraph {
  const { graph, lints } = compileFlow({
    file: 'made.flow.yaml',
    text: madeStudyFlow,
    registry: createRegistry(madePlugins(heard)),
    readFile: () => null,
    params,
  });
  if (graph) return graph;
  throw new Error(lints.map(({ message }) => message).join('; '));
}
