import {
  addDays,
  contractKey,
  formatTradeDate,
  isOtherContract,
  microsPerMinute,
  microsPerSecond,
  type Out,
  type Payload,
  parseTradeDate,
  pointOfControl,
  type Sensor,
  type Slots,
  tradeFlags,
  weekdayOf,
} from '#engine';
import type { Config, Outputs, Senses } from './config.ts';
import { beyondOf, first, placeNaked, room, slots } from './key-levels.ts';
import { put, take, touchesOf, watchAll } from './touch.ts';

// biome-ignore format: the numbers of one subject stand on one line
const slot = {
  last: 0, floor: 1, ceiling: 2, // see `touchSlot`
  mode: 3, date: 4, start: 5, rthOpen: 6, rthEnd: 7, holiday: 8, // the trade day
  high: 9, low: 10, close: 11, // of the night, then of the period that runs; NaN before its first record
  complete: 12, approximate: 13, // the night began in time; bars or rows without an order were seen
  balanceHigh: 14, balanceLow: 15, // NaN unless the session was seen from its open
  priorDate: 16, priorContract: 17, hasPrior: 18,
  week: 19, weekHigh: 20, weekLow: 21, weekClose: 22, weekContract: 23, weekDays: 24, weekApproximate: 25, // the week that is summed up
  manual: 26, // 1: the manual levels are placed
} as const;
const mode = { none: 0, night: 1, opening: 2, hour: 3, main: 4 } as const;

type Tell = Out<Senses>;
type Row = Readonly<Record<string, unknown>>;
type Placed = Payload<Senses['placed']>['levels'][number];

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

interface About {
  readonly sessions: readonly string[];
  readonly approximate: boolean;
  readonly expires?: number | null;
}

/** Puts a level at its place and returns what the machine is told of it. */
function place(s: Slots, c: Config, at: number, price: number, about: About): Placed {
  const beyond = beyondOf(at, price, orNull(s.f[slot.last]!));
  put(s, c, at, price);
  const { sessions, approximate, expires = null } = about;
  return { slot: at, price, sessions: [...sessions], approximate, beyond, expires };
}

/** Empties all places of a range but some; returns those that held a level. */
function clear(s: Slots, from: number, count: number, but: readonly Placed[] = []): number[] {
  const gone: number[] = [];
  for (let at = from; at < from + count; at += 1) {
    if (but.some((level) => level.slot === at) || Number.isNaN(s.a['price']![at]!)) continue;
    take(s, at);
    gone.push(at);
  }
  return gone;
}

function tell(out: Tell, levels: Placed[], gone: number[] = []): void {
  if (levels.length > 0 || gone.length > 0) out('placed', { levels, gone });
}

function takePrior(s: Slots, c: Config, row: Row, out: Tell): void {
  const { f } = s;
  f[slot.hasPrior] = 1;
  f[slot.priorDate] = parseTradeDate(String(row['tradeDate']));
  f[slot.priorContract] = contractKey(row['contract']);
  const about = { sessions: [String(row['tradeDate'])], approximate: row['approximate'] === true };
  const levels = ['high', 'low', 'close', 'vah', 'val', 'poc'].map((name, i) =>
    place(s, c, first.prior + i, Number(row[name]), about),
  );
  tell(out, levels);
}

function takeComposite(s: Slots, c: Config, row: Row, out: Tell): void {
  if (row['inForce'] !== true) {
    tell(out, [], clear(s, first.composite, 3));
    return;
  }
  const about = { sessions: row['sessions'] as string[], approximate: row['approximate'] === true };
  const levels = ['vah', 'val', 'poc'].map((name, i) =>
    place(s, c, first.composite + i, Number(row[name]), about),
  );
  tell(out, levels);
}

function takeNaked(s: Slots, c: Config, row: Row, out: Tell): void {
  const pocs = row['pocs'] as { price: number; session: string }[];
  const dates = s.a['naked']!;
  const prices = new Map(pocs.map(({ price, session }) => [parseTradeDate(session), price]));
  const next = placeNaked([...dates], [...prices.keys()]);
  const levels: Placed[] = [];
  const gone: number[] = [];
  next.forEach((date, i) => {
    const at = first.naked + i;
    const held = s.a['price']![at]!;
    const price = prices.get(date);
    if (date !== dates[i] && !Number.isNaN(held)) gone.push(...clear(s, at, 1));
    dates[i] = date;
    if (price === undefined || price === s.a['price']![at]) return;
    const about = { sessions: [formatTradeDate(date)], approximate: false };
    levels.push(place(s, c, at, price, about));
  });
  tell(out, levels, gone);
}

