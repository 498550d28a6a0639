import {
  formatTradeDate,
  microsPerMinute,
  openingLocation,
  type Payload,
  type Slots,
} from '#engine';
import type { Config } from './config.ts';
import { type DriveContext, isDriveContext } from './drive-signal.ts';
import {
  bandOf,
  excursionOf,
  nearestReference,
  openingTypeOf,
  type Reading,
} from './opening-drive.ts';
import type { Senses } from './ports.ts';
import { barsOf, referencesOf, slot } from './slots.ts';

type Assessed = Payload<Senses['assessed']>;

const knownOf = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** What makes the opening unknown; empty when all is there. */
function missingOf(f: Float64Array, stageBars: number): string[] {
  const isOtherContract =
    f[slot.priorContract] !== 0 &&
    f[slot.contract] !== 0 &&
    f[slot.priorContract] !== f[slot.contract];
  const isLong = f[slot.barLength]! > 5 * microsPerMinute;
  const reasons: readonly (readonly [string, boolean])[] = [
    ['holiday', f[slot.holiday] === 1],
    ['no-prior', f[slot.hasPrior] === 0 || f[slot.priorDate]! >= f[slot.date]!],
    ['roll', f[slot.rolled] === 1 || isOtherContract],
    ['prior-gap', f[slot.priorGap] === 1],
    ['earlier-sessions', Number.isNaN(f[slot.medianRange]!)],
    ['unordered-trades', f[slot.isUnordered] === 1],
    ['bars-longer-than-5-minutes', isLong],
    ['open-unknown', f[slot.opened] !== 1],
    ['gap', !isLong && (f[slot.hasGap] === 1 || f[slot.bars]! < stageBars)],
  ];
  return reasons.filter(([, isSo]) => isSo).map(([reason]) => reason);
}

function readingOf(s: Slots, c: Config, isFinal: boolean): Reading {
  const { f } = s;
  const open = f[slot.open]!;
  const excursion = excursionOf(open, barsOf(s));
  const rangeTicks = f[slot.medianRange]! * (isFinal ? 1 : c.provisionalShare);
  const adverse = open - excursion.adverseTicks * (excursion.direction >= 0 ? 1 : -1);
  return {
    ...excursion,
    rangeTicks,
    bandTicks: bandOf(rangeTicks, c.bandShare, c.bandTicks),
    tested: nearestReference(adverse, referencesOf(f)),
    inRange: open <= f[slot.priorHigh]! && open >= f[slot.priorLow]!,
  };
}

/** Puts the opening into numbers as it stands after 15 or 30 minutes. */
export function assess(s: Slots, c: Config, isFinal: boolean): Assessed {
  const { f } = s;
  const missing = missingOf(f, isFinal ? 6 : 3);
  const isKnown = missing.length === 0;
  const open = f[slot.opened] === 1 ? f[slot.open]! : null;
  const prior = {
    high: f[slot.priorHigh]!,
    low: f[slot.priorLow]!,
    vah: f[slot.priorVah]!,
    val: f[slot.priorVal]!,
    poc: f[slot.priorPoc]!,
  };
  return {
    tradeDate: formatTradeDate(f[slot.date]!),
    stage: isFinal ? 'final' : 'provisional',
    open,
    last: f[slot.opened] === 0 ? null : f[slot.last]!,
    location: isKnown && open !== null ? openingLocation(open, prior) : null,
    reading: isKnown ? readingOf(s, c, isFinal) : null,
    medianRangeTicks: knownOf(f[slot.medianRange]!),
    value: isKnown ? { vah: prior.vah, val: prior.val } : null,
    relativeVolume: knownOf(f[slot.early]! / f[slot.medianVolume]!),
    deltaShare: isFinal ? knownOf(f[slot.firstDelta]!) : null,
    medianDeltaShare: knownOf(f[slot.medianDelta]!),
    missing,
  };
}

/** Returns what the signal asks of an opening that is known. */
export function driveContextOf(assessed: Assessed, c: Config): DriveContext | null {
  const { reading, value, open, relativeVolume, deltaShare, medianDeltaShare } = assessed;
  if (reading === null || value === null || open === null) return null;
  return {
    type: openingTypeOf(reading, c),
    direction: reading.direction,
    open,
    ...value,
    relativeVolume,
    deltaShare,
    medianDeltaShare,
  };
}

/** Starts the watch over a drive once the opening is final. */
export function watchDrive(f: Float64Array, assessed: Assessed, c: Config): void {
  const context = driveContextOf(assessed, c);
  if (context === null) return;
  const { type, direction } = context;
  if (type !== 'open-drive' && type !== 'open-test-drive') return;
  f[slot.side] = direction;
  f[slot.band] = assessed.reading?.bandTicks ?? 0;
  f[slot.armed] = isDriveContext(context, c) ? 1 : 0;
  f[slot.revocable] = type === 'open-drive' ? 1 : 0;
}
