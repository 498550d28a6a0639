import type { z } from 'zod';
import {
  assert,
  type compositeStack,
  type Instrument,
  mergeProfiles,
  overlap,
  valueArea,
} from '#engine';
import { type Archived, type MergedRecord, withArchived, withRecord } from './archive.ts';
import { type BalanceRun, balanceOf, withBalance } from './balance.ts';
import {
  type Area,
  areaOptions,
  type CompletedSession,
  dateAfter,
  type Member,
  rowsOf,
  shiftBetween,
} from './composite-value-area.ts';
import type { Config } from './config.ts';
import {
  type Composite,
  labelOf,
  type Merging,
  mergeNext,
  migrationOf,
  type Value,
  type ValueOf,
} from './merge-mode.ts';
import { type Overridden, type Override, override } from './override.ts';
import { clustersOf, referencesAt, stacksOf } from './stacking.ts';

/** The stack as the output shows it. */
export type StackRow = z.infer<typeof compositeStack>;

/** Everything about composites but the rows of their sessions; prices in ticks of the contract that trades on `target`. */
export interface StackState extends Merging {
  /** The trade date after the last session; empty before the first. */
  readonly target: string;
  /** Trade dates of the last sessions, as many as the archive holds, oldest first. */
  readonly dates: readonly string[];
  readonly archive: readonly Archived[];
  readonly records: readonly MergedRecord[];
  readonly run: BalanceRun | null;
}

/** Nothing is known yet, or nothing of it counts any more. */
export const emptyStack: StackState = {
  target: '',
  dates: [],
  composites: [],
  candidate: null,
  archive: [],
  records: [],
  run: null,
};

function moved<V extends Value>(value: V, ticks: number): V {
  return { ...value, vah: value.vah + ticks, val: value.val + ticks, poc: value.poc + ticks };
}

function movedRange<V extends Value & { low: number; high: number }>(value: V, ticks: number): V {
  return { ...moved(value, ticks), low: value.low + ticks, high: value.high + ticks };
}

/** Carries every level over a roll whose spread is known. */
function shifted(state: StackState, ticks: number): StackState {
  if (ticks === 0) return state;
  return {
    ...state,
    composites: state.composites.map((composite) => moved(composite, ticks)),
    archive: state.archive.map((one) => ({
      ...movedRange(one, ticks),
      day: moved(one.day, ticks),
    })),
    records: state.records.map((record) => moved(record, ticks)),
    run: state.run && movedRange(state.run, ticks),
  };
}

/** Returns the value areas of sessions whose rows are kept, in ticks of the contract that trades on `target`. */
function valuesOf(members: readonly Member[], target: string, config: Config): ValueOf {
  const known = new Map<string, Value>();
  return (sessions) => {
    const key = sessions.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const rows = members
      .filter(({ tradeDate }) => sessions.includes(tradeDate))
      .map((member) => rowsOf(member, target, config));
    assert(rows.length === sessions.length, 'rows of merged sessions are kept', key);
    const area = valueArea(mergeProfiles(rows), areaOptions(config));
    assert(area !== null, 'a completed session has volume', key);
    const value = { vah: area.vah, val: area.val, poc: area.poc };
    known.set(key, value);
    return value;
  };
}

/** Composites go when the last of their sessions has left the archive. */
function inWindow(composites: readonly Composite[], oldest: string): Composite[] {
  return composites.filter(({ sessions }) => sessions.at(-1)! >= oldest);
}

/**
 * Returns the state once a session is completed, all but the archive, which needs the area that is made of it.
 *
 * @param members - Sessions whose rows are kept, this one last; alone after a cut.
 */