function takeStack(s: Slots, c: Config, row: Row, out: Tell): void {
  const stacks = row['stacks'] as { low: number; high: number; nEff: number }[];
  const about = { sessions: [String(row['asOf'])], approximate: row['approximate'] === true };
  const edges = stacks
    .filter(({ nEff }) => row['inForce'] === true && nEff >= c.minIndependent)
    .flatMap(({ low, high }) => [low, high])
    .slice(0, room.stack);
  const levels = edges.map((price, i) => place(s, c, first.stack + i, price, about));
  tell(out, levels, clear(s, first.stack, room.stack, levels));
}

function placeManual(s: Slots, c: Config, out: Tell): void {
  if (s.f[slot.manual] === 1) return;
  s.f[slot.manual] = 1;
  const about = { sessions: [], approximate: false };
  const levels = c.manual.map(({ price }, i) =>
    place(s, c, first.manual + i, Math.round(price / c.tickSize), about),
  );
  tell(out, levels);
}

const weekOf = (date: number): number => addDays(date, -weekdayOf(date));

function forgetWeek({ f, l }: Slots): void {
  f.fill(0, slot.week, slot.weekApproximate + 1);
  l[0]!.clear();
}

/** Adds a completed session to the week; another contract begins it anew. */
function takeCompleted(s: Slots, row: Row): void {
  if (row['holiday'] === true) return;
  const { f, a, l } = s;
  const date = parseTradeDate(String(row['tradeDate']));
  const contract = contractKey(row['contract']);
  const isOther = isOtherContract(f[slot.weekContract]!, contract);
  if (f[slot.weekDays] !== 0 && (isOther || f[slot.week] !== weekOf(date))) forgetWeek(s);
  const days = f[slot.weekDays]!;
  const isFirst = days === 0;
  f[slot.week] = weekOf(date);
  f[slot.weekContract] = contract;
  f[slot.weekHigh] = isFirst
    ? Number(row['high'])
    : Math.max(f[slot.weekHigh]!, Number(row['high']));
  f[slot.weekLow] = isFirst ? Number(row['low']) : Math.min(f[slot.weekLow]!, Number(row['low']));
  f[slot.weekClose] = Number(row['close']);
  if (row['approximate'] === true) f[slot.weekApproximate] = 1;
  if (days < 7) a['weekDates']![days] = date;
  f[slot.weekDays] = Math.min(days + 1, 7);
  const { low, volumes } = row['rows'] as { low: number; volumes: readonly number[] };
  volumes.forEach((volume, i) => {
    if (volume > 0) l[0]!.add(low + i, volume);
  });
}

/** On the first day of a later week, places the levels of the week that ended. */
function placeWeek(s: Slots, c: Config, date: number, out: Tell): void {
  const { f, a, l } = s;
  if (f[slot.weekDays] === 0 || f[slot.week] === weekOf(date)) return;
  const dates = [...a['weekDates']!].slice(0, f[slot.weekDays]);
  const about = {
    sessions: dates.map(formatTradeDate),
    approximate: f[slot.weekApproximate] === 1,
  };
  const prices = [f[slot.weekHigh]!, f[slot.weekLow]!, f[slot.weekClose]!];
  const poc = l[0]!.empty ? null : pointOfControl(l[0]!.slice());
  if (poc !== null) prices.push(poc);
  const levels = prices.map((price, i) => place(s, c, first.week + i, price, about));
  forgetWeek(s);
  tell(out, levels, clear(s, first.week, 4, levels));
}

function beginDay(s: Slots, c: Config, row: Row, date: number, out: Tell): void {
  const { f } = s;
  f[slot.mode] = mode.night;
  f[slot.date] = date;
  f[slot.start] = Number(row['since']);
  f[slot.holiday] = c.skipHolidays && row['holiday'] === true ? 1 : 0;
  f[slot.complete] = 0;
  f[slot.approximate] = 0;
  f.fill(Number.NaN, slot.high, slot.close + 1);
  f.fill(Number.NaN, slot.balanceHigh, slot.balanceLow + 1);
  out('dayBegan', { tradeDate: formatTradeDate(date) });
  placeManual(s, c, out);
  const isOther =
    f[slot.hasPrior] === 1 && isOtherContract(f[slot.priorContract]!, contractKey(row['contract']));
  if (row['rolled'] === true || isOther) {
    const gone = [...clear(s, first.prior, 6), ...clear(s, first.week, 4)];
    if (isOtherContract(f[slot.weekContract]!, contractKey(row['contract']))) forgetWeek(s);
    tell(out, [], gone);
    return;
  }
  placeWeek(s, c, date, out);
}

