import {
  formatTradeDate,
  microsPerMinute,
  microsPerSecond,
  type Out,
  type Payload,
  type Phase,
  type Sensor,
  type Slots,
  tradeFlags,
  type VwapState,
  vwapSince,
  vwapSlope,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { levelsOf, nextLimit, paceOf, paces, slopeMinutes } from './vwap.ts';

type Row = Payload<Outputs['bands']>;

// One running sum from the open of the trade day serves all anchors: an anchor is a mark in it, and what was traded
// since is a difference. So a trade costs three additions however many anchors there are.
// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  tick: 0, v: 1, s1: 2, s2: 3, // the running sums, relative to the tick of the day's first volume
  start: 4, date: 5, complete: 6, approximate: 7, // the trade day
  live: 8, rthStart: 9, rthDate: 10, rthComplete: 11, // the regular session while it runs
  markV: 12, markS1: 13, markS2: 14, markMinutes: 15, // the running sums and minutes at its open
  endTick: 16, endV: 17, endS1: 18, endS2: 19, // the last regular session as it ended
  endStart: 20, endDate: 21, endComplete: 22, endApproximate: 23,
  globexSlope: 24, rthSlope: 25, // at the last minute, NaN while unknown
  minutes: 26, // minutes kept in the rings since the open
  pending: 27, // 1: an anchor waits for its first volume
  pace: 28, // index of the pace the machine knows
} as const;
const ringRows = slopeMinutes + 1;

const running = (f: Float64Array): VwapState => ({
  v: f[slot.v]!,
  s1: f[slot.s1]!,
  s2: f[slot.s2]!,
});
const atOpen = (f: Float64Array): VwapState => ({
  v: f[slot.markV]!,
  s1: f[slot.markS1]!,
  s2: f[slot.markS2]!,
});
const atEnd = (f: Float64Array): VwapState => ({
  v: f[slot.endV]!,
  s1: f[slot.endS1]!,
  s2: f[slot.endS2]!,
});
const ofSession = (f: Float64Array): VwapState => vwapSince(running(f), atOpen(f));
const followedSlope = (f: Float64Array, c: Config): number =>
  f[c.follow === 'rth' ? slot.rthSlope : slot.globexSlope]!;

function add(f: Float64Array, tick: number, size: number): void {
  const distance = tick - f[slot.tick]!;
  const moment = distance * size;
  f[slot.v]! += size;
  f[slot.s1]! += moment;
  f[slot.s2]! += moment * distance;
}

/** The first volume of an anchor: it sets the tick the day's sums are relative to, and says whether data is complete. */
function begin(f: Float64Array, c: Config, ts: number, tick: number, out: Out<Senses>): void {
  const isComplete = (start: number) => (ts - start <= c.graceSeconds * microsPerSecond ? 1 : 0);
  const inSession = f[slot.live] === 1;
  if (f[slot.v] === 0) {
    f[slot.tick] = tick;
    f[slot.complete] = isComplete(f[slot.start]!);
    if (c.follow === 'globex') out('volumeSeen', { price: tick, complete: f[slot.complete] === 1 });
  }
  if (inSession) {
    f[slot.rthComplete] = isComplete(f[slot.rthStart]!);
    if (c.follow === 'rth') out('volumeSeen', { price: tick, complete: f[slot.rthComplete] === 1 });
  }
  f[slot.pending] = 0;
}

function startDay(f: Float64Array, c: Config, ts: number, date: number, out: Out<Senses>): void {
  f.fill(0, slot.tick, slot.endTick);
  f[slot.start] = ts;
  f[slot.date] = date;
  f[slot.globexSlope] = Number.NaN;
  f[slot.minutes] = 0;
  f[slot.pending] = 1;
  if (c.follow === 'globex') startAnchor(f, 'globex', out);
}

