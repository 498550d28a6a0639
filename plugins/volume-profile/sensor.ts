import {
  beginSilence,
  certainSilence,
  endSilence,
  formatTradeDate,
  learnBarLength,
  longestSilenceSeen,
  mergeProfiles,
  microsPerMinute,
  microsPerSecond,
  type Out,
  type Payload,
  type PeriodRange,
  type Phase,
  pauseSilence,
  periodLetter,
  resumeSilence,
  type Sensor,
  type Slots,
  spreadBar,
  totalVolume,
  tradeFlags,
  watchBar,
  watchTrade,
} from '#engine';
import type { Config } from './config.ts';
import { addNaked, clearNaked, nakedRooms, touchNaked } from './naked-levels.ts';
import type { out as outPorts, senses } from './ports.ts';
import {
  afterRth,
  approximate,
  balanceHigh,
  balanceLow,
  beforeRth,
  close,
  farTick,
  hasBalance,
  hasPoc,
  inferred,
  inRth,
  isHalted,
  ladders,
  nakedAbove,
  nakedBelow,
  nakedCount,
  open,
  periodHigh,
  periodLow,
  periodOpen,
  periodStart,
  periods,
  periodVolume,
  poc,
  pocMove,
  slotNames,
  stage,
  tradeDate,
  volume,
} from './slots.ts';
import {
  areasOf,
  type Development,
  describeSession,
  meanPrice,
  shareOf,
} from './volume-profile.ts';

type Senses = typeof senses;
type OutPorts = typeof outPorts;

const minutesPerDay = 1_440;

function clearPeriod(f: Float64Array, ts: number): void {
  f[periodOpen] = 0;
  f[periodHigh] = -farTick;
  f[periodLow] = farTick;
  f[periodVolume] = f[volume]!;
  f[periodStart] = ts;
}

function beginDay(s: Slots, date: number, out: Out<Senses>): void {
  const { f } = s;
  f.fill(0, stage, nakedCount);
  f[tradeDate] = date;
  for (const ladder of s.l) ladder.clear();
  out('dayBegan', { tradeDate: formatTradeDate(date) });
}

function openRth(f: Float64Array, ts: number, out: Out<Senses>): void {
  f[stage] = inRth;
  beginSilence(f, ts);
  clearPeriod(f, ts);
  out('rthOpened', { tradeDate: formatTradeDate(f[tradeDate]!) });
}

function rowsOf(s: Slots) {
  return mergeProfiles([s.l[0]!.view(), s.l[1]!.view(), s.l[2]!.view()]);
}

function balanceOf(f: Float64Array): PeriodRange | null {
  return f[hasBalance] === 1 ? { low: f[balanceLow]!, high: f[balanceHigh]! } : null;
}

function periodRanges(s: Slots): (PeriodRange | null)[] {
  const ranges: (PeriodRange | null)[] = [];
  for (let i = 0; i < s.f[periods]!; i += 1) {
    const low = s.a['periodLow']![i]!;
    const high = s.a['periodHigh']![i]!;
    ranges.push(high < low ? null : { low, high });
  }
  return ranges;
}

/** Value as it stood at each period close. */
function developmentOf(s: Slots): Development {
  const series: Development = [];
  for (let index = 0; index < s.f[periods]!; index += 1) {
    const control = s.a['valuePoc']![index]!;
    if (Number.isNaN(control)) continue;
    const [vah, val] = [s.a['valueHigh']![index]!, s.a['valueLow']![index]!];
    series.push({ index, poc: control, vah, val });
  }
  return series;
}

