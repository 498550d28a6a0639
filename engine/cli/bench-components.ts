import { z } from 'zod';
import { contracts, price } from '../contracts/units.ts';
import { microsPerMinute } from '../market/time.ts';
import { type AnyProcessor, definePlugin } from '../plugin/define-plugin.ts';

// The five components that engines in other languages are measured by, as sensors of the kit: volume profile, VWAP
// with bands, cumulative delta, one-minute footprint, session range. Each has a view, so the work cannot be left out.

const market = { market: { kind: 'market', takes: ['trade'] } } as const;
const none = z.object({});

const profile = definePlugin({
  id: 'bench-profile',
  version: '1.0.0',
  api: 1,
  summary: 'Volume at price',
  config: none,
  in: market,
  out: { poc: { kind: 'table', schema: z.object({ volume: contracts() }), every: '1m' } },
  sensor: {
    slots: ['volume'],
    ladders: ['volume'],
    init: (s) => s.f.fill(0),
    trade(s, _c, _ts, p, size) {
      s.f[0] = s.f[0]! + size;
      s.l[0]!.add(p, size);
    },
    views: { poc: (s) => ({ volume: s.f[0]! }) },
  },
  examples: [],
});

const vwap = definePlugin({
  id: 'bench-vwap',
  version: '1.0.0',
  api: 1,
  summary: 'VWAP with the sums of its bands',
  config: none,
  in: market,
  out: {
    bands: { kind: 'table', schema: z.object({ vwap: z.number(), sd: z.number() }), every: '1m' },
  },
  sensor: {
    slots: ['anchor', 'volume', 's1', 's2'],
    init: (s) => s.f.fill(0),
    trade(s, _c, _ts, p, size) {
      const { f } = s;
      if (f[1] === 0) f[0] = p;
      const d = p - f[0]!;
      f[1] = f[1]! + size;
      f[2] = f[2]! + d * size;
      f[3] = f[3]! + d * d * size;
    },
    views: {
      bands: (s) => {
        const [anchor, volume, s1, s2] = [s.f[0]!, s.f[1]!, s.f[2]!, s.f[3]!];
        if (volume === 0) return null;
        const mean = s1 / volume;
        return { vwap: anchor + mean, sd: Math.sqrt(Math.max(0, s2 / volume - mean * mean)) };
      },
    },
  },
  examples: [],
});

const delta = definePlugin({
  id: 'bench-delta',
  version: '1.0.0',
  api: 1,
  summary: 'Cumulative delta with its extremes',
  config: none,
  in: market,
  out: {
    delta: {
      kind: 'table',
      schema: z.object({ close: z.number(), min: z.number(), max: z.number() }),
      every: '1m',
    },
  },
  sensor: {
    slots: ['close', 'min', 'max'],
    init: (s) => s.f.fill(0),
    trade(s, _c, _ts, _p, size, side) {
      const { f } = s;
      const d = f[0]! + side * size;
      f[0] = d;
      if (d < f[1]!) f[1] = d;
      if (d > f[2]!) f[2] = d;
    },
    views: { delta: (s) => ({ close: s.f[0]!, min: s.f[1]!, max: s.f[2]! }) },
  },
  examples: [],
});

const footprint = definePlugin({
  id: 'bench-footprint',
  version: '1.0.0',
  api: 1,
  summary: 'One-minute footprint: bid and ask volume at price',
  config: none,
  in: market,
  out: {
    bar: {
      kind: 'table',
      schema: z.object({ bars: z.number(), bid: z.number(), ask: z.number() }),
      every: '1m',
    },
  },
  sensor: {
    slots: ['end', 'bars', 'bid', 'ask'],
    ladders: ['bid', 'ask'],
    init: (s) => s.f.fill(0),
    trade(s, _c, ts, p, size, side) {
      const { f } = s;
      if (ts >= f[0]!) {
        f[0] = Math.floor(ts / microsPerMinute) * microsPerMinute + microsPerMinute;
        f[1] = f[1]! + 1;
        s.l[0]!.clear();
        s.l[1]!.clear();
      }
      if (side > 0) {
        s.l[1]!.add(p, size);
        f[3] = f[3]! + size;
      } else if (side < 0) {
        s.l[0]!.add(p, size);
        f[2] = f[2]! + size;
      }
    },
    views: { bar: (s) => ({ bars: s.f[1]!, bid: s.f[2]!, ask: s.f[3]! }) },
  },
  examples: [],
});

const range = definePlugin({
  id: 'bench-range',
  version: '1.0.0',
  api: 1,
  summary: 'Session high and low',
  config: none,
  in: market,
  out: { range: { kind: 'table', schema: z.object({ high: price(), low: price() }), every: '1m' } },
  sensor: {
    slots: ['high', 'low'],
    init: (s) => {
      s.f[0] = -1e9;
      s.f[1] = 1e9;
    },
    trade(s, _c, _ts, p) {
      const { f } = s;
      if (p > f[0]!) f[0] = p;
      if (p < f[1]!) f[1] = p;
    },
    views: { range: (s) => ({ high: s.f[0]!, low: s.f[1]! }) },
  },
  examples: [],
});

/** The five components of the case `five-components`. */
export const benchComponents: readonly AnyProcessor[] = [profile, vwap, delta, footprint, range];