function ofToday(f: Float64Array): About {
  return {
    sessions: [formatTradeDate(f[slot.date]!)],
    approximate: f[slot.approximate] === 1,
    expires: orNull(f[slot.rthEnd]!),
  };
}

function beginSession(s: Slots, c: Config, row: Row, out: Tell): void {
  const { f } = s;
  f[slot.mode] = mode.opening;
  f[slot.rthOpen] = Number(row['rthOpen'] ?? row['since']);
  f[slot.rthEnd] = row['rthEnd'] === null ? Number.NaN : Number(row['rthEnd']);
  out('sessionBegan', { tradeDate: formatTradeDate(f[slot.date]!) });
  const [high, low] = [f[slot.high]!, f[slot.low]!];
  if (f[slot.holiday] === 0 && f[slot.complete] === 1) {
    const prices = [high, low, Math.ceil((high + low) / 2)];
    const about = ofToday(f);
    tell(
      out,
      prices.map((price, i) => place(s, c, first.overnight + i, price, about)),
    );
  }
  f.fill(Number.NaN, slot.high, slot.close + 1);
  watchAll(f);
}

function takeOpen(s: Slots, c: Config, ts: number, price: number, out: Tell): void {
  const { f } = s;
  const isLate = ts - f[slot.rthOpen]! > c.openGraceSeconds * microsPerSecond;
  f[slot.mode] = isLate ? mode.main : mode.hour;
  if (f[slot.holiday] === 1) return;
  out('opened', { price });
  if (isLate) return;
  f[slot.balanceHigh] = price;
  f[slot.balanceLow] = price;
  tell(out, [place(s, c, first.open, price, ofToday(f))]);
}

/** The first hour is over: its range is known, if it was seen from the open. */
function endHour(s: Slots, c: Config, out: Tell): void {
  const { f } = s;
  const isWhole = f[slot.mode] === mode.hour && !Number.isNaN(f[slot.balanceHigh]!);
  f[slot.mode] = mode.main;
  out('balanceSet', {});
  if (!isWhole) return;
  const about = ofToday(f);
  tell(out, [
    place(s, c, first.initialBalance, f[slot.balanceHigh]!, about),
    place(s, c, first.initialBalance + 1, f[slot.balanceLow]!, about),
  ]);
}

function closePeriod({ f }: Slots, ts: number, out: Tell): void {
  const [high, low, close] = [f[slot.high]!, f[slot.low]!, f[slot.close]!];
  if (f[slot.mode] === mode.hour) {
    // NaN in a period without a trade: the comparison is false.
    if (high > f[slot.balanceHigh]!) f[slot.balanceHigh] = high;
    if (low < f[slot.balanceLow]!) f[slot.balanceLow] = low;
  }
  f.fill(Number.NaN, slot.high, slot.close + 1);
  out('periodClosed', {
    start: ts - halfHour,
    end: ts,
    high: orNull(high),
    low: orNull(low),
    close: orNull(close),
  });
}

function endSession(s: Slots, out: Tell): void {
  s.f[slot.mode] = mode.none;
  out('sessionEnded', {});
  tell(out, [], clear(s, first.overnight, first.week - first.overnight));
}

const halfHour = 30 * microsPerMinute;
const regular: ReadonlySet<unknown> = new Set(['rth-opening', 'rth-main', 'rth-closing']);
const over: ReadonlySet<unknown> = new Set(['post-rth', 'closed']);
const daytime: ReadonlySet<unknown> = new Set(['overnight', 'pre-open', ...regular]);

/** Takes a row of the calendar; the same row may come again when a gap was found. */
function takePhase(s: Slots, c: Config, row: Row, out: Tell): void {
  const { f } = s;
  const name = row['phase'];
  const date = parseTradeDate(String(row['tradeDate']));
  if (daytime.has(name) && f[slot.date] !== date) beginDay(s, c, row, date, out);
  if (regular.has(name) && f[slot.mode] === mode.night) beginSession(s, c, row, out);
  const isInHour = f[slot.mode] === mode.opening || f[slot.mode] === mode.hour;
  if (regular.has(name) && name !== 'rth-opening' && isInHour) endHour(s, c, out);
  if (over.has(name) && f[slot.mode]! > mode.night) endSession(s, out);
}

