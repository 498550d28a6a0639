import type { z } from 'zod';
import {
  assert,
  type completedProfile,
  type compositeArea,
  formatTradeDate,
  frontContract,
  type Instrument,
  mergeProfiles,
  nextSession,
  type Profile,
  packVolumes,
  parseTradeDate,
  type RollMode,
  sessionDay,
  shiftProfile,
  unpackVolumes,
  type ValueAreaOptions,
  valueArea,
} from '#engine';
import type { Config } from './config.ts';

/** A completed session as the input hands it over. */
export type CompletedSession = z.infer<typeof completedProfile>;
/** The composite as the output shows it. */
export type Area = z.infer<typeof compositeArea>;

/** What is kept of a completed session: its rows and what decides whether they may be merged. */
export interface Member {
  readonly tradeDate: string;
  readonly contract: string | null;
  readonly approximate: boolean;
  readonly volume: number;
  readonly low: number;
  /** Volume per tick from `low` upward, packed. */
  readonly rows: string;
}

/** Returns the part of a completed session that a composite needs. */
export function memberOf({
  tradeDate,
  contract,
  approximate,
  volume,
  rows,
}: CompletedSession): Member {
  return {
    tradeDate,
    contract,
    approximate,
    volume,
    low: rows.low,
    rows: packVolumes(rows.volumes),
  };
}

/** Returns the trade date after a session: the one its composite is in force for. */
export function dateAfter(instrument: Instrument, tradeDate: string): string {
  const day = sessionDay(instrument.calendar, parseTradeDate(tradeDate));
  assert(day !== null, 'a completed session lies on a trading day', tradeDate);
  return formatTradeDate(nextSession(instrument.calendar, day).tradeDate);
}

function modeOf({ roll }: Config): RollMode | undefined {
  return roll === 'by-date' ? undefined : roll;
}

/** Returns the dates after `from` up to `to` on which the calendar moves the lead to the next contract, ascending. */
export function rollDates(
  instrument: Instrument,
  from: string,
  to: string,
  config: Config,
): string[] {
  const mode = modeOf(config);
  const dates: string[] = [];
  let contract = frontContract(instrument, parseTradeDate(from), mode);
  while (contract !== null) {
    const date = formatTradeDate(contract.roll);
    if (date > to) break;
    dates.push(date);
    contract = frontContract(instrument, contract.roll, mode);
  }
  return dates;
}

/** Returns the dates after `from` up to `to` for which a shift is given. */
function shiftDates(shifts: Config['rollShifts'], from: string, to: string): string[] {
  return Object.keys(shifts).filter((date) => from < date && date <= to);
}

/** Returns the ticks that carry a level of `from` over to `to`. */
export function shiftBetween(shifts: Config['rollShifts'], from: string, to: string): number {
  return shiftDates(shifts, from, to).reduce((sum, date) => sum + shifts[date]!, 0);
}

/** Returns whether sessions before `next` may not be merged with it: another contract, and nobody knows the spread. */
export function isCutOff(last: Member, next: Member, config: Config): boolean {
  if (config.unknownSpread === 'raw' || last.contract === null || next.contract === null)
    return false;
  return (
    last.contract !== next.contract &&
    shiftDates(config.rollShifts, last.tradeDate, next.tradeDate).length === 0
  );
}

/** Returns whether the session after this one trades another contract whose spread nobody knows. */
export function isLastOfContract(
  session: CompletedSession,
  instrument: Instrument,
  config: Config,
): boolean {
  if (config.unknownSpread === 'raw' || session.contract === null) return false;
  const front = frontContract(instrument, parseTradeDate(session.tradeDate), modeOf(config));
  const next = dateAfter(instrument, session.tradeDate);
  const isLeaving =
    front !== null && front.code === session.contract && formatTradeDate(front.roll) <= next;
  return isLeaving && shiftDates(config.rollShifts, session.tradeDate, next).length === 0;
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

/** Returns the rows of a session in ticks of the contract that trades on `target`. */
export function rowsOf(member: Member, target: string, { rollShifts }: Config): Profile {
  const rows = { low: member.low, volumes: unpackVolumes(member.rows) };
  return shiftProfile(rows, shiftBetween(rollShifts, member.tradeDate, target));
}

/** Returns how many sessions make a whole composite. */
export function wholeSessions({ mode, sessions, minSessions }: Config): number {
  return mode === 'merge' ? minSessions : sessions;
}

/** Returns the fewest sessions that make a composite at all. */
export function fewestSessions({ mode, minSessions }: Config): number {
  return mode === 'merge' ? 1 : minSessions;
}

/** Returns the sessions that may still be merged once `next` is completed, oldest first. */
export function withMember(members: readonly Member[], next: Member, config: Config): Member[] {
  const last = members.at(-1);
  const kept = last !== undefined && isCutOff(last, next, config) ? [] : members;
  return [...kept, next].slice(-Math.max(config.sessions, config.maxSessions));
}

/**
 * Returns the value area of the merged volume of sessions, in ticks of the contract that trades after the last of them.
 *
 * The volume is merged, the value areas are never averaged: each contract traded counts once.
 *
 * @param members - Sessions with volume, oldest first, at least one.
 */
export function mergeSessions(
  members: readonly Member[],
  instrument: Instrument,
  config: Config,
): Area {
  const first = members[0];
  const last = members.at(-1);
  assert(first !== undefined && last !== undefined, 'a composite has a session', members.length);
  const target = dateAfter(instrument, last.tradeDate);
  const merged = mergeProfiles(members.map((member) => rowsOf(member, target, config)));
  const options = areaOptions(config);
  const area = valueArea(merged, options);
  assert(area !== null, 'a completed session has volume', 0);
  const one = valueArea(merged, { ...options, rule: 'one', poc: area.poc }) ?? area;
  const unshifted = rollDates(instrument, first.tradeDate, target, config).some(
    (roll) => !isShifted(roll, members, target, config),
  );
  return {
    asOf: last.tradeDate,
    inForce: true,
    poc: area.poc,
    vah: area.vah,
    val: area.val,
    one: { vah: one.vah, val: one.val },
    low: merged.low,
    high: merged.low + merged.volumes.length - 1,
    volume: members.reduce((sum, member) => sum + member.volume, 0),
    widthTicks: area.vah - area.val,
    sessions: members.map((member) => member.tradeDate),
    partial: members.length < wholeSessions(config),
    approximate: members.some((member) => member.approximate),
    rollUnadjusted: unshifted,
    rollShiftTicks: shiftBetween(config.rollShifts, first.tradeDate, target),
  };
}

/** A shift may be dated a session before or after the calendar's roll; it counts when it lies between the same two members. */
function isShifted(
  roll: string,
  members: readonly Member[],
  target: string,
  config: Config,
): boolean {
  const dates = [...members.map((member) => member.tradeDate), target];
  const next = dates.findIndex((date) => date >= roll);
  return shiftDates(config.rollShifts, dates[next - 1] ?? '', dates[next] ?? target).length > 0;
}