export function withSession(
  before: StackState,
  members: readonly Member[],
  instrument: Instrument,
  config: Config,
): StackState {
  const member = members.at(-1);
  assert(member !== undefined, 'the completed session is among those kept');
  const target = dateAfter(instrument, member.tradeDate);
  const isAnew = members.length === 1 || before.target === '';
  const state = isAnew
    ? emptyStack
    : shifted(before, shiftBetween(config.rollShifts, before.target, target));
  const dates = [...state.dates, member.tradeDate].slice(-config.stackWindow);
  const valueOf = valuesOf(members, target, config);
  const { composites, candidate } = mergeNext(state, member.tradeDate, valueOf, config);
  const rows = rowsOf(member, target, config);
  return {
    ...state,
    target,
    dates,
    composites: inWindow(composites, dates[0] ?? member.tradeDate),
    candidate,
    run: withBalance(state.run, member.tradeDate, rows, areaOptions(config), config),
  };
}

/**
 * Returns the state with the session in the archive.
 *
 * @param before - The area that was in force for the session, null where there was none.
 * @param after - The area made with it.
 */
export function withArchive(
  state: StackState,
  { tradeDate, short, close }: CompletedSession,
  members: readonly Member[],
  before: Area | null,
  after: Area,
  config: Config,
  instrument: Instrument,
): StackState {
  const member = members.at(-1);
  assert(member !== undefined, 'the completed session is among those kept');
  const valueOf = valuesOf(members, state.target, config);
  const rows = rowsOf(member, state.target, config);
  const heldAgainst =
    before?.inForce === true && members.length > 1
      ? moved(
          before,
          shiftBetween(config.rollShifts, dateAfter(instrument, before.asOf), state.target),
        )
      : null;
  const archive = withArchived(
    state.archive,
    {
      tradeDate,
      short,
      close: close + rows.low - member.low,
      low: rows.low,
      high: rows.low + rows.volumes.length - 1,
      day: valueOf([tradeDate]),
      before: heldAgainst,
      after,
    },
    config,
  );
  const known = members.map((one) => one.tradeDate);
  return { ...state, archive, records: withRecord(state.records, archive, known, valueOf, config) };
}

/** Returns the composites after an operator's override, or why they stay. */
export function overridden(
  state: StackState,
  asked: Override,
  members: readonly Member[],
  config: Config,
): Overridden {
  const known = members.map(({ tradeDate }) => tradeDate);
  return override(state, asked, known, valuesOf(members, state.target, config), config);
}

function compositeRows(composites: readonly Composite[]): StackRow['composites'] {
  return composites.map(({ vah, val, poc, sessions, frozen, override: reason }, place) => ({
    label: labelOf(place),
    vah,
    val,
    poc,
    sessions: [...sessions],
    state: frozen ? ('frozen' as const) : ('building' as const),
    ...(reason === null ? {} : { override: reason }),
  }));
}

function archiveRows(archive: readonly Archived[]): StackRow['archive'] {
  return archive.map(({ low: _low, high: _high, sessions, ...one }) => ({
    ...one,
    sessions: [...sessions],
    widthTicks: one.vah - one.val,
  }));
}

/** What of the last session the output needs besides the state. */
export interface LastSession {
  readonly tradeDate: string;
  /** Its close in ticks of the contract that trades after it. */
  readonly close: number;
  readonly inForce: boolean;
  readonly approximate: boolean;
}

/** Returns the output's form of the state. */
export function stackRow(state: StackState, last: LastSession, config: Config): StackRow {
  const { archive, composites } = state;
  const partial = archive.length < config.stackMinSessions;
  const { stacks, gaps } = partial ? { stacks: [], gaps: [] } : stacksOf(archive, config);
  const clusters = partial ? [] : clustersOf(archive, config);
  const [before, newest] = composites.slice(-2);
  return {
    asOf: last.tradeDate,
    inForce: last.inForce,
    composites: compositeRows(composites),
    ...migrationOf(composites, config),
    candidate: state.candidate,
    archive: archiveRows(archive),
    stacks: stacks.map(({ age: _age, ...stack }) => stack),
    gaps,
    clusters,
    records: state.records.map(({ sessions, ...record }) => ({
      ...record,
      sessions: [...sessions],
    })),
    references: referencesAt(last.close, stacks, clusters, archive, config),
    balance: balanceOf(state.run, config),
    partial,
    approximate: last.approximate,
    overlapMin: before && newest ? overlap(newest, before).overlapMin : null,
  };
}
