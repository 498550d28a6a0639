import type { Payload } from '#engine';
import type { Config, Outputs } from './config.ts';

type Row = Payload<Outputs['delta']>;

/** How price and delta stand to each other. */
export type Condition = Row['condition'];

/** Conditions in the order a slot numbers them. */
export const conditions: readonly Condition[] = [
  'unknown',
  'normal',
  'price-lags',
  'price-ahead',
  'overstretched',
];

const usPerMinute = 60_000_000;

/**
 * One end of the regular session as it is followed: its high with `way` 1, its low with `way` -1. Delta is that at the
 * end of a minute.
 */
export interface End {
  readonly way: 1 | -1;
  /** The session's extreme price; NaN before the first minute. */
  price: number;
  /** End of the minute that made it. */
  madeAt: number;
  /** Delta there. */
  cdThere: number;
  /** The most extreme delta up to there. */
  cdExtreme: number;
  /** Since when delta has been beyond `cdExtreme` by enough; 0: it is not. */
  lagSince: number;
  /** The older extreme that price is ahead at, and delta there; NaN while it is not ahead. */
  aheadPrice: number;
  aheadCd: number;
}

/** A minute that is over, in ticks and contracts. */
export interface Minute {
  readonly ts: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly cd: number;
}

const later = (a: number, b: number, way: number): number =>
  way > 0 ? Math.max(a, b) : Math.min(a, b);

/** Starts an end at the first minute of a session. */
export function beginEnd(end: End, minute: Minute): void {
  end.price = end.way > 0 ? minute.high : minute.low;
  end.madeAt = minute.ts;
  end.cdThere = minute.cd;
  end.cdExtreme = minute.cd;
  end.lagSince = 0;
  end.aheadPrice = Number.NaN;
  end.aheadCd = Number.NaN;
}

/** Returns how many ticks a minute went beyond an extreme old enough to be ahead at; 0 where it did not. */
export function ticksBeyond(end: End, minute: Minute, c: Config): number {
  const isOld = minute.ts - end.madeAt >= c.aheadMinutes * usPerMinute;
  const reach = ((end.way > 0 ? minute.high : minute.low) - end.price) * end.way;
  return isOld ? Math.max(reach, 0) : 0;
}

function followAhead(end: End, minute: Minute, c: Config): void {
  const { way } = end;
  const isAhead = end.aheadPrice === end.aheadPrice;
  if (isAhead) {
    const isJoined = (minute.cd - end.aheadCd) * way > 0;
    const isBack = (minute.close - end.aheadPrice) * way <= 0;
    if (!isJoined && !isBack) return;
    end.aheadPrice = Number.NaN;
    end.aheadCd = Number.NaN;
    return;
  }
  if (ticksBeyond(end, minute, c) < c.aheadTicks) return;
  const isShort = (minute.cd - end.cdThere) * way <= 0;
  // A wick that closed back inside is over before it is told.
  if (!isShort || (minute.close - end.price) * way <= 0) return;
  end.aheadPrice = end.price;
  end.aheadCd = end.cdThere;
}

function followExtreme(end: End, minute: Minute, sd: number, c: Config): void {
  const { way } = end;
  const price = way > 0 ? minute.high : minute.low;
  if ((price - end.price) * way > 0) {
    end.price = price;
    end.madeAt = minute.ts;
    end.cdThere = minute.cd;
    end.cdExtreme = later(end.cdExtreme, minute.cd, way);
    end.lagSince = 0;
    return;
  }
  const lead = (minute.cd - end.cdExtreme) * way;
  if (lead <= 0) end.lagSince = 0;
  else if (end.lagSince === 0 && lead >= c.lagSd * sd) end.lagSince = minute.ts;
}

/** Takes a minute into an end. `sd` is that of the change of delta in 30 minutes; NaN while it is not known. */
export function follow(end: End, minute: Minute, sd: number, c: Config): void {
  followAhead(end, minute, c);
  followExtreme(end, minute, sd, c);
}

/** Returns whether delta has been beyond its extreme for long enough without price. */
export function isLagging(end: End, ts: number, c: Config): boolean {
  return end.lagSince > 0 && ts - end.lagSince >= c.lagMinutes * usPerMinute;
}

/** What is known at the end of a minute. */
export interface Known {
  readonly ends: readonly [End, End];
  readonly minute: Minute;
  /** Microseconds since the regular open. */
  readonly age: number;
  readonly sd: number;
  readonly strength: number | null;
  readonly unknownShare: number;
}

/** A condition with its reason. */
export interface Judgement {
  readonly condition: Condition;
  readonly side: 'long' | 'short' | null;
  readonly extremePrice: number | null;
  readonly extremeCd: number | null;
  readonly reason: string;
}

const plain = (condition: Condition, reason: string): Judgement => ({
  condition,
  side: null,
  extremePrice: null,
  extremeCd: null,
  reason,
});

/** The side that gains when the aggressors of an end fail. */
const against = (way: number): 'long' | 'short' => (way > 0 ? 'short' : 'long');
const nameOf = (way: number): string => (way > 0 ? 'high' : 'low');

/** Returns how price and delta stand to each other; the first that fits of price ahead, price lags, overstretched. */
export function judge(known: Known, c: Config): Judgement {
  const { ends, minute, age, sd, strength, unknownShare } = known;
  if (unknownShare > c.maxUnknownShare)
    return plain('unknown', 'too much volume has no known aggressor');
  if (age < c.aheadMinutes * usPerMinute) return plain('unknown', 'the session has only begun');
  if (!(sd > 0)) return plain('unknown', 'how far delta usually moves is not known yet');
  for (const { way, aheadPrice, aheadCd } of ends) {
    if (aheadPrice !== aheadPrice) continue;
    return {
      condition: 'price-ahead',
      side: against(way),
      extremePrice: aheadPrice,
      extremeCd: aheadCd,
      reason: `price is beyond its earlier ${nameOf(way)}, delta is not`,
    };
  }
  for (const end of ends) {
    if (!isLagging(end, minute.ts, c)) continue;
    return {
      condition: 'price-lags',
      side: against(end.way),
      extremePrice: end.price,
      extremeCd: end.cdExtreme,
      reason: `delta is beyond its earlier ${nameOf(end.way)}, price is not`,
    };
  }
  if (strength !== null && strength >= c.overstretchedShare && minute.cd !== 0)
    return {
      ...plain('overstretched', 'delta is larger than in nearly all earlier sessions at this time'),
      side: against(minute.cd),
    };
  return plain('normal', 'price and delta go together');
}
