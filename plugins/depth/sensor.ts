import {
  formatTradeDate,
  type Payload,
  type Probe,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import { clearWindows, emptyBook, endGroup, flowOf, missingOf, setLevel } from './book.ts';
import type { Config, Outputs, Senses } from './config.ts';
import { decayedImbalance, imbalance, midOf, queueImbalance, weightedMid } from './depth.ts';
import { endFrames, leans, loseBook, nextFrame, weightsOf } from './frames.ts';
import { bullBear } from './pull-stack.ts';
import { arrayRooms, frames, ladder, levels, slot, slotNames } from './slots.ts';

type Book = Payload<Outputs['book']>;

const unsided = tradeFlags.approximate | tradeFlags.auction;
const orNull = (value: number): number | null => (value === value ? value : null);

/** Returns the row of a book that is not known. */
function emptyRow(f: Float64Array, missing: string): Book {
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    missing,
    bid: null,
    ask: null,
    imbalance1: null,
    imbalance3: null,
    imbalance5: null,
    imbalance10: null,
    imbalanceDecayed: null,
    mean5: null,
    queueImbalance: null,
    mid: null,
    weightedMid: null,
    ofi1: null,
    ofi10: null,
    ofi60: null,
    ofiDeep1: null,
    ofiDeep10: null,
    ofiDeep60: null,
    bullBear: null,
    lean: 'unknown',
    since: f[slot.since]!,
  };
}

function rowOf(s: Slots, c: Config): Book {
  const { f, a } = s;
  const missing = missingOf(s);
  if (missing !== null) return emptyRow(f, missing);
  const [bids, asks] = [a['bidSize']!, a['askSize']!];
  const [bid, ask] = [a['bidPrice']![0]!, a['askPrice']![0]!];
  const weights = weightsOf(s, c);
  const of = (count: number): number => imbalance(bids, asks, count, ...weights);
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    missing,
    bid,
    ask,
    imbalance1: of(1),
    imbalance3: of(3),
    imbalance5: of(5),
    imbalance10: of(levels),
    imbalanceDecayed: decayedImbalance(bids, asks, c.levelRatio, ...weights),
    mean5: orNull(f[slot.mean5]!),
    queueImbalance: queueImbalance(bids[0]!, asks[0]!),
    mid: midOf(bid, ask),
    weightedMid: weightedMid(bid, bids[0]!, ask, asks[0]!),
    ofi1: flowOf(s, slot.flow1, 0),
    ofi10: flowOf(s, slot.flow1, 1),
    ofi60: flowOf(s, slot.flow1, 2),
    ofiDeep1: flowOf(s, slot.deep1, 0),
    ofiDeep10: flowOf(s, slot.deep1, 1),
    ofiDeep60: flowOf(s, slot.deep1, 2),
    bullBear: f[slot.seeded]! < frames.ten ? null : bullBear(f),
    lean: leans[f[slot.lean]!]!,
    since: f[slot.since]!,
  };
}

/** Keeps the book by its levels and looks at it in frames of 100 ms; trades in between are counted one by one. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: slotNames,
  peaks: slotNames.slice(slot.leanPeak, slot.bidChanged),
  arrays: arrayRooms,
  ladders: Object.keys(ladder),
  init: (s) => {
    s.f.fill(0);
    clearWindows(s);
  },
  phase: (s, _c, ts, phase, date, out) => {
    if (phase !== 'overnight' || s.f[slot.date] === date) return;
    // The levels stay: a source tells only what changes.
    loseBook(s, ts, 'a new trade day', out);
    s.f[slot.date] = date;
    s.f[slot.frameEnd] = nextFrame(ts);
  },
  depth: (s, c, ts, side, level, price, size, out) => {
    const { f } = s;
    if (ts >= f[slot.frameEnd]!) endFrames(s, c, ts, out);
    else if (f[slot.groupTs]! > 0 && f[slot.groupTs] !== ts) endGroup(s);
    f[slot.depthTs] = ts;
    f[slot.isStale] = 0;
    if (level < 0) {
      emptyBook(s);
      loseBook(s, ts, 'the book was reset', out);
      return;
    }
    f[slot.hasBook] = 1;
    f[slot.groupTs] = ts;
    setLevel(s, side, level, price, size);
  },
  trade: (s, c, ts, price, size, side, flags, out) => {
    const { f, a, l } = s;
    if (f[slot.hasBook] === 0 || f[slot.isStale] === 1) return;
    if (ts >= f[slot.frameEnd]!) endFrames(s, c, ts, out);
    if ((flags & unsided) !== 0) return;
    const isSell = side < 0 || (side === 0 && price <= a['bidPrice']![0]!);
    l[isSell ? ladder.fromBids : ladder.fromAsks]!.add(price, size);
  },
  probes: {
    lean: ({ f }, c): Probe => ({ value: f[slot.leanPeak]!, needed: c.leanOn, unit: 'share' }),
    wall: ({ f }): Probe => ({
      value: f[slot.wallPeak]!,
      needed: f[slot.wallPeakNeeded]!,
      unit: 'contract',
    }),
    pullStack: ({ f }): Probe => ({
      value: f[slot.sumPeak]!,
      needed: f[slot.sumPeakNeeded]!,
      unit: 'contract',
    }),
    flicker: ({ f }, c): Probe => ({
      value: f[slot.flickerPeak]!,
      needed: c.flickerRepeats,
      unit: 'count',
    }),
  },
  withholds: {
    lean: ['lean'],
    wall: ['wall'],
    pullStack: ['pullStack'],
    flicker: ['flicker'],
  },
  views: { book: rowOf },
};
