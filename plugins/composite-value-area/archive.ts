import { assert, medianOf, overlap, relateValue, type ValueRelation } from '#engine';
import type { Config } from './config.ts';
import type { Value, ValueOf } from './merge-mode.ts';
import type { Layer } from './stacking.ts';

/** How a session stands to the composite it was held against. */
export type Character =
  | 'breakout-pending'
  | 'balanced-rotation'
  | 'bullish-migration'
  | 'bearish-migration'
  | 'neutral';

/** A session of the archive: the composite as it was after it, and how the session stood to the one before it. */
export interface Archived extends Layer {
  readonly relation: ValueRelation | null;
  readonly character: Character;
  readonly short: boolean;
  /** The session's own value area. */
  readonly day: Value;
}

/** A session as the archive takes it; prices in ticks of one contract. */
export interface Newcomer {
  readonly tradeDate: string;
  readonly short: boolean;
  readonly close: number;
  readonly low: number;
  readonly high: number;
  readonly day: Value;
  /** The composite the session was held against: without the session; null where none was in force. */
  readonly before: Value | null;
  /** The composite after the session. */
  readonly after: Value & { readonly sessions: readonly string[] };
}

function isPending(
  { close, day, before }: Newcomer,
  widths: readonly number[],
  c: Config,
): boolean {
  const { pendingTicks: near, pendingWidth } = c;
  if (
    before !== null &&
    (Math.abs(close - before.vah) <= near || Math.abs(close - before.val) <= near)
  )
    return true;
  const median = widths.length >= c.minWidthSessions ? medianOf(widths) : null;
  return median !== null && day.vah - day.val < pendingWidth * median;
}

/** Returns the character of a session: the first of these that fits. */
function characterOf(
  n: Newcomer,
  relation: ValueRelation | null,
  widths: readonly number[],
  c: Config,
): Character {
  if (isPending(n, widths, c)) return 'breakout-pending';
  const { before, day } = n;
  if (before === null || relation === null) return 'neutral';
  if (relation === 'unchanged' || relation === 'inside') return 'balanced-rotation';
  if (overlap(day, before).overlapMin >= c.rotationOverlap) return 'balanced-rotation';
  return migrationOf(relation, day.poc - before.poc);
}

function migrationOf(relation: ValueRelation, pocTicks: number): Character {
  const isUp = relation === 'higher' || relation === 'overlapping-higher';
  const isDown = relation === 'lower' || relation === 'overlapping-lower';
  if (isUp && pocTicks > 0) return 'bullish-migration';
  return isDown && pocTicks < 0 ? 'bearish-migration' : 'neutral';
}

/** Returns the archive with one more session; the oldest goes when it is full. */
export function withArchived(
  archive: readonly Archived[],
  newcomer: Newcomer,
  c: Config,
): Archived[] {
  const { before, day, after, tradeDate, short, low, high } = newcomer;
  const relation = before && relateValue(day, before, c.relationToleranceTicks).relation;
  const widths = archive.slice(-c.widthSessions).map((one) => one.day.vah - one.day.val);
  const character = characterOf(newcomer, relation, widths, c);
  const { vah, val, poc, sessions } = after;
  return [
    ...archive,
    { tradeDate, vah, val, poc, sessions, relation, character, short, day, low, high },
  ].slice(-c.stackWindow);
}

/** Neighbours of the archive merged over their distinct sessions. */
export interface MergedRecord extends Value {
  readonly character: Character;
  /** Distinct sessions, oldest first. */
  readonly sessions: readonly string[];
}

/**
 * Returns the merged records once the newest session is archived: it joins the last of them when the character is the same,
 * value overlaps, and the rows of all their sessions are still kept.
 *
 * @param known - Trade dates whose rows are still there.
 */
export function withRecord(
  records: readonly MergedRecord[],
  archive: readonly Archived[],
  known: readonly string[],
  valueOf: ValueOf,
  { recordOverlap }: Pick<Config, 'recordOverlap'>,
): MergedRecord[] {
  const newest = archive.at(-1);
  const oldest = archive[0];
  assert(newest !== undefined && oldest !== undefined, 'the newest session is archived');
  const { vah, val, poc, character, sessions } = newest;
  // A record goes with the last of its sessions.
  const kept = records.filter((record) => record.sessions.at(-1)! >= oldest.tradeDate);
  const last = kept.at(-1);
  if (last?.character === character && overlap(last, newest).overlapMin >= recordOverlap) {
    const union = [...new Set([...last.sessions, ...sessions])].sort();
    if (union.every((date) => known.includes(date))) {
      const merged = valueOf(union);
      const { vah: top, val: bottom, poc: control } = merged;
      return [
        ...kept.slice(0, -1),
        { vah: top, val: bottom, poc: control, character, sessions: union },
      ];
    }
  }
  return [...kept, { vah, val, poc, character, sessions }];
}
