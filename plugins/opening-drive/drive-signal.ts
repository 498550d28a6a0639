import { compare, holds } from '#engine';
import { type FiveMinutes, isAll, type OpeningType } from './opening-drive.ts';

/** What the signal asks of the opening; NaN never occurs, null is not known. */
export interface DriveContext {
  readonly type: OpeningType;
  readonly direction: number;
  readonly open: number;
  readonly vah: number;
  readonly val: number;
  /** Volume of the first 15 minutes over the median of the same window. */
  readonly relativeVolume: number | null;
  /** Buys minus sells over volume in the first period. */
  readonly deltaShare: number | null;
  /** Median of its size in earlier sessions. */
  readonly medianDeltaShare: number | null;
}

/** The thresholds of the signal. */
export interface DriveRules {
  readonly relativeVolume: number;
  readonly withoutDelta: 'refuse' | 'ignore';
  readonly pullbackMin: number;
  readonly pullbackMax: number;
}

function isDeltaWith(context: DriveContext, rules: DriveRules): boolean {
  const { deltaShare, medianDeltaShare, direction } = context;
  if (deltaShare === null || medianDeltaShare === null)
    return holds(
      'delta and its median are known, or not asked for',
      rules.withoutDelta === 'ignore',
    );
  return isAll(
    compare('delta share with the drive', deltaShare * direction, '>', 0, 'share'),
    compare('size of the delta share', Math.abs(deltaShare), '>=', medianDeltaShare, 'share'),
  );
}

/** Whether the opening is one that the signal follows: a drive away from value, on volume and delta. */
export function isDriveContext(context: DriveContext, rules: DriveRules): boolean {
  const { type, direction, open, vah, val, relativeVolume } = context;
  return isAll(
    holds('the type is a drive', type === 'open-drive' || type === 'open-test-drive'),
    direction > 0
      ? compare('open', open, '>', vah, 'price')
      : compare('open', open, '<', val, 'price'),
    relativeVolume === null
      ? holds('the relative volume is known', false)
      : compare('relative volume', relativeVolume, '>=', rules.relativeVolume, 'share'),
    isDeltaWith(context, rules),
  );
}

/** A pullback at the close of five minutes. */
export interface Pullback {
  /** 1 in a drive up, -1 down. */
  readonly direction: number;
  readonly open: number;
  readonly bandTicks: number;
  readonly close: number;
  /** High of the five minutes before in a drive up, low in one down. */
  readonly previous: number;
  /** Furthest price before these five minutes. */
  readonly extreme: number;
  /** Furthest price back since then. */
  readonly back: number;
  readonly vwap: number;
}

/** Reads the pullback from bars; the extreme is that of the bars before the last one, the latest of equal ones. */
export function pullbackOf(
  open: number,
  direction: number,
  bandTicks: number,
  vwap: number,
  bars: readonly FiveMinutes[],
): Pullback {
  const ahead = (bar: FiveMinutes): number => (direction > 0 ? bar.high : bar.low);
  const behind = (bar: FiveMinutes): number => (direction > 0 ? bar.low : bar.high);
  const last = bars.at(-1);
  let extreme = open;
  let back = last ? behind(last) : open;
  for (const bar of bars.slice(0, -1)) {
    if ((ahead(bar) - extreme) * direction >= 0) {
      extreme = ahead(bar);
      back = last ? behind(last) : open;
    } else if ((behind(bar) - back) * direction < 0) back = behind(bar);
  }
  const before = bars.at(-2);
  return {
    direction,
    open,
    bandTicks,
    close: last?.close ?? open,
    previous: before ? ahead(before) : open,
    extreme,
    back,
    vwap,
  };
}

/** Returns the part of the way from open to extreme that was given back. */
export function retracementOf({ direction, open, extreme, back }: Pullback): number {
  const way = (extreme - open) * direction;
  return way > 0 ? Math.max(0, ((extreme - back) * direction) / way) : 0;
}

/** Whether enough was given back, and not too much. */
export function isRetraced(pullback: Pullback, rules: DriveRules): boolean {
  const retracement = retracementOf(pullback);
  const { direction, back, open, bandTicks } = pullback;
  return isAll(
    compare('retracement', retracement, '>=', rules.pullbackMin, 'share'),
    compare('retracement', retracement, '<=', rules.pullbackMax, 'share'),
    compare('ticks kept above the open', (back - open) * direction, '>', -bandTicks, 'tick'),
  );
}

/** Whether five minutes closed in the direction of the drive again after a pullback. */
export function isResumed(pullback: Pullback, rules: DriveRules): boolean {
  const { direction, close, previous, open, vwap } = pullback;
  const beyond = (text: string, level: number): boolean =>
    compare(text, (close - level) * direction, '>', 0, 'tick');
  return isAll(
    isRetraced(pullback, rules),
    beyond('close beyond the five minutes before', previous),
    beyond('close beyond the open', open),
    beyond('close beyond the VWAP of the session', vwap),
  );
}

/** Returns the stop: back at value or a tick beyond the band of the open, the nearer of the two. */
export function stopOf(
  direction: number,
  open: number,
  bandTicks: number,
  value: { readonly vah: number; readonly val: number },
): number {
  return direction > 0
    ? Math.max(value.vah, Math.ceil(open - bandTicks) - 1)
    : Math.min(value.val, Math.floor(open + bandTicks) + 1);
}

/** Returns the target: the width of the initial balance beyond its edge. */
export function targetOf(direction: number, high: number, low: number): number {
  return direction > 0 ? high + (high - low) : low - (high - low);
}
