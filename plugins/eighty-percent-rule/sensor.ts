import { type Out, type Phase, type Probe, parseTradeDate, type Sensor, type Slots } from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { sideOf } from './eighty-percent-rule.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  hasPrior: 0, priorDate: 1, priorVah: 2, priorVal: 3, priorPoc: 4, // what the next session will work on
  live: 5, date: 6, armed: 7, vah: 8, val: 9, poc: 10, // the session that runs; armed: it has levels
  opened: 11, side: 12, start: 13, // side: 1 above value, -1 below, 0 inside; start: the price that set it
  entered: 14, pocTouched: 15, targetTouched: 16, stopTouched: 17, // told in this period
  periodOpen: 18, // 1: the next trade opens a period
  stop: 19, firstEntry: 20, // early stop, NaN without; 1: the period of the first entry runs, 2: it closed
  last: 21, // price of the last trade, NaN when it must be looked at again
  travel: 22, // furthest from `start` toward the far edge in the window, ticks
} as const;

type Tell = Out<Senses>;

const levelsOf = (f: Float64Array) => ({
  val: f[slot.val]!,
  vah: f[slot.vah]!,
  poc: f[slot.poc]!,
});
const nearEdge = (f: Float64Array): number => f[f[slot.side]! > 0 ? slot.vah : slot.val]!;
const farEdge = (f: Float64Array): number => f[f[slot.side]! > 0 ? slot.val : slot.vah]!;

function takeSide(f: Float64Array, c: Config, side: number, start: number): void {
  f[slot.side] = side;
  f[slot.start] = start;
  f[slot.firstEntry] = 0;
  f[slot.stop] = c.earlyStop === 'edge' ? nearEdge(f) + side * c.earlyStopTicks : Number.NaN;
}

function startPeriod(f: Float64Array): void {
  f.fill(0, slot.entered, slot.periodOpen);
  f[slot.periodOpen] = 1;
  f[slot.last] = Number.NaN;
}

function takeOpen(f: Float64Array, c: Config, price: number, out: Tell): void {
  f[slot.opened] = 1;
  if (f[slot.armed] === 1) takeSide(f, c, sideOf(price, levelsOf(f)), price);
  out('opened', { price });
}

type Reached = 'entered' | 'pocTouched' | 'targetTouched' | 'stopTouched';

/** Tells once a period that trading between `low` and `high` reached `level` going up (1) or down (-1). */
function reach(
  f: Float64Array,
  name: Reached,
  level: number,
  way: number,
  low: number,
  high: number,
  out: Tell,
): void {
  if (f[slot[name]] === 1) return;
  f[slot[name]] = 1;
  out(name, { price: way > 0 ? Math.max(low, level) : Math.min(high, level) });
}

/**
 * Looks at what trading between `low` and `high` reached.
 *
 * The stop comes first: a bar does not order its high and low, so if it holds both target and stop, the stop counts.
 */
function touch(f: Float64Array, low: number, high: number, out: Tell): void {
  const side = f[slot.side]!;
  if (side === 0) return;
  const toward = side > 0 ? low : high;
  const away = side > 0 ? high : low;
  const poc = f[slot.poc]!;
  const far = farEdge(f);
  f[slot.travel] = Math.max(f[slot.travel]!, (f[slot.start]! - toward) * side);
  if ((away - f[slot.stop]!) * side >= 0)
    reach(f, 'stopTouched', f[slot.stop]!, side, low, high, out);
  if (low <= f[slot.vah]! && high >= f[slot.val]!) {
    if (f[slot.firstEntry] === 0) f[slot.firstEntry] = 1;
    reach(f, 'entered', nearEdge(f), -side, low, high, out);
  }
  if ((poc - toward) * side >= 0) reach(f, 'pocTouched', poc, -side, low, high, out);
  if ((far - toward) * side >= 0) reach(f, 'targetTouched', far, -side, low, high, out);
}