function closePeriod(s: Slots, c: Config, ts: number, index: number, out: Out<Senses>): void {
  const { f } = s;
  const traded = f[periodHigh]! >= f[periodLow]!;
  s.a['periodLow']![index] = f[periodLow]!;
  s.a['periodHigh']![index] = f[periodHigh]!;
  s.a['valuePoc']![index] = Number.NaN;
  f[periods] = index + 1;
  const rows = rowsOf(s);
  const areas = areasOf(rows, c);
  if (areas !== null) {
    s.a['valueHigh']![index] = areas.vah;
    s.a['valueLow']![index] = areas.val;
    s.a['valuePoc']![index] = areas.poc;
    f[pocMove] = f[hasPoc] === 1 ? areas.poc - f[poc]! : 0;
    f[poc] = areas.poc;
    f[hasPoc] = 1;
  }
  out('periodClosed', {
    tradeDate: formatTradeDate(f[tradeDate]!),
    index,
    letter: periodLetter(index),
    start: f[periodStart]!,
    end: ts,
    open: traded ? f[periodOpen]! : null,
    high: traded ? f[periodHigh]! : null,
    low: traded ? f[periodLow]! : null,
    close: traded ? f[close]! : null,
    volume: f[volume]! - f[periodVolume]!,
    session: areas && {
      open: f[open]!,
      high: rows.low + rows.volumes.length - 1,
      low: rows.low,
      poc: areas.poc,
      vah: areas.vah,
      val: areas.val,
      volume: f[volume]!,
      pocMoveTicks: f[pocMove]!,
    },
  });
  clearPeriod(f, ts);
}

function setBalance(s: Slots, out: Out<Senses>): void {
  const { f } = s;
  const { low, volumes } = rowsOf(s);
  if (volumes.length === 0) return;
  const high = low + volumes.length - 1;
  f[balanceLow] = low;
  f[balanceHigh] = high;
  f[hasBalance] = 1;
  for (let i = 0; i < volumes.length; i += 1) s.l[3]!.set(low + i, volumes[i]!);
  out('initialBalanceSet', { low, high });
}

function completeSession(s: Slots, c: Config, ts: number, out: Out<Senses>): void {
  const { f } = s;
  f[stage] = afterRth;
  endSilence(f, ts);
  const date = formatTradeDate(f[tradeDate]!);
  if (f[volume]! < c.minVolumeContracts) {
    out('sessionEmpty', { tradeDate: date, volume: f[volume]! });
    return;
  }
  const session = describeSession(
    {
      tradeDate: date,
      open: f[open]!,
      close: f[close]!,
      volume: f[volume]!,
      sides: [s.l[0]!.view(), s.l[1]!.view(), s.l[2]!.view()],
      rows: rowsOf(s),
      periods: periodRanges(s),
      balance: balanceOf(f),
      balanceRows: s.l[3]!.view(),
      development: developmentOf(s),
      inferred: f[inferred]!,
      approximate: f[approximate] === 1,
      gap: certainSilence(f, ts) >= c.gapSeconds * microsPerSecond,
    },
    c,
  );
  addNaked(s, c, session.poc, f[tradeDate]!, f[close]!);
  out('sessionCompleted', session);
}

/** Hands on which naked points of control were touched; only a price at or beyond the nearest comes here. */
function seeNaked(
  s: Slots,
  c: Config,
  low: number,
  high: number,
  last: number,
  out: Out<Senses>,
): void {
  if (c.touchScope === 'rth' && s.f[stage] !== inRth) return;
  const sessions = touchNaked(s, c, low, high, last);
  if (sessions.length > 0) out('nakedTouched', { sessions });
}

function developing(s: Slots, c: Config): Payload<OutPorts['developing']> | null {
  const { f } = s;
  if (!(f[volume]! > 0)) return null;
  const rows = rowsOf(s);
  const areas = areasOf(rows, c);
  if (areas === null) return null;
  const unclassified = totalVolume(s.l[1]!.view());
  return {
    tradeDate: formatTradeDate(f[tradeDate]!),
    open: f[open]!,
    high: rows.low + rows.volumes.length - 1,
    low: rows.low,
    last: f[close]!,
    volume: f[volume]!,
    poc: areas.poc,
    vah: areas.vah,
    val: areas.val,
    one: areas.one,
    pocMoveTicks: f[pocMove]!,
    initialBalance: balanceOf(f),
    mean: meanPrice(rows, areas.total),
    approximate: f[approximate] === 1,
    unknownShare: shareOf(unclassified, f[volume]!),
    inferredShare: shareOf(f[inferred]!, f[volume]!),
  };
}

/** Takes note of a footprint row, which is known at the end of its bar as a bar is. */
function seeRow(f: Float64Array, ts: number): void {
  learnBarLength(f, ts);
  watchBar(f, ts);
  f[approximate] = 1;
}