/** Widens the range of the night or of the period that runs. */
function widen(f: Float64Array, c: Config, ts: number, low: number, high: number): void {
  if (high <= f[slot.high]! && low >= f[slot.low]!) return;
  if (!Number.isNaN(f[slot.high]!)) {
    f[slot.high] = Math.max(f[slot.high]!, high);
    f[slot.low] = Math.min(f[slot.low]!, low);
    return;
  }
  f[slot.high] = high;
  f[slot.low] = low;
  if (f[slot.mode] === mode.night)
    f[slot.complete] = ts - f[slot.start]! <= c.nightGraceMinutes * microsPerMinute ? 1 : 0;
}

/** Tells which levels trading between `low` and `high` came to. */
function look(
  s: Slots,
  c: Config,
  before: number,
  low: number,
  high: number,
  close: number,
  out: Tell,
) {
  const touched = touchesOf(s, c, before, low, high, close);
  if (touched) out('touched', { slots: touched, price: close });
}

/** Keeps where the levels are, when they hold, and tells which of them price comes to. */
export const sensor: Sensor<Config, Senses, Outputs> = {
  slots: Object.keys(slot),
  arrays: () => ({ price: slots, away: slots, naked: room.naked, weekDates: 7 }),
  ladders: ['week'],
  clocks: () => ({ period: { everyUs: halfHour, from: 'rth' } }),
  init: (s) => {
    s.f.fill(Number.NaN, slot.last, slot.mode);
    s.f.fill(Number.NaN, slot.high, slot.close + 1);
    s.a['price']!.fill(Number.NaN);
    watchAll(s.f);
  },
  event: (s, c, _ts, port, payload, out) => {
    if (port === 'phase') takePhase(s, c, payload, out);
    else if (port === 'prior') takePrior(s, c, payload, out);
    else if (port === 'composite') takeComposite(s, c, payload, out);
    else if (port === 'naked') takeNaked(s, c, payload, out);
    else if (port === 'stack') takeStack(s, c, payload, out);
    else if (port === 'completed') takeCompleted(s, payload);
  },
  clock: (s, _c, ts, _name, _index, out) => {
    if (s.f[slot.mode]! > mode.night && s.f[slot.holiday] === 0) closePeriod(s, ts, out);
  },
  trade: (s, c, ts, price, _size, _side, flags, out) => {
    const { f } = s;
    f[slot.close] = price;
    if (price === f[slot.last] && f[slot.mode] !== mode.opening) {
      if (Number.isNaN(f[slot.high]!)) widen(f, c, ts, price, price);
      return;
    }
    const before = f[slot.last]!;
    f[slot.last] = price;
    if ((flags & tradeFlags.approximate) !== 0) f[slot.approximate] = 1;
    if (f[slot.mode] === mode.opening) takeOpen(s, c, ts, price, out);
    if (!(price <= f[slot.high]! && price >= f[slot.low]!)) widen(f, c, ts, price, price);
    if (price >= f[slot.ceiling]! || price <= f[slot.floor]!)
      look(s, c, before, price, price, price, out);
  },
  bar: (s, c, ts, open, high, low, close, volume, _bid, _ask, _vwap, out) => {
    if (!(volume > 0)) return;
    const { f } = s;
    f[slot.approximate] = 1;
    const before = f[slot.last]!;
    if (f[slot.mode] === mode.opening) {
      f[slot.last] = open;
      takeOpen(s, c, ts, open, out);
    }
    widen(f, c, ts, low, high);
    f[slot.last] = close;
    f[slot.close] = close;
    if (high >= f[slot.ceiling]! || low <= f[slot.floor]!)
      look(s, c, before, low, high, close, out);
  },
  probes: {
    approach: ({ f }, c) => {
      const distance = Math.min(f[slot.ceiling]! - f[slot.last]!, f[slot.last]! - f[slot.floor]!);
      const value = Number.isFinite(distance)
        ? Math.max(0, c.awayTicks - Math.max(0, distance))
        : 0;
      return { value, needed: c.awayTicks, unit: 'tick' };
    },
  },
  withholds: { approach: ['touched'] },
};
