import {
  formatTradeDate,
  microsPerSecond,
  type Out,
  type Probe,
  parseDuration,
  type Sensor,
  type Slots,
  tradeFlags,
} from '#engine';
import { clearBaseline, isCalibrated, largestRoom, sampleRoom, sampleUntil } from './baseline.ts';
import {
  bookRoom,
  clearShown,
  hasBook,
  largestShown,
  settleBook,
  shownLadders,
  takeDepth,
} from './book.ts';
import type { Config, Outputs, Senses } from './config.ts';
import {
  addPrint,
  addRepeat,
  attackOn,
  clearWindow,
  expire,
  isRepeat,
  ladder,
  ringRoom,
  slot,
} from './window.ts';

/** Episodes watched at a time; more than four at once were not seen in any session tried. */
const episodeRoom = 16;

// `way` is where an attack pushes price: -1 for sells, 1 for buys, as the side of a trade.
const peakOf = (way: number): number => (way < 0 ? slot.sellPeak : slot.buyPeak);
const neededOf = (way: number): number => (way < 0 ? slot.sellNeeded : slot.buyNeeded);

/** Ends the episodes that a print decides, drops those whose time is over, and finds the prices that decide the next. */
function resolve(s: Slots, c: Config, ts: number, price: number, out: Out<Senses>): void {
  const { f, a } = s;
  const open = f[slot.open]!;
  let kept = 0;
  f[slot.decideLow] = Number.NEGATIVE_INFINITY;
  f[slot.decideHigh] = Number.POSITIVE_INFINITY;
  for (let i = 0; i < open; i += 1) {
    if (ts - a['episodeStart']![i]! >= f[slot.confirmUs]!) continue;
    const turn = (a['episodePrice']![i]! - price) * a['episodeWay']![i]!;
    if (turn >= c.confirmTicks) out('turned', { episode: a['episode']![i]!, at: price });
    else if (turn <= -c.breakTicks) out('gaveWay', { episode: a['episode']![i]!, at: price });
    else keepEpisode(s, c, i, kept++);
  }
  f[slot.open] = kept;
}

function keepEpisode({ f, a }: Slots, c: Config, from: number, to: number): void {
  const price = a['episodePrice']![from]!;
  const way = a['episodeWay']![from]!;
  a['episode']![to] = a['episode']![from]!;
  a['episodePrice']![to] = price;
  a['episodeWay']![to] = way;
  a['episodeStart']![to] = a['episodeStart']![from]!;
  a['episodeShown']![to] = a['episodeShown']![from]!;
  a['episodeDropped']![to] = a['episodeDropped']![from]!;
  a['episodeReloads']![to] = a['episodeReloads']![from]!;
  f[slot.decideLow] = Math.max(
    f[slot.decideLow]!,
    price - (way < 0 ? c.breakTicks : c.confirmTicks),
  );
  f[slot.decideHigh] = Math.min(
    f[slot.decideHigh]!,
    price + (way < 0 ? c.confirmTicks : c.breakTicks),
  );
}

/** A print at another instant, price or side than the last: time passes, episodes may end. */
function takeNew(
  s: Slots,
  c: Config,
  ts: number,
  price: number,
  size: number,
  side: number,
  out: Out<Senses>,
): void {
  if (ts - s.f[slot.second]! >= microsPerSecond) sampleUntil(s, c, ts);
  expire(s, ts);
  addPrint(s, ts, price, size, side);
  if (price <= s.f[slot.decideLow]! || price >= s.f[slot.decideHigh]!)
    resolve(s, c, ts, price, out);
  noteProgress(s.f, price);
  if (side === 0) s.f[slot.attack] = -1;
  else findAttack(s, c, ts, price, side);
}

/** Finds the attack a print belongs to: on the print's own price or on the one beyond it, the larger of the two. */
function findAttack(s: Slots, c: Config, ts: number, print: number, way: number): void {
  const { f } = s;
  const progress = (f[way < 0 ? slot.low : slot.high]! - print) * way;
  const most = hasBook(s, ts)
    ? Math.max(c.maxProgressTicks, c.bookProgressTicks)
    : c.maxProgressTicks;
  f[slot.attack] = -1;
  if (progress > most + 1) return;
  const onPrint = progress <= most ? attackOn(s, print, way) : -1;
  const onBeyond = progress >= 1 ? attackOn(s, print + way, way) : -1;
  f[slot.attack] = onPrint >= onBeyond ? onPrint : onBeyond;
  f[slot.attackPrice] = onPrint >= onBeyond ? print : print + way;
  setBar(f, way);
}

