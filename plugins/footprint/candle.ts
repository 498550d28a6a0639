import {
  barSegments,
  diagonalImbalances,
  type FootprintRows,
  formatTradeDate,
  type ImbalanceStack,
  mergeProfiles,
  type Payload,
  rowDelta,
  type Slots,
  stackedImbalances,
  type Told,
  unfinishedAuction,
  valueArea,
  zeroPrints,
} from '#engine';
import { endBarOfAuction } from './auctions.ts';
import type { Config, Outputs, Senses } from './config.ts';
import { type Extreme, isFailedBreak, leastOf, medianRow, type StackSide } from './footprint.ts';
import { slot } from './slots.ts';

type Ladder = Slots['l'][number];
type Bar = Payload<Outputs['bar']>;
type Stack = Bar['stacks'][number];
type Caught = Payload<Senses['caught']>;

const farTick = 1_000_000_000;

/** Starts the next bar. */
export function clearBar({ f, l }: Slots): void {
  f.fill(0, slot.start, slot.date);
  f[slot.high] = -farTick;
  f[slot.low] = farTick;
  f[slot.minDelta] = Number.POSITIVE_INFINITY;
  f[slot.maxDelta] = Number.NEGATIVE_INFINITY;
  for (const ladder of l) ladder.clear();
}

/** The rows of the running bar. */
function rowsOf({ f, l }: Slots): FootprintRows {
  const [bid, unknown, ask] = l as [Ladder, Ladder, Ladder];
  return { bid, ask, unknown, low: f[slot.low]!, high: f[slot.high]! };
}

function denseRows(rows: FootprintRows): Bar['rows'] {
  const { low, high } = rows;
  const of = (ladder: Ladder): number[] => {
    const volumes: number[] = [];
    for (let tick = low; tick <= high; tick += 1) volumes.push(ladder.at(tick));
    return volumes;
  };
  return { bid: of(rows.bid), ask: of(rows.ask), unknown: of(rows.unknown) };
}

function meanPrice({ low, volumes }: ReturnType<typeof mergeProfiles>, total: number): number {
  let moment = 0;
  for (let i = 0; i < volumes.length; i += 1) moment += i * volumes[i]!;
  return low + moment / total;
}

const stacksOf = (side: StackSide, runs: readonly ImbalanceStack[], least: number): Stack[] =>
  runs.filter(({ rows }) => rows >= least).map((run) => ({ side, ...run }));

/** What depends on the order of the trades in a bar. */
type Path = Pick<
  Bar,
  'open' | 'close' | 'minDelta' | 'maxDelta' | 'deltaSinceHigh' | 'deltaSinceLow'
>;

/** Without the order of its trades the point of control stands for open and close, and the whole delta for its path. */
function pathOf(f: Float64Array, poc: number): Path {
  const delta = f[slot.delta]!;
  if (f[slot.approximate] === 0) {
    const isClassified = f[slot.maxDelta]! >= f[slot.minDelta]!;
    return {
      open: f[slot.open]!,
      close: f[slot.close]!,
      minDelta: isClassified ? f[slot.minDelta]! : 0,
      maxDelta: isClassified ? f[slot.maxDelta]! : 0,
      deltaSinceHigh: delta - f[slot.atHigh]!,
      deltaSinceLow: delta - f[slot.atLow]!,
    };
  }
  return {
    open: poc,
    close: poc,
    minDelta: delta,
    maxDelta: delta,
    deltaSinceHigh: delta,
    deltaSinceLow: delta,
  };
}

interface Ends {
  readonly unfinished: { readonly high: boolean; readonly low: boolean };
  readonly zero: { readonly high: boolean; readonly low: boolean };
  readonly caught: Caught | null;
}

/** Returns who is trapped: those caught at an unfinished extreme or by a failed break. */
function trappedOf(caught: Caught | null): Bar['trapped'] {
  return caught !== null && (caught.unfinished || caught.failedBreak) ? caught.who : 'none';
}

/** Returns what a bar shows instead of its rows when they are left out. */
function withoutRows(): Pick<Bar, 'rows' | 'imbalances'> {
  return { rows: { bid: [], ask: [], unknown: [] }, imbalances: { buy: [], sell: [] } };
}

