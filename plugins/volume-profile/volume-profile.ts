import type { z } from 'zod';
import {
  assert,
  buildTpoProfile,
  completedProfile,
  oneTimeFraming,
  type PeriodRange,
  type Profile,
  poorByVolume,
  profileExtremes,
  rotationFactor,
  scanRows,
  singlePrints,
  subtractProfile,
  tails,
  totalVolume,
  tpoCount,
  tpoLetters,
  tpoValueArea,
  type ValueAreaOptions,
  type VolumeNode,
  valueArea,
  volumeNodes,
} from '#engine';
import type { Config } from './config.ts';

/** What the sensor knows of a session when it ends; calendar, contract and earlier sessions are the machine's. */
export const measuredSession = completedProfile.omit({
  shape: true,
  features: true,
  short: true,
  holiday: true,
  contract: true,
  dayType: true,
  dayTypeMissing: true,
});
/** A session as the sensor measured it. */
export type MeasuredSession = z.infer<typeof measuredSession>;

/** Value as it stood at each period close. */
export type Development = NonNullable<MeasuredSession['development']>;

/** The numbers a session is described from: prices in ticks, volumes in contracts. */
export interface SessionNumbers {
  readonly tradeDate: string;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
  /** Volume at the bid, without a side, at the ask. */
  readonly sides: readonly [Profile, Profile, Profile];
  /** All volume, dense from the lowest traded tick to the highest. */
  readonly rows: Profile;
  /** Ranges of the periods in time order; null for one without a trade. */
  readonly periods: readonly (PeriodRange | null)[];
  readonly balance: PeriodRange | null;
  /** All volume of the initial balance. */
  readonly balanceRows: Profile;
  readonly development: Development;
  readonly inferred: number;
  readonly approximate: boolean;
  readonly gap: boolean;
}

/** Returns the choices of the value area in the form of the arithmetic. */
export function areaOptions(c: Config): ValueAreaOptions {
  return {
    fraction: c.valueAreaFraction,
    rule: c.valueAreaRule,
    tie: c.valueAreaTie,
    pocTie: c.pocTie,
  };
}

/** Returns both value areas of a profile: the one of the chosen rule, and the one grown row by row; null without volume. */
export function areasOf(rows: Profile, c: Config) {
  const options = areaOptions(c);
  const scan = scanRows(rows.volumes);
  const main = valueArea(rows, { ...options, scan });
  if (main === null) return null;
  const one = valueArea(rows, { ...options, rule: 'one', poc: main.poc, scan }) ?? main;
  return {
    poc: main.poc,
    vah: main.vah,
    val: main.val,
    one: { vah: one.vah, val: one.val },
    total: main.total,
  };
}

/** Returns the volume-weighted mean price of a profile in ticks. */
export function meanPrice(rows: Profile, total: number): number {
  let sum = 0;
  for (let i = 0; i < rows.volumes.length; i += 1) sum += i * rows.volumes[i]!;
  return rows.low + sum / total;
}

/** Returns a share of the volume, 0 to 1; fractions of a contract may round a sum a little beyond the whole. */
export function shareOf(part: number, volume: number): number {
  return Math.min(1, part / volume);
}

function denseCopy(part: Profile, rows: Profile): number[] {
  const copy = Array.from({ length: rows.volumes.length }, () => 0);
  for (let i = 0; i < part.volumes.length; i += 1) copy[part.low - rows.low + i] = part.volumes[i]!;
  return copy;
}

function nodeZone({ tick, low, high }: VolumeNode) {
  return { price: tick, low, high };
}

function describeTpo(periods: SessionNumbers['periods'], c: Config) {
  const tpo = buildTpoProfile(periods, c.tpoRowTicks);
  const area = tpoValueArea(tpo, areaOptions(c));
  assert(area !== null, 'a session with volume has a period with a trade');
  const ends = tails(tpo, periods.length - 1);
  const extremes = profileExtremes(tpo);
  const zone = (tail: typeof ends.buying) =>
    tail === null ? null : { low: tail.low, high: tail.high, confirmed: tail.confirmed };
  return {
    tpo: {
      poc: area.poc,
      vah: area.vah,
      val: area.val,
      total: tpoCount(tpo),
      low: tpo.low,
      rowTicks: tpo.rowTicks,
      letters: tpoLetters(tpo),
    },
    singlePrints: singlePrints(tpo),
    buyingTail: zone(ends.buying),
    sellingTail: zone(ends.selling),
    poorHigh: extremes?.high === 'poor',
    poorLow: extremes?.low === 'poor',
    weakHigh: extremes?.high === 'weak',
    weakLow: extremes?.low === 'weak',
    rotationFactor: rotationFactor(periods),
    framing: oneTimeFraming(periods, c.framingToleranceTicks),
  };
}

/** Returns the value area of what traded after the initial balance; null where nothing did, or there was none. */
function afterBalance(n: SessionNumbers, c: Config): MeasuredSession['afterInitialBalance'] {
  if (n.balance === null || n.balanceRows.volumes.length === 0) return null;
  const area = valueArea(subtractProfile(n.rows, n.balanceRows), areaOptions(c));
  return area && { poc: area.poc, vah: area.vah, val: area.val, volume: area.total };
}

/**
 * Returns everything about a completed session that follows from its own trades.
 *
 * @param n - A session with volume; an empty one has no profile.
 */
export function describeSession(n: SessionNumbers, c: Config): MeasuredSession {
  const areas = areasOf(n.rows, c);
  assert(areas !== null, 'a completed session has volume', n.volume);
  const nodes = volumeNodes(n.rows);
  const poor = poorByVolume(n.rows);
  const [bid, unclassified, ask] = n.sides;
  return {
    tradeDate: n.tradeDate,
    open: n.open,
    high: n.rows.low + n.rows.volumes.length - 1,
    low: n.rows.low,
    close: n.close,
    volume: n.volume,
    poc: areas.poc,
    vah: areas.vah,
    val: areas.val,
    one: areas.one,
    initialBalance: n.balance,
    rows: {
      low: n.rows.low,
      volumes: Array.from(n.rows.volumes),
      bidVolumes: denseCopy(bid, n.rows),
      askVolumes: denseCopy(ask, n.rows),
    },
    ...describeTpo(n.periods, c),
    poorHighByVolume: poor.high,
    poorLowByVolume: poor.low,
    development: n.development,
    afterInitialBalance: afterBalance(n, c),
    hvn: nodes.high.map(nodeZone),
    lvn: nodes.low.map(nodeZone),
    approximate: n.approximate,
    gap: n.gap,
    unknownShare: shareOf(totalVolume(unclassified), n.volume),
    inferredShare: shareOf(n.inferred, n.volume),
  };
}