const againstOf = (s: Slots, way: number): number =>
  s.l[way < 0 ? ladder.buys : ladder.sells]!.at(s.f[slot.attackPrice]!);

/** Whether the price had its episode a short while ago. */
function isCooling(s: Slots, ts: number, way: number): boolean {
  const lastAt = s.l[way < 0 ? ladder.soldAt : ladder.boughtAt]!.at(s.f[slot.attackPrice]!);
  return lastAt > 0 && ts - lastAt < s.f[slot.cooldownUs]!;
}

/** Sets the volume from which the attack is worth a look: a new peak of the minute, or enough for an episode. */
function setBar(f: Float64Array, way: number): void {
  const peak = f[peakOf(way)]!;
  const needed = f[neededOf(way)]!;
  f[slot.attackBar] = peak < needed ? peak : needed;
}

/** Weighs an attack that passed its bar; only a volume that is enough is looked at from all sides. */
function weigh(s: Slots, c: Config, ts: number, way: number, out: Out<Senses>): void {
  const { f } = s;
  const volume = f[slot.attack]!;
  const share = volume / (volume + againstOf(s, way));
  const peak = peakOf(way);
  if (volume > f[peak]!) {
    f[peak] = volume;
    f[peak + 1] = share;
    f[peak + 2] = f[slot.attackPrice]!;
    f[peak + 3] = (f[way < 0 ? slot.low : slot.high]! - f[slot.attackPrice]!) * way;
  }
  const isEnough = volume > f[neededOf(way)]! && share >= c.shareMin;
  if (isEnough && !isCooling(s, ts, way) && isBorneOut(s, c, ts, way))
    begin(s, c, ts, way, share, out);
  setBar(f, way);
}

/** Returns the volume of the attack by the largest size shown at its price; 0 without depth or where nothing was shown. */
function refreshOf(s: Slots, ts: number, way: number): number {
  const shown = hasBook(s, ts) ? largestShown(s, s.f[slot.attackPrice]!, way) : 0;
  return shown === 0 ? 0 : s.f[slot.attack]! / shown;
}

/** Whether the book, where there is one, says that more was taken than it showed; without it price must have held. */
function isBorneOut(s: Slots, c: Config, ts: number, way: number): boolean {
  const { f } = s;
  const refresh = refreshOf(s, ts, way);
  if (refresh > f[slot.refreshPeak]!) f[slot.refreshPeak] = refresh;
  if (refresh > 0) return refresh >= c.refreshMin;
  return (f[way < 0 ? slot.low : slot.high]! - f[slot.attackPrice]!) * way <= c.maxProgressTicks;
}

function begin(
  s: Slots,
  c: Config,
  ts: number,
  way: number,
  share: number,
  out: Out<Senses>,
): void {
  const { f, a, l } = s;
  const price = f[slot.attackPrice]!;
  // Drops what is over; the print itself was seen, so it decides nothing more.
  resolve(s, c, ts, f[slot.lastPrice]!, out);
  const open = f[slot.open]!;
  if (open === episodeRoom) return;
  l[way < 0 ? ladder.soldAt : ladder.boughtAt]!.set(price, ts);
  const episode = f[slot.episodes]!;
  f[slot.episodes] = episode + 1;
  a['episode']![open] = episode;
  a['episodePrice']![open] = price;
  a['episodeWay']![open] = way;
  a['episodeStart']![open] = ts;
  const refresh = refreshOf(s, ts, way);
  const shown = refresh === 0 ? 0 : largestShown(s, price, way);
  a['episodeShown']![open] = shown;
  a['episodeDropped']![open] = 0;
  a['episodeReloads']![open] = 0;
  f[slot.open] = open + 1;
  keepEpisode(s, c, open, open);
  out('effort', {
    episode,
    side: way < 0 ? 'long' : 'short',
    price,
    volume: f[slot.attack]!,
    needed: f[neededOf(way)]!,
    share,
    progressTicks: (f[way < 0 ? slot.low : slot.high]! - price) * way,
    unknownShare: f[slot.unknown]! / f[slot.volume]!,
    inferredShare: f[slot.inferred]! / f[slot.volume]!,
    calibrated: isCalibrated(f),
    shown: refresh === 0 ? null : shown,
    refresh: refresh === 0 ? null : refresh,
    tradeDate: formatTradeDate(f[slot.date]!),
  });
}

