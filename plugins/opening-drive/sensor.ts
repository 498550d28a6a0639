import {
  formatTradeDate,
  microsPerSecond,
  type Out,
  type Phase,
  parseTradeDate,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import { assess, watchDrive } from './assess.ts';
import type { Config } from './config.ts';
import { isResumed, pullbackOf, stopOf, targetOf } from './drive-signal.ts';
import { keepPending, setMedians, settlePending } from './history.ts';
import type { Outputs, Senses } from './ports.ts';
import { barRoom, barsOf, contractNumber, dayEnd, slot, stage } from './slots.ts';

type Tell = Out<Senses>;
const never = Number.NaN;
const minutes5 = 300 * microsPerSecond;

const vwapOf = (f: Float64Array): number => f[slot.open]! + f[slot.moment]! / f[slot.volume]!;
const isSignalled = (f: Float64Array): boolean => !Number.isNaN(f[slot.target]!);
const valueOf = (f: Float64Array) => ({ vah: f[slot.priorVah]!, val: f[slot.priorVal]! });
const stopNow = (f: Float64Array): number =>
  stopOf(f[slot.side]!, f[slot.open]!, f[slot.band]!, valueOf(f));

/** Finds the prices beyond which something has to be decided, so that most trades cost two comparisons. */
function setDecisions(f: Float64Array): void {
  const side = f[slot.side]!;
  let ahead = Number.POSITIVE_INFINITY;
  let behind = Number.NEGATIVE_INFINITY;
  const seen = (price: number): number => price * side;
  if (side !== 0) {
    if (isSignalled(f)) {
      ahead = seen(f[slot.target]!) - 1;
      behind = seen(f[slot.stop]!) + 1;
    } else {
      const edge = side > 0 ? f[slot.balanceHigh]! : f[slot.balanceLow]!;
      if (!Number.isNaN(edge) && f[slot.extended] === 0) ahead = seen(edge);
      behind = seen(f[slot.open]!) - f[slot.band]!;
    }
    if (f[slot.revocable] === 1) behind = Math.max(behind, seen(f[slot.open]!));
  }
  f[slot.decideHigh] = side < 0 ? -behind : ahead;
  f[slot.decideLow] = side < 0 ? -ahead : behind;
}

function stopWatch(f: Float64Array): void {
  f[slot.side] = 0;
  f[slot.target] = never;
  f[slot.revocable] = 0;
  if (f[slot.stage] === stage.following) f[slot.stage] = stage.after;
}

function enter(f: Float64Array, target: number, stop: number): void {
  f[slot.target] = target;
  f[slot.stop] = stop;
}

/** The first price at or beyond a level within a range that trading came through from `from` (1: from below). */
const reached = (level: number, from: number, low: number, high: number): number =>
  from > 0 ? Math.max(low, level) : Math.min(high, level);

/** The stop comes first: a bar does not order its high and low. */
function decideSignal(f: Float64Array, low: number, high: number, out: Tell): void {
  const side = f[slot.side]!;
  const [stop, target] = [f[slot.stop]!, f[slot.target]!];
  if (((side > 0 ? low : high) - stop) * side <= 0) {
    stopWatch(f);
    out('stopTouched', { price: reached(stop, -side, low, high) });
  } else if (((side > 0 ? high : low) - target) * side >= 0) {
    stopWatch(f);
    out('targetTouched', { price: reached(target, side, low, high) });
  }
}

function decideExtension(f: Float64Array, low: number, high: number, out: Tell): void {
  const side = f[slot.side]!;
  const edge = f[side > 0 ? slot.balanceHigh : slot.balanceLow]!;
  if (f[slot.extended] === 1 || !(((side > 0 ? high : low) - edge) * side > 0)) return;
  f[slot.extended] = 1;
  const price = reached(edge + side, side, low, high);
  const target = targetOf(side, f[slot.balanceHigh]!, f[slot.balanceLow]!);
  const stop = stopNow(f);
  const vwap = vwapOf(f);
  if (f[slot.armed] === 1 && (price - vwap) * side > 0) enter(f, target, stop);
  out('extended', { price, direction: side, vwap, target, stop });
}

function decide(f: Float64Array, low: number, high: number, out: Tell): void {
  const side = f[slot.side]!;
  const behind = (side > 0 ? low : high) - f[slot.open]!;
  if (f[slot.revocable] === 1 && behind * side < 0) {
    f[slot.revocable] = 0;
    if (!isSignalled(f)) stopWatch(f);
    out('openTraded', { price: reached(f[slot.open]! - side, -side, low, high) });
  }
  if (isSignalled(f)) decideSignal(f, low, high, out);
  else if (f[slot.side] !== 0 && behind * side < -f[slot.band]!) {
    stopWatch(f);
    const lost = side > 0 ? f[slot.open]! - f[slot.band]! : f[slot.open]! + f[slot.band]!;
    out('openLost', {
      price: reached(side > 0 ? Math.ceil(lost) - 1 : Math.floor(lost) + 1, -side, low, high),
    });
  } else if (f[slot.side] !== 0) decideExtension(f, low, high, out);
  setDecisions(f);
}

function takeOpen(f: Float64Array, c: Config, ts: number, price: number, out: Tell): void {
  f[slot.opened] = ts - f[slot.rthOpen]! > c.openGraceSeconds * microsPerSecond ? 2 : 1;
  f[slot.open] = price;
  out('opened', { price });
}

/** Takes prices and volume of the first hour and a half; a trade is a range of one price. */
function take(f: Float64Array, low: number, high: number, price: number, size: number): void {
  if (high > f[slot.barHigh]!) f[slot.barHigh] = high;
  if (low < f[slot.barLow]!) f[slot.barLow] = low;
  f[slot.volume]! += size;
  f[slot.moment]! += size * (price - f[slot.open]!);
  const reach = Math.max(high - f[slot.open]!, f[slot.open]! - low);
  if (reach > f[slot.reach]!) f[slot.reach] = reach;
}

function addSide(f: Float64Array, side: number, size: number): void {
  if (side > 0) f[slot.buys]! += size;
  else if (side < 0) f[slot.sells]! += size;
}

/** The first price of the night replaces NaN, which is neither above nor below anything. */
function takeNight(f: Float64Array, low: number, high: number): void {
  if (!(high <= f[slot.onHigh]!)) f[slot.onHigh] = high;
  if (!(low >= f[slot.onLow]!)) f[slot.onLow] = low;
}

function clearBar(f: Float64Array): void {
  f[slot.barHigh] = Number.NEGATIVE_INFINITY;
  f[slot.barLow] = Number.POSITIVE_INFINITY;
}

// biome-ignore format: a list
const unknownAtFirst = [
  slot.onHigh, slot.onLow, slot.firstDelta, slot.medianRange, slot.medianVolume, slot.medianDelta,
  slot.balanceHigh, slot.balanceLow, slot.target, slot.stop,
];

function startDay(f: Float64Array, date: number, out: Tell): void {
  f.fill(0, slot.stage, dayEnd);
  f[slot.date] = date;
  for (const unknown of unknownAtFirst) f[unknown] = never;
  setDecisions(f);
  clearBar(f);
  out('dayBegan', { tradeDate: formatTradeDate(date) });
}

function phase(s: Slots, c: Config, ts: number, name: Phase, date: number, out: Tell): void {
  const { f } = s;
  if (f[slot.date] !== date) startDay(f, date, out);
  if (name === 'overnight' || name === 'pre-open') f[slot.stage] = stage.night;
  else if (name === 'rth-opening' && f[slot.stage]! <= stage.night && f[slot.rthOpen] === 0) {
    f[slot.stage] = stage.opening;
    f[slot.rthOpen] = ts;
    setMedians(s, c);
  } else if ((name === 'post-rth' || name === 'closed') && f[slot.stage]! > stage.night) {
    f[slot.stage] = stage.idle;
    if (f[slot.opened] !== 0) out('rthEnded', { price: f[slot.last]! });
  }
}

/** Share of buys minus sells in the first period; NaN when too much volume has no side. */
function deltaShareOf(f: Float64Array, c: Config): number {
  const volume = f[slot.volume]!;
  const sided = f[slot.buys]! + f[slot.sells]!;
  if (!(volume > 0) || (volume - sided) / volume > c.maxUnknownShare) return never;
  return (f[slot.buys]! - f[slot.sells]!) / volume;
}

function endBar({ f, a }: Slots): void {
  const at = f[slot.bars]!;
  a['high']![at] = f[slot.barHigh]!;
  a['low']![at] = f[slot.barLow]!;
  a['close']![at] = f[slot.last]!;
  f[slot.bars] = at + 1;
  if (at < 6 && f[slot.barHigh]! < f[slot.barLow]!) f[slot.hasGap] = 1;
  clearBar(f);
}

function rangeOf(s: Slots): { high: number; low: number } {
  const bars = barsOf(s);
  return {
    high: Math.max(...bars.map((bar) => bar.high)),
    low: Math.min(...bars.map((bar) => bar.low)),
  };
}

function makeFinal(s: Slots, c: Config, out: Tell): void {
  const { f } = s;
  f[slot.firstDelta] = deltaShareOf(f, c);
  const assessed = assess(s, c, true);
  const { high, low } = rangeOf(s);
  const isWhole = f[slot.hasGap] === 0 && f[slot.opened] === 1 && f[slot.isUnordered] === 0;
  if (isWhole) keepPending(f, high - low);
  watchDrive(f, assessed, c);
  out('assessed', assessed);
}

/** Five minutes of a drive ended: says how its pullback stands. */
function tellPullback(s: Slots, c: Config, isHalfHour: boolean, out: Tell): void {
  const { f } = s;
  const side = f[slot.side]!;
  const bars = barsOf(s);
  const pullback = pullbackOf(f[slot.open]!, side, f[slot.band]!, vwapOf(f), bars);
  const balance = Number.isNaN(f[slot.balanceHigh]!)
    ? rangeOf(s)
    : { high: f[slot.balanceHigh]!, low: f[slot.balanceLow]! };
  const target = targetOf(side, balance.high, balance.low);
  const stop = stopNow(f);
  if (f[slot.armed] === 1 && isResumed(pullback, c)) enter(f, target, stop);
  const edge = side > 0 ? f[slot.priorVah]! : f[slot.priorVal]!;
  const valueEdge = isHalfHour && f[slot.armed] === 1 ? edge : null;
  out('fiveMinutes', { ...pullback, target, stop, valueEdge });
  if (!isSignalled(f) && valueEdge !== null && (pullback.close - edge) * side <= 0) stopWatch(f);
}

function clock(s: Slots, c: Config, index: number, out: Tell): void {
  const { f } = s;
  if (f[slot.stage] !== stage.opening) return;
  endBar(s);
  if (index === 2) {
    f[slot.early] = f[slot.volume]!;
    out('assessed', assess(s, c, false));
  } else if (index === 5) makeFinal(s, c, out);
  else if (index === 11) {
    const { high, low } = rangeOf(s);
    f[slot.balanceHigh] = high;
    f[slot.balanceLow] = low;
    f[slot.revocable] = 0;
  }
  if (index > 5 && f[slot.side] !== 0 && !isSignalled(f)) tellPullback(s, c, index % 6 === 5, out);
  if (index === barRoom - 1) endWindow(f, out);
  setDecisions(f);
}

function endWindow(f: Float64Array, out: Tell): void {
  f[slot.stage] = isSignalled(f) ? stage.following : stage.after;
  if (f[slot.side] === 0 || isSignalled(f)) return;
  stopWatch(f);
  out('windowEnded', { price: f[slot.last]! });
}

function takePrior(f: Float64Array, row: Readonly<Record<string, unknown>>): void {
  f.set(
    [
      1,
      parseTradeDate(String(row['tradeDate'])),
      ...['high', 'low', 'vah', 'val', 'poc'].map((name) => Number(row[name])),
      row['gap'] === true ? 1 : 0,
      contractNumber(row['contract']),
    ],
    slot.hasPrior,
  );
}

function takePhase(s: Slots, row: Readonly<Record<string, unknown>>): void {
  const { f } = s;
  f[slot.contract] = contractNumber(row['contract']);
  f[slot.holiday] = row['holiday'] === true ? 1 : 0;
  f[slot.rolled] = row['rolled'] === true ? 1 : 0;
  const isOver = row['phase'] === 'closed' || row['phase'] === 'overnight';
  if (f[slot.pendingDate] === 0 || !isOver) return;
  const isSame = parseTradeDate(String(row['tradeDate'])) === f[slot.pendingDate];
  const isOdd = ['short', 'holiday', 'thin', 'gap'].some((name) => row[name] === true);
  settlePending(s, isSame && !isOdd);
}

/** Takes note of a bar's end, to know how long bars are. */
function learnLength(f: Float64Array, ts: number): void {
  const distance = ts - f[slot.barEnd]!;
  if (
    f[slot.barEnd]! > 0 &&
    distance > 0 &&
    (f[slot.barLength] === 0 || distance < f[slot.barLength]!)
  )
    f[slot.barLength] = distance;
  f[slot.barEnd] = ts;
}

/** Follows the first hour and a half in five-minute bars, and a signal to its end. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: ['reach'],
  arrays: (c) => ({
    high: barRoom,
    low: barRoom,
    close: barRoom,
    ranges: c.baselineSessions,
    volumes: c.baselineSessions,
    deltas: c.baselineSessions,
  }),
  clocks: () => ({ five: { everyUs: minutes5, from: 'rth' } }),
  init: ({ f }) => {
    for (const unknown of unknownAtFirst) f[unknown] = never;
    setDecisions(f);
  },
  phase: (s, c, ts, name, date, out) => phase(s, c, ts, name, date, out),
  clock: (s, c, _ts, _name, index, out) => clock(s, c, index, out),
  event: (s, _c, _ts, port, row) => {
    if (port === 'prior') takePrior(s.f, row);
    else if (port === 'phase') takePhase(s, row);
    else if (port === 'composite')
      s.f.set(
        [row['inForce'] === true ? 1 : 0, Number(row['vah']), Number(row['val'])],
        slot.hasComposite,
      );
  },
  trade: ({ f }, c, ts, price, size, side, flags, out) => {
    const now = f[slot.stage]!;
    if (now === stage.idle) return;
    if (now === stage.night) {
      takeNight(f, price, price);
      return;
    }
    f[slot.last] = price;
    if (now === stage.after) return;
    if (now === stage.opening) {
      if (f[slot.opened] === 0) takeOpen(f, c, ts, price, out);
      if ((flags & tradeFlags.approximate) !== 0) f[slot.isUnordered] = 1;
      take(f, price, price, price, size);
      addSide(f, side, size);
    }
    if (price > f[slot.decideHigh]! || price < f[slot.decideLow]!) decide(f, price, price, out);
  },
  bar: ({ f }, c, ts, open, high, low, close, volume, bid, ask, vwap, out) => {
    learnLength(f, ts);
    const now = f[slot.stage]!;
    if (now === stage.idle || !(volume > 0)) return;
    if (now === stage.night) {
      takeNight(f, low, high);
      return;
    }
    f[slot.last] = close;
    if (now === stage.after) return;
    if (now === stage.opening) {
      if (f[slot.opened] === 0) takeOpen(f, c, ts, open, out);
      take(f, low, high, Number.isNaN(vwap) ? (high + low + close) / 3 : vwap, volume);
      if (bid >= 0) addSide(f, -1, bid);
      if (ask >= 0) addSide(f, 1, ask);
    }
    if (high > f[slot.decideHigh]! || low < f[slot.decideLow]!) decide(f, low, high, out);
  },
  probes: {
    drive: ({ f }, c) => ({
      value: f[slot.reach]!,
      needed: Number.isNaN(f[slot.medianRange]!) ? 0 : c.driveNet * f[slot.medianRange]!,
      unit: 'tick',
    }),
  },
  // A test drive may be smaller, so the other events of a drive do not wait for it.
  withholds: { drive: ['openTraded'] },
};