/** Adds a bar evenly over its range, each side apart; what has no side goes to the unclassified rows. */
function spreadSides(
  s: Slots,
  low: number,
  high: number,
  size: number,
  bid: number,
  ask: number,
): void {
  const isSplit = bid >= 0 && ask >= 0 && bid + ask <= size;
  const rest = isSplit ? size - bid - ask : size;
  if (isSplit && bid > 0) spreadBar(s.l[0]!, low, high, bid);
  if (isSplit && ask > 0) spreadBar(s.l[2]!, low, high, ask);
  if (rest > 0) spreadBar(s.l[1]!, low, high, rest);
}

/** Builds the profile of regular trading hours from trades or bars. */
export const sensor: Sensor<Config, Senses, OutPorts> = {
  slots: slotNames,
  arrays(c) {
    const most = Math.ceil(minutesPerDay / c.tpoMinutes);
    return {
      periodLow: most,
      periodHigh: most,
      valueHigh: most,
      valueLow: most,
      valuePoc: most,
      nakedPrice: nakedRooms,
      nakedDate: nakedRooms,
    };
  },
  ladders,
  clocks: (c) => ({
    period: { everyUs: c.tpoMinutes * microsPerMinute, from: 'rth' },
    initialBalance: { everyUs: c.initialBalanceMinutes * microsPerMinute, from: 'rth' },
  }),

  init(s) {
    s.f.fill(0);
    clearNaked(s);
  },

  phase(s, c, ts, phase: Phase, date, out) {
    const { f } = s;
    if (f[tradeDate] !== date) beginDay(s, date, out);
    if (phase === 'rth-opening' || phase === 'rth-main' || phase === 'rth-closing') {
      if (f[stage] === beforeRth) openRth(f, ts, out);
      else if (f[isHalted] === 1) resumeSilence(f, ts);
    } else if (f[stage] === inRth) {
      if (phase === 'halt') pauseSilence(f, ts);
      else completeSession(s, c, ts, out);
    }
    f[isHalted] = phase === 'halt' ? 1 : 0;
  },

  clock(s, c, ts, name, index, out) {
    if (s.f[stage] !== inRth) return;
    if (name === 'period') closePeriod(s, c, ts, index, out);
    else if (index === 0) setBalance(s, out);
  },

  trade(s, c, ts, price, size, side, flags, out) {
    const { f } = s;
    if (price >= f[nakedAbove]! || price <= f[nakedBelow]!)
      seeNaked(s, c, price, price, price, out);
    if (f[stage] !== inRth) return;
    if ((flags & tradeFlags.approximate) === 0) watchTrade(f, ts);
    else seeRow(f, ts);
    s.l[side + 1]!.add(price, size);
    if (f[periodHigh]! < f[periodLow]!) {
      f[periodOpen] = price;
      if (f[volume] === 0) f[open] = price;
    }
    if (price > f[periodHigh]!) f[periodHigh] = price;
    if (price < f[periodLow]!) f[periodLow] = price;
    f[close] = price;
    f[volume]! += size;
    if ((flags & tradeFlags.inferred) !== 0) f[inferred]! += size;
  },

  bar(s, c, ts, barOpen, high, low, barClose, size, bid, ask, _vwap, out) {
    const { f } = s;
    if (size > 0 && (high >= f[nakedAbove]! || low <= f[nakedBelow]!))
      seeNaked(s, c, low, high, barClose, out);
    learnBarLength(f, ts);
    if (f[stage] !== inRth || !(size > 0)) return;
    watchBar(f, ts);
    spreadSides(s, low, high, size, bid, ask);
    if (f[periodHigh]! < f[periodLow]!) {
      f[periodOpen] = barOpen;
      if (f[volume] === 0) f[open] = barOpen;
    }
    if (high > f[periodHigh]!) f[periodHigh] = high;
    if (low < f[periodLow]!) f[periodLow] = low;
    f[close] = barClose;
    f[volume]! += size;
    f[approximate] = 1;
  },

  probes: {
    sessionVolume: (s, c) => ({
      value: s.f[volume]!,
      needed: c.minVolumeContracts,
      unit: 'contract',
    }),
    longestSilence: (s, c) => ({
      value: longestSilenceSeen(s.f),
      needed: c.gapSeconds * microsPerSecond,
      unit: 'us',
    }),
  },
  withholds: {
    sessionVolume: ['sessionCompleted', 'completed', 'prior'],
    longestSilence: [],
  },

  views: { developing },
};
