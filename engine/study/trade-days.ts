import { rowKind } from '../contracts/market-batch.ts';
import { meanOf, medianOf, withSession } from '../market/baseline.ts';
import type { Instrument } from '../market/instrument.ts';
import { type SessionDay, sessionAt } from '../market/session.ts';
import { formatTradeDate } from '../market/time.ts';
import type { Tape } from './tape.ts';

/** One trade day of a tape. Rows are indices, `until` excluded. */
export interface TradeDay {
  readonly tradeDate: string;
  /** Start of trading, the evening before. */
  readonly open: number;
  readonly from: number;
  readonly until: number;
  /** Rows of regular trading hours; empty (`from` = `until`) without any. */
  readonly rth: { readonly from: number; readonly until: number };
  readonly rthRange: number;
  readonly rthVolume: number;
  readonly short: boolean;
  readonly holiday: boolean;
  /** RTH volume below half the median of up to 20 earlier ordinary days. */
  readonly thin: boolean;
  /** Bars are absent inside regular trading hours. */
  readonly gap: boolean;
  /** Neither half day, holiday, thin nor gap. */
  readonly ordinary: boolean;
  /** Mean RTH range of up to 20 earlier ordinary days in ticks; null before the fifth. */
  readonly averageRange: number | null;
  /** The contract traded; null where nobody says. */
  readonly contract: string | null;
  /** The first day of another contract. */
  readonly rolled: boolean;
}

const baselineDays = 20;
const leastDays = 5;
const thinShare = 0.5;

/** Which contract is traded from which trade date on. */
export type ContractDates = Readonly<Record<string, string>>;

/** Returns the contract of a trade date: its own entry, else that of the last date before it. */
export function contractLookup(dates: ContractDates): (tradeDate: string) => string | null {
  const known = Object.keys(dates).sort();
  return (tradeDate) => {
    const own = dates[tradeDate];
    if (own !== undefined) return own;
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (known[middle]! > tradeDate) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? null : (dates[known[low - 1]!] ?? null);
  };
}

/** Returns the length of the tape's bars in microseconds: the commonest distance; null without bars. */
export function barLength(tape: Tape): number | null {
  const counts = new Map<number, number>();
  let last = Number.NaN;
  for (let i = 0; i < tape.count; i += 1) {
    if (tape.kind[i] !== rowKind.bar) continue;
    const step = tape.ts[i]! - last;
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
    last = tape.ts[i]!;
  }
  const [commonest] = [...counts].sort((x, y) => y[1] - x[1]);
  return commonest?.[0] ?? null;
}

interface Measured {
  readonly day: SessionDay;
  readonly from: number;
  readonly until: number;
  readonly rth: { readonly from: number; readonly until: number };
  readonly range: number;
  readonly volume: number;
}

/** The instant a row belongs to: a bar ends with its time, it does not begin with it. */
function instantOf(tape: Tape, i: number): number {
  return tape.kind[i] === rowKind.bar ? tape.ts[i]! - 1 : tape.ts[i]!;
}

/** The range of prices and the volume of rows `from` to before `until`. */
function sumOf(tape: Tape, from: number, until: number): { range: number; volume: number } {
  let [low, high, volume] = [Infinity, -Infinity, 0];
  for (let i = from; i < until; i += 1) {
    const isBar = tape.kind[i] === rowKind.bar;
    if (!isBar && tape.kind[i] !== rowKind.trade) continue;
    high = Math.max(high, isBar ? tape.b[i]! : tape.a[i]!);
    low = Math.min(low, isBar ? tape.c[i]! : tape.a[i]!);
    volume += isBar ? tape.bars[i * 4]! : tape.b[i]!;
  }
  return { range: high >= low ? high - low : 0, volume };
}

function measure(tape: Tape, day: SessionDay, from: number, until: number): Measured {
  const rthOpen = day.rthOpen ?? Infinity;
  const rthEnd = day.rthEnd ?? Infinity;
  let first = from;
  while (first < until && instantOf(tape, first) < rthOpen) first += 1;
  let last = first;
  while (last < until && instantOf(tape, last) < rthEnd) last += 1;
  return { day, from, until, rth: { from: first, until: last }, ...sumOf(tape, first, last) };
}

function measuredDays(tape: Tape, instrument: Instrument): Measured[] {
  const days: Measured[] = [];
  for (let from = 0; from < tape.count; ) {
    const day = sessionAt(instrument.calendar, instantOf(tape, from));
    let until = from + 1;
    while (until < tape.count && instantOf(tape, until) < day.close) until += 1;
    days.push(measure(tape, day, from, until));
    from = until;
  }
  return days;
}

/** What is known of earlier ordinary days. */
class Baseline {
  private volumes: readonly number[] = [];
  private ranges: readonly number[] = [];

  get averageRange(): number | null {
    return this.ranges.length >= leastDays ? meanOf(this.ranges) : null;
  }

  isThin(volume: number): boolean {
    const median = this.volumes.length >= leastDays ? medianOf(this.volumes) : null;
    return median !== null && volume < thinShare * median;
  }

  add(volume: number, range: number): void {
    this.volumes = withSession(this.volumes, volume, baselineDays);
    this.ranges = withSession(this.ranges, range, baselineDays);
  }
}

/** Returns whether regular hours hold fewer bars than fit into them. */
function hasGap({ day, rth }: Measured, length: number | null): boolean {
  if (length === null || day.rthOpen === null || day.rthEnd === null) return false;
  return rth.until - rth.from < (day.rthEnd - day.rthOpen) / length;
}

/** Returns the trade days of a tape, in order. */
export function tradeDays(
  tape: Tape,
  instrument: Instrument,
  contractOf: (tradeDate: string) => string | null,
): TradeDay[] {
  const length = barLength(tape);
  const baseline = new Baseline();
  let last: string | null = null;
  return measuredDays(tape, instrument).map((measured) => {
    const { day, from, until, rth, range, volume } = measured;
    const { short, holiday, open } = day;
    const hasRth = rth.until > rth.from;
    const thin = hasRth && baseline.isThin(volume);
    const gap = hasRth && hasGap(measured, length);
    const ordinary = hasRth && ![short, holiday, thin, gap].includes(true);
    const { averageRange } = baseline;
    if (ordinary) baseline.add(volume, range);
    const tradeDate = formatTradeDate(day.tradeDate);
    const contract = contractOf(tradeDate);
    const rolled = last !== null && contract !== null && contract !== last;
    last = contract;
    return {
      ...{ tradeDate, open, from, until, rth, rthRange: range, rthVolume: volume },
      ...{ short, holiday, thin, gap, ordinary, averageRange, contract, rolled },
    };
  });
}