/** Notes how far price went through the price most attacked in this minute. */
function noteProgress(f: Float64Array, price: number): void {
  if (f[slot.sellPeak]! > 0)
    f[slot.sellProgress] = Math.max(f[slot.sellProgress]!, f[slot.sellPeakPrice]! - price);
  if (f[slot.buyPeak]! > 0)
    f[slot.buyProgress] = Math.max(f[slot.buyProgress]!, price - f[slot.buyPeakPrice]!);
}

function startSession(s: Slots, c: Config, date: number): void {
  clearWindow(s);
  clearShown(s);
  clearBaseline(s, c);
  for (const cooled of [ladder.soldAt, ladder.boughtAt]) s.l[cooled]!.clear();
  s.f.fill(0, slot.date, slot.second);
  s.f[slot.date] = date;
  s.f[slot.open] = 0;
  s.f[slot.episodes] = 0;
  s.f[slot.decideLow] = Number.NEGATIVE_INFINITY;
  s.f[slot.decideHigh] = Number.POSITIVE_INFINITY;
}

/** The side whose attack came nearest to what it needs in this minute. */
function nearerWay(f: Float64Array): number {
  const reached = (way: number): number => f[peakOf(way)]! / f[neededOf(way)]!;
  return reached(1) > reached(-1) ? 1 : -1;
}

/** Watches the tape for heavy one-sided volume at a price that does not give way, and for what becomes of it. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  peaks: Object.keys(slot).slice(slot.sellPeak),
  arrays: (c) => ({
    ts: ringRoom,
    price: ringRoom,
    size: ringRoom,
    side: ringRoom,
    sellSamples: sampleRoom(c),
    buySamples: sampleRoom(c),
    sellLargest: largestRoom(c),
    buyLargest: largestRoom(c),
    episode: episodeRoom,
    episodePrice: episodeRoom,
    episodeWay: episodeRoom,
    episodeStart: episodeRoom,
    episodeShown: episodeRoom,
    episodeDropped: episodeRoom,
    episodeReloads: episodeRoom,
    book: bookRoom,
  }),
  ladders: [...Object.keys(ladder), ...shownLadders],
  init: (s, c) => {
    startSession(s, c, 0);
    s.f[slot.windowUs] = c.windowSeconds * microsPerSecond;
    s.f[slot.confirmUs] = c.confirmSeconds * microsPerSecond;
    s.f[slot.cooldownUs] = parseDuration(c.cooldown) ?? 0;
  },
  phase: (s, c, _ts, phase, date) => {
    if (phase === 'overnight' && s.f[slot.date] !== date) startSession(s, c, date);
  },
  depth: takeDepth,
  trade: (s, c, ts, price, size, side, flags, out) => {
    // The rows of a footprint do not say when within their minute they traded.
    if ((flags & tradeFlags.approximate) !== 0) return;
    const { f } = s;
    f[slot.volume]! += size;
    if (side === 0) f[slot.unknown]! += (flags & tradeFlags.auction) === 0 ? size : 0;
    else if ((flags & tradeFlags.inferred) !== 0) f[slot.inferred]! += size;
    if (isRepeat(f, ts, price, side)) addRepeat(s, price, size, side);
    else takeNew(s, c, ts, price, size, side, out);
    if (f[slot.open]! > 0) settleBook(s, c, ts, out);
    if (f[slot.attack]! > f[slot.attackBar]!) weigh(s, c, ts, side, out);
  },
  probes: {
    volumeAtPrice: ({ f }): Probe => {
      const way = nearerWay(f);
      return { value: f[peakOf(way)]!, needed: f[neededOf(way)]!, unit: 'contract' };
    },
    share: ({ f }, c): Probe => {
      return { value: f[peakOf(nearerWay(f)) + 1]!, needed: c.shareMin, unit: 'share' };
    },
    refresh: ({ f }, c): Probe => {
      return { value: f[slot.refreshPeak]!, needed: c.refreshMin, unit: 'times' };
    },
    progress: ({ f }, c): Probe => {
      return { value: f[peakOf(nearerWay(f)) + 3]!, needed: c.maxProgressTicks, unit: 'tick' };
    },
  },
  withholds: {
    volumeAtPrice: ['effort', 'reloaded', 'turned', 'gaveWay', 'signal'],
    share: ['effort', 'reloaded', 'turned', 'gaveWay', 'signal'],
    refresh: ['effort', 'reloaded', 'turned', 'gaveWay', 'signal'],
    progress: [],
  },
};