/** Returns the finished bar without what its candidates add. */
function barOf(s: Slots, c: Config, end: number, isCut: boolean, ends: Ends): Bar {
  const { f } = s;
  const rows = rowsOf(s);
  const profile = mergeProfiles([rows.bid.view(), rows.ask.view(), rows.unknown.view()]);
  const volume = f[slot.volume]!;
  const area = valueArea(profile, {
    fraction: c.valueAreaFraction,
    rule: c.valueAreaRule,
    tie: c.valueAreaTie,
    pocTie: c.pocTie,
  });
  const poc = area?.poc ?? f[slot.close]!;
  const { buy, sell } = diagonalImbalances(rows, {
    ratio: c.ratio,
    minContracts: c.minVolume,
    zero: c.zero,
  });
  const runs = { buy: stackedImbalances(buy, 1), sell: stackedImbalances(sell, 1) };
  for (const run of [...runs.buy, ...runs.sell])
    f[slot.runPeak] = Math.max(f[slot.runPeak]!, run.rows);
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    barType: c.barType,
    segment: barSegments[f[slot.segment]!]!,
    start: f[slot.start]!,
    end,
    high: f[slot.high]!,
    low: f[slot.low]!,
    volume,
    trades: f[slot.trades]!,
    delta: f[slot.delta]!,
    ...pathOf(f, poc),
    deltaShare: f[slot.delta]! / volume,
    unknownShare: f[slot.unknown]! / volume,
    inferredShare: f[slot.inferred]! / volume,
    poc,
    vah: area?.vah ?? poc,
    val: area?.val ?? poc,
    vwap: meanPrice(profile, volume),
    ...(c.withRows
      ? { rows: denseRows(rows), imbalances: { buy: [...buy], sell: [...sell] } }
      : withoutRows()),
    stacks: [
      ...stacksOf('buy', runs.buy, c.stackRows),
      ...stacksOf('sell', runs.sell, c.stackRows),
    ],
    unfinishedHigh: ends.unfinished.high,
    unfinishedLow: ends.unfinished.low,
    zeroHigh: ends.zero.high,
    zeroLow: ends.zero.low,
    trapped: trappedOf(ends.caught),
    cut: isCut,
    approximate: f[slot.approximate] === 1,
  };
}

/** Returns who is caught at an end of the bar, trap or not; null when nobody is. */
function caughtAt(s: Slots, c: Config, way: 1 | -1, unfinished: boolean): Caught | null {
  const { f, a } = s;
  const price = f[way > 0 ? slot.high : slot.low]!;
  const close = f[slot.close]!;
  const delta = rowDelta(rowsOf(s), price) * way;
  const backTicks = (price - close) * way;
  if (delta > f[slot.caughtPeak]!) {
    f[slot.caughtPeak] = delta;
    f[slot.backPeak] = backTicks;
  }
  if (delta < c.trappedMinDelta || backTicks < c.trappedBackTicks) return null;
  const prior = f[way > 0 ? slot.priorHigh : slot.priorLow]!;
  const extreme: Extreme = { way, price, close, prior };
  return {
    close,
    tradeDate: formatTradeDate(f[slot.date]!),
    unknownShare: f[slot.unknown]! / f[slot.volume]!,
    approximate: false,
    who: way > 0 ? 'buyers' : 'sellers',
    extreme: price,
    delta,
    backTicks,
    unfinished,
    failedBreak: isFailedBreak(extreme, a['level']!),
  };
}

function endsOf(s: Slots, c: Config): Ends {
  const unfinished = unfinishedAuction(rowsOf(s));
  const zero = zeroPrints(rowsOf(s));
  // Without the order of its trades a bar has no close.
  if (s.f[slot.approximate] === 1) return { unfinished, zero, caught: null };
  const atHigh = caughtAt(s, c, 1, unfinished.high);
  const atLow = caughtAt(s, c, -1, unfinished.low);
  // A bar closes away from both ends: the end it closed farther from decides.
  const isHigh = atHigh !== null && (atLow === null || atHigh.backTicks >= atLow.backTicks);
  return { unfinished, zero, caught: isHigh ? atHigh : atLow };
}

/** Ends the running bar, tells it and what it holds, and starts the next. */
export function closeBar(
  s: Slots,
  c: Config,
  end: number,
  isCut: boolean,
  out: Told<Senses, Outputs>,
): void {
  const { f } = s;
  const ends = endsOf(s, c);
  const bar = barOf(s, c, end, isCut, ends);
  out('bar', bar);
  const { high, low, close, stacks } = bar;
  out('barClosed', { end, high, low, close, stacks });
  if (bar.stacks.length > 0) {
    const rows = rowsOf(s);
    const median = medianRow(rows);
    const { tradeDate, unknownShare, approximate } = bar;
    for (const stack of bar.stacks) {
      const least = leastOf(rows, stack.side, stack);
      const ofBar = { close, tradeDate, unknownShare, approximate };
      out('stacked', { ...ofBar, ...stack, least, medianRow: median });
    }
  }
  if (ends.caught !== null) out('caught', ends.caught);
  endBarOfAuction(s, c, end, out);
  f[slot.priorHigh] = f[slot.high]!;
  f[slot.priorLow] = f[slot.low]!;
  clearBar(s);
}