function startSession(
  f: Float64Array,
  c: Config,
  ts: number,
  date: number,
  out: Out<Senses>,
): void {
  f[slot.live] = 1;
  f[slot.rthStart] = ts;
  f[slot.rthDate] = date;
  f[slot.rthComplete] = 0;
  f[slot.markV] = f[slot.v]!;
  f[slot.markS1] = f[slot.s1]!;
  f[slot.markS2] = f[slot.s2]!;
  f[slot.markMinutes] = f[slot.minutes]!;
  f[slot.rthSlope] = Number.NaN;
  f[slot.pending] = 1;
  if (c.follow === 'rth') startAnchor(f, 'rth', out);
}

function startAnchor(f: Float64Array, anchor: 'globex' | 'rth', out: Out<Senses>): void {
  f[slot.pace] = 0;
  out('anchorPassed', { anchor });
}

function endSession(f: Float64Array, c: Config, out: Out<Senses>): void {
  const { v, s1, s2 } = ofSession(f);
  f[slot.live] = 2;
  if (v > 0) {
    f.set([f[slot.tick]!, v, s1, s2, f[slot.rthStart]!, f[slot.rthDate]!], slot.endTick);
    f.set([f[slot.rthComplete]!, f[slot.approximate]!], slot.endComplete);
  }
  if (c.follow !== 'rth') return;
  out('anchorEnded', { vwap: levelsOf(f[slot.tick]!, { v, s1, s2 })?.vwap ?? null });
}

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

function phase(s: Slots, c: Config, ts: number, name: Phase, date: number, out: Out<Senses>): void {
  const { f } = s;
  if (name === 'overnight' && f[slot.date] !== date) startDay(f, c, ts, date, out);
  if (f[slot.live] === 0 && regularPhases.includes(name)) startSession(f, c, ts, date, out);
  if (f[slot.live] === 1 && (name === 'post-rth' || name === 'closed')) endSession(f, c, out);
  if (name === 'closed' && c.follow === 'globex') {
    out('anchorEnded', { vwap: levelsOf(f[slot.tick]!, running(f))?.vwap ?? null });
  }
}

/** Once a minute: keeps the running sums, compares them with those of 30 minutes ago, tells a change of pace. */
function clock(
  s: Slots,
  c: Config,
  _ts: number,
  _name: string,
  _index: number,
  out: Out<Senses>,
): void {
  const { f, a } = s;
  const now = running(f);
  const minute = f[slot.minutes]!;
  const write = minute % ringRows;
  a['v']![write] = now.v;
  a['s1']![write] = now.s1;
  a['s2']![write] = now.s2;
  f[slot.minutes] = minute + 1;
  if (minute < slopeMinutes) return;
  const read = (minute - slopeMinutes) % ringRows;
  const earlier: VwapState = { v: a['v']![read]!, s1: a['s1']![read]!, s2: a['s2']![read]! };
  f[slot.globexSlope] = vwapSlope(now, earlier);
  if (f[slot.live] === 1)
    f[slot.rthSlope] = vwapSlope(vwapSince(now, atOpen(f)), vwapSince(earlier, atOpen(f)));
  tellPace(f, c, out);
}

function tellPace(f: Float64Array, c: Config, out: Out<Senses>): void {
  if (c.follow === 'rth' && f[slot.live] !== 1) return;
  const slope = followedSlope(f, c);
  const pace = paces.indexOf(paceOf(slope, c));
  if (pace === f[slot.pace]) return;
  f[slot.pace] = pace;
  if (pace === 0) out('slopeLost', {});
  else out('slopeChanged', { slope });
}

interface Anchored {
  readonly anchor: Row['anchor'];
  readonly start: number;
  readonly date: number;
  readonly slope: number;
  readonly approximate: boolean;
  readonly complete: boolean;
}

