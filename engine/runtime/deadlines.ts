import type { ScheduleDays } from '../flow/graph.ts';
import type { CalendarId } from '../market/instrument.ts';
import {
  nextSession,
  type Phase,
  phasesOf,
  type SessionDay,
  sessionAt,
} from '../market/session.ts';
import { microsPerDay, weekdayOf, type Zone, zonedToUtc } from '../market/time.ts';

/** A sensor clock of one node. */
export interface NodeClock {
  readonly node: number;
  readonly name: string;
  readonly everyUs: number;
  readonly from: 'rth' | 'session';
}

/** A calendar wire of one node. */
export interface NodeSchedule {
  readonly node: number;
  readonly port: string;
  readonly at: string;
  readonly days: ScheduleDays;
}

/** A deadline of the calendar that fell due. */
export type DueDeadline =
  | {
      readonly kind: 'clock';
      readonly at: number;
      readonly clock: NodeClock;
      readonly index: number;
    }
  | {
      readonly kind: 'phase';
      readonly at: number;
      readonly phase: Phase;
      readonly tradeDate: number;
    }
  | {
      readonly kind: 'schedule';
      readonly at: number;
      readonly schedule: NodeSchedule;
      readonly tradeDate: number;
    };

interface RunningClock {
  readonly clock: NodeClock;
  at: number;
  index: number;
  end: number;
}

const never = Number.POSITIVE_INFINITY;
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function runsOn(days: ScheduleDays, day: SessionDay): boolean {
  if (days === 'all') return true;
  if (days === 'rth') return day.rthOpen !== null && !day.holiday;
  return (days as readonly string[]).includes(weekdays[weekdayOf(day.tradeDate)] ?? '');
}

/** Where the calendar of a running task stands: today's boundaries, sensor clocks and calendar wires still to come. */
export class Deadlines {
  private readonly calendar: CalendarId;
  private readonly zone: Zone;
  private readonly clocks: readonly NodeClock[];
  private readonly schedules: readonly NodeSchedule[];
  private day: SessionDay | null = null;
  private phases: readonly { readonly ts: number; readonly phase: Phase }[] = [];
  private phaseIndex = 0;
  private running: RunningClock[] = [];
  private due: { at: number; schedule: NodeSchedule }[] = [];
  /** Time of the next deadline; Infinity before the first record. */
  nextAt = never;

  constructor(
    calendar: CalendarId,
    zone: Zone,
    clocks: readonly NodeClock[],
    schedules: readonly NodeSchedule[],
  ) {
    this.calendar = calendar;
    this.zone = zone;
    this.clocks = clocks;
    this.schedules = schedules;
  }

  /** Whether `begin` was called. */
  get begun(): boolean {
    return this.day !== null;
  }

  /** The trade date the task is in, yyyymmdd; 0 before the first record. */
  get tradeDate(): number {
    return this.day?.tradeDate ?? 0;
  }

  /** Starts with the session `ts` belongs to, from its first boundary on. */
  begin(ts: number): void {
    this.enter(sessionAt(this.calendar, ts));
  }

  /** Takes the next deadline out; only to be called when `nextAt` is finite. Clocks come before phases before calendar wires. */
  take(): DueDeadline {
    const at = this.nextAt;
    const clock = this.running.find((c) => c.at === at);
    if (clock) return this.takeClock(clock);
    const boundary = this.phases[this.phaseIndex];
    if (boundary && boundary.ts === at) return this.takePhase(boundary);
    return this.takeSchedule();
  }

  /** Returns what a checkpoint needs to go on: when this calendar stands, everything else follows from the day. */
  snapshot(): {
    readonly ts: number;
    readonly phaseIndex: number;
    readonly clocks: readonly number[];
    readonly due: number;
  } | null {
    if (!this.day) return null;
    return {
      ts: this.day.open,
      phaseIndex: this.phaseIndex,
      clocks: this.running.map((c) => c.index),
      due: this.due.length,
    };
  }

  /**
   * Goes on from a snapshot.
   *
   * @param now - Given when the calendar wires are not those of the snapshot: what is due after it is still to come.
   */
  restore(
    snapshot: NonNullable<ReturnType<Deadlines['snapshot']>>,
    now: number | null = null,
  ): void {
    this.enter(sessionAt(this.calendar, snapshot.ts));
    this.phaseIndex = snapshot.phaseIndex;
    this.running.forEach((clock, i) => {
      const index = snapshot.clocks[i] ?? 0;
      const start = this.clockStart(clock.clock);
      clock.index = index;
      const isOver = start + index * clock.clock.everyUs >= clock.end;
      clock.at = isOver ? never : Math.min(start + (index + 1) * clock.clock.everyUs, clock.end);
    });
    this.due =
      now === null
        ? this.due.slice(this.due.length - snapshot.due)
        : this.due.filter(({ at }) => at > now);
    this.refresh();
  }

  private takeClock(clock: RunningClock): DueDeadline {
    const { at, index } = clock;
    clock.index = index + 1;
    clock.at = at >= clock.end ? never : Math.min(at + clock.clock.everyUs, clock.end);
    this.refresh();
    return { kind: 'clock', at, clock: clock.clock, index };
  }

  private takePhase(boundary: { readonly ts: number; readonly phase: Phase }): DueDeadline {
    const day = this.day as SessionDay;
    this.phaseIndex += 1;
    const due: DueDeadline = {
      kind: 'phase',
      at: boundary.ts,
      phase: boundary.phase,
      tradeDate: day.tradeDate,
    };
    if (this.phaseIndex >= this.phases.length) this.enter(nextSession(this.calendar, day));
    else this.refresh();
    return due;
  }

  private takeSchedule(): DueDeadline {
    const { at, schedule } = this.due.shift() as { at: number; schedule: NodeSchedule };
    this.refresh();
    return { kind: 'schedule', at, schedule, tradeDate: this.tradeDate };
  }

  private clockStart(clock: NodeClock): number {
    const day = this.day as SessionDay;
    return clock.from === 'session' ? day.open : (day.rthOpen ?? never);
  }

  private enter(day: SessionDay): void {
    this.day = day;
    this.phases = phasesOf(day);
    this.phaseIndex = 0;
    this.running = this.clocks.map((clock) => {
      const start = this.clockStart(clock);
      const end = clock.from === 'session' ? day.close : (day.rthEnd ?? never);
      return {
        clock,
        at: start === never ? never : Math.min(start + clock.everyUs, end),
        index: 0,
        end,
      };
    });
    this.due = this.schedules
      .filter((schedule) => runsOn(schedule.days, day))
      .map((schedule) => ({ at: this.scheduleTime(schedule.at, day), schedule }))
      .sort((a, b) => a.at - b.at || a.schedule.node - b.schedule.node);
    this.refresh();
  }

  /** A time at or after the evening open belongs to the evening before the trade date. */
  private scheduleTime(at: string, day: SessionDay): number {
    const ts = zonedToUtc(this.zone, day.tradeDate, at);
    return ts >= day.close ? ts - microsPerDay : ts;
  }

  private refresh(): void {
    let next = this.phases[this.phaseIndex]?.ts ?? never;
    for (const clock of this.running) if (clock.at < next) next = clock.at;
    const due = this.due[0];
    if (due && due.at < next) next = due.at;
    this.nextAt = next;
  }
}