function see(f: Float64Array, c: Config, price: number, out: Tell): void {
  if (f[slot.opened] === 0) takeOpen(f, c, price, out);
  f[slot.last] = price;
  if (f[slot.armed] === 0) return;
  touch(f, price, price, out);
  if (f[slot.periodOpen] === 0) return;
  f[slot.periodOpen] = 0;
  if (c.trigger === 'closeOpen') out('periodOpened', { price });
}

const regularPhases: readonly Phase[] = ['rth-opening', 'rth-main', 'rth-closing'];

function startSession({ f }: Slots, date: number): void {
  f.fill(0, slot.live, slot.last);
  f[slot.live] = 1;
  f[slot.date] = date;
  f[slot.stop] = Number.NaN;
  f[slot.last] = Number.NaN;
  if (f[slot.hasPrior] === 0 || f[slot.priorDate]! >= date) return;
  f[slot.armed] = 1;
  f.copyWithin(slot.vah, slot.priorVah, slot.live);
}

function closePeriod(f: Float64Array, c: Config, payload: Readonly<Record<string, unknown>>): void {
  if (f[slot.live] === 0 || f[slot.opened] === 0 || f[slot.armed] === 0) return;
  startPeriod(f);
  const { close, high, low } = payload;
  if (typeof close !== 'number') return;
  if (f[slot.firstEntry] === 1) {
    f[slot.firstEntry] = 2;
    if (c.earlyStop === 'first-period') f[slot.stop] = Number(f[slot.side]! > 0 ? high : low);
  }
  const side = sideOf(close, levelsOf(f));
  if (c.arming === 'extended' && side !== 0 && side !== f[slot.side]) takeSide(f, c, side, close);
}

/** How far the window's furthest price came on the way from where the side was set to a level. */
function travelTo(f: Float64Array, level: number): Probe {
  const isArmed = f[slot.armed] === 1 && f[slot.side] !== 0;
  const needed = isArmed ? (f[slot.start]! - level) * f[slot.side]! : 0;
  return { value: isArmed ? f[slot.travel]! : 0, needed, unit: 'tick' };
}

/** Watches the levels of the prior value area and tells when one is reached; the periods are the profile's. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['travel'],
  init: ({ f }) => {
    f[slot.last] = Number.NaN;
    f[slot.stop] = Number.NaN;
  },
  phase: (s, _c, _ts, phase, date) => {
    if (regularPhases.includes(phase) && s.f[slot.date] !== date) startSession(s, date);
    if (phase === 'post-rth' || phase === 'closed') s.f[slot.live] = 0;
  },
  event: ({ f }, c, _ts, port, payload) => {
    if (port === 'prior') {
      const { tradeDate, vah, val, poc } = payload;
      f.set(
        [1, parseTradeDate(String(tradeDate)), Number(vah), Number(val), Number(poc)],
        slot.hasPrior,
      );
    }
    if (port === 'period') closePeriod(f, c, payload);
  },
  trade: ({ f }, c, _ts, price, _size, _side, _flags, out) => {
    if (f[slot.live] === 1 && price !== f[slot.last]) see(f, c, price, out);
  },
  bar: ({ f }, c, _ts, open, high, low, _close, volume, _bid, _ask, _vwap, out) => {
    if (f[slot.live] !== 1 || volume === 0) return;
    see(f, c, open, out);
    if (f[slot.armed] === 1) touch(f, low, high, out);
    f[slot.last] = Number.NaN;
  },
  probes: {
    reentry: ({ f }) => travelTo(f, nearEdge(f)),
    halfBack: ({ f }) => travelTo(f, f[slot.poc]!),
    target: ({ f }) => travelTo(f, farEdge(f)),
  },
  withholds: {
    reentry: ['entered', 'signal', 'outcome'],
    halfBack: ['pocTouched'],
    target: ['targetTouched', 'outcome'],
  },
};