/** Adds the row of an anchor, unless nothing traded since. */
function addRow(rows: Row[], c: Config, tick: number, sums: VwapState, about: Anchored): void {
  const levels = levelsOf(tick, sums);
  if (levels === null) return;
  // Field by field: this runs every second of event time, and a spread costs more than all the arithmetic.
  rows.push({
    anchor: about.anchor,
    tradeDate: formatTradeDate(about.date),
    since: about.start,
    vwap: levels.vwap,
    sdTicks: levels.sdTicks,
    up1: levels.up1,
    down1: levels.down1,
    up2: levels.up2,
    down2: levels.down2,
    up3: levels.up3,
    down3: levels.down3,
    volume: sums.v,
    slope30: Number.isNaN(about.slope) ? null : about.slope,
    pace: paceOf(about.slope, c),
    approximate: about.approximate,
    complete: about.complete,
  });
}

function ofDay(f: Float64Array): Anchored {
  return {
    anchor: 'globex',
    start: f[slot.start]!,
    date: f[slot.date]!,
    slope: f[slot.globexSlope]!,
    approximate: f[slot.approximate] === 1,
    complete: f[slot.complete] === 1,
  };
}

function ofRunning(f: Float64Array): Anchored {
  return {
    anchor: 'rth',
    start: f[slot.rthStart]!,
    date: f[slot.rthDate]!,
    slope: f[slot.rthSlope]!,
    approximate: f[slot.approximate] === 1,
    complete: f[slot.rthComplete] === 1,
  };
}

function ofEnded(f: Float64Array, anchor: 'rth' | 'prevRth', slope: number): Anchored {
  return {
    anchor,
    start: f[slot.endStart]!,
    date: f[slot.endDate]!,
    slope,
    approximate: f[slot.endApproximate] === 1,
    complete: f[slot.endComplete] === 1,
  };
}

function bandsOf({ f }: Slots, c: Config): Row[] {
  const rows: Row[] = [];
  addRow(rows, c, f[slot.tick]!, running(f), ofDay(f));
  if (f[slot.live] === 1) addRow(rows, c, f[slot.tick]!, ofSession(f), ofRunning(f));
  else addRow(rows, c, f[slot.endTick]!, atEnd(f), ofEnded(f, 'rth', f[slot.rthSlope]!));
  addRow(rows, c, f[slot.endTick]!, atEnd(f), ofEnded(f, 'prevRth', Number.NaN));
  return rows;
}

/** VwapState volume at price since each anchor; once a minute it measures how steep the average runs. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  arrays: () => ({ v: ringRows, s1: ringRows, s2: ringRows }),
  clocks: () => ({ minute: { everyUs: microsPerMinute, from: 'session' } }),
  init: ({ f }) => {
    f[slot.globexSlope] = Number.NaN;
    f[slot.rthSlope] = Number.NaN;
  },
  phase,
  clock,
  trade: ({ f }, c, ts, price, size, _side, flags, out) => {
    if (f[slot.pending] === 1) begin(f, c, ts, price, out);
    if ((flags & tradeFlags.approximate) !== 0) f[slot.approximate] = 1;
    add(f, price, size);
  },
  bar: ({ f }, c, ts, open, high, low, close, volume, _bid, _ask, vwap, out) => {
    if (!(volume > 0)) return;
    if (f[slot.pending] === 1) begin(f, c, ts, open, out);
    f[slot.approximate] = 1;
    add(f, Number.isNaN(vwap) ? (high + low + close) / 3 : vwap, volume);
  },
  probes: {
    history: ({ f }, c) => {
      const minutes = f[slot.minutes]! - (c.follow === 'rth' ? f[slot.markMinutes]! : 0);
      return { value: Math.min(minutes, slopeMinutes), needed: slopeMinutes, unit: 'minute' };
    },
    pace: ({ f }, c) => {
      const slope = followedSlope(f, c);
      return {
        value: Number.isNaN(slope) ? 0 : Math.abs(slope),
        needed: nextLimit(slope, c),
        unit: 'sd',
      };
    },
  },
  withholds: {
    history: ['slopeChanged'],
    pace: ['slopeChanged'],
  },
  views: { bands: bandsOf },
};
