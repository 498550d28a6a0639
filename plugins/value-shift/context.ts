import {
  assert,
  type Instrument,
  meanOf,
  nextSession,
  type Payload,
  parseTradeDate,
  type SessionDay,
  sessionDay,
  withSession,
} from '#engine';
import type { Config } from './config.ts';
import { both, closeDay, crossDay, type Day, isRejected, moveDay, openDay } from './facts.ts';
import type { records, Senses } from './ports.ts';
import type { Tags } from './tags.ts';
import {
  countClose,
  type ExpectationName,
  emptySlot,
  expectationNames,
  type PerSide,
  type Side,
  type Slot,
  type View,
  type Zones,
} from './value-shift.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** Raised by the machine itself when there is something to judge. */
type Raised =
  | { readonly type: 'judge' }
  /** A point of control held: what was expected through it is over. */
  | { readonly type: 'pocTaken'; readonly side: Side };
/** An event into the machine: a sense, a record of an in-port, or one it raised. */
export type Event = Named[keyof Inputs] | Raised;
export type Slots = Readonly<Record<ExpectationName, PerSide<Slot>>>;

/** Everything the machine remembers; plain values, bounded. */
export interface Context {
  readonly tradeDate: string;
  /** Counts what was told. */
  readonly seq: number;
  readonly ts: number;
  readonly price: number;
  readonly isClose: boolean;
  readonly isEnd: boolean;
  readonly rolled: boolean;
  readonly rthEnd: number | null;
  readonly regime: string | null;
  /** The relation published for today by another node. */
  readonly published: { readonly tradeDate: string; readonly relation: View['relation'] } | null;
  readonly zones: Zones;
  /** Ranges of earlier ordinary sessions, oldest first. */
  readonly ranges: readonly number[];
  readonly day: Day | null;
  readonly slots: Slots;
  readonly tags: Tags;
  /** The expectation that changed last. */
  readonly changed: { readonly name: ExpectationName; readonly side: Side };
}

const emptySlots = Object.fromEntries(
  expectationNames.map((name) => [name, both(() => emptySlot)]),
) as unknown as Slots;

const noZones: Zones = { composites: [], stacks: [], balances: [] };

/** What the machine starts with. */
export const emptyContext: Context = {
  tradeDate: '',
  seq: 0,
  ts: 0,
  price: 0,
  isClose: false,
  isEnd: false,
  rolled: false,
  rthEnd: null,
  regime: null,
  published: null,
  zones: noZones,
  ranges: [],
  day: null,
  slots: emptySlots,
  tags: {},
  changed: { name: 'other-side', side: 'long' },
};

/** Returns the event as the type a transition is taken for. */
function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

/** Returns the slots with one changed. */
export function withSlot(slots: Slots, name: ExpectationName, side: Side, slot: Slot): Slots {
  return { ...slots, [name]: { ...slots[name], [side]: slot } };
}

function mapSlots(slots: Slots, of: (slot: Slot) => Slot): Slots {
  return Object.fromEntries(
    expectationNames.map((name) => [name, both((side) => of(slots[name][side]))]),
  ) as unknown as Slots;
}

/** Counts a close in the slots that count closes. */
function closeSlots(slots: Slots, close: number | null): Slots {
  const isCounting = ({ long, short }: PerSide<Slot>): boolean =>
    isCarried(long) || isCarried(short);
  return expectationNames.some((name) => isCounting(slots[name]))
    ? mapSlots(slots, (slot) => countClose(slot, close))
    : slots;
}

/** Whether a slot goes on into the next session. */
export const isCarried = (slot: Slot): boolean => slot.status === 'active';

/** Starts a trade date: what is active stays, everything else begins anew. */
export function startDay({ slots, seq }: Context, event: Event): Partial<Context> {
  const { tradeDate, ts } = as('dayBegan', event);
  return {
    tradeDate,
    ts,
    seq: seq + 1,
    isClose: false,
    isEnd: false,
    day: null,
    tags: {},
    slots: mapSlots(slots, (slot) =>
      isCarried(slot) ? { ...slot, beyond: 0, back: 0 } : emptySlot,
    ),
  };
}

/** Takes the calendar's row; an ordinary session that is over counts in the average range. */
export function keepPhase(config: Config, context: Context, event: Event): Partial<Context> {
  const row = as('phase', event);
  const { day, ranges, tradeDate } = context;
  const isOdd = row.short || row.holiday || row.thin || row.gap;
  const isOver = row.phase === 'closed' && row.tradeDate === tradeDate;
  const isMember = isOver && !isOdd && day !== null;
  return {
    rolled: row.rolled,
    ranges: isMember
      ? withSession(ranges, day.sessionHigh - day.sessionLow, config.rangeSessions)
      : ranges,
    // The session is over: nothing is judged by it any more.
    ...(isOver ? { day: null } : {}),
  };
}

/** Takes what another node says. */
export function keepRegime(event: Event): Partial<Context> {
  return { regime: as('regime', event).regime };
}

export function keepRelation(event: Event): Partial<Context> {
  const { tradeDate, relation } = as('relation', event);
  return { published: { tradeDate, relation } };
}

const mostZones = 40;

export function keepStack(event: Event): Partial<Context> {
  const { inForce, composites, stacks, balance } = as('stack', event);
  if (!inForce) return { zones: noZones };
  return {
    zones: {
      composites: composites.slice(-mostZones).map(({ val, vah }) => ({ low: val, high: vah })),
      stacks: stacks.slice(-mostZones).map(({ low, high }) => ({ low, high })),
      balances: balance ? [{ low: balance.val, high: balance.vah }] : [],
    },
  };
}

function told(context: Context, event: { readonly ts: number; readonly price: number }) {
  return {
    seq: context.seq + 1,
    ts: event.ts,
    price: event.price,
    isClose: false,
    isEnd: false,
  };
}

/** Takes the open and the area of the day. */
export function keepOpen(instrument: Instrument, context: Context, event: Event): Partial<Context> {
  const opened = as('opened', event);
  return {
    ...told(context, opened),
    tradeDate: opened.tradeDate,
    rthEnd: horizonOf(instrument, opened.tradeDate, 1),
    day: openDay(opened),
  };
}

/** Takes what the sensor tells in the course of the session. */
export function keepTold(config: Config, context: Context, event: Event): Partial<Context> {
  if (context.day === null || !('price' in event) || !('vwap' in event)) return {};
  const day = moveDay(context.day, event);
  const now = told(context, event);
  switch (event.type) {
    case 'crossed':
      return { ...now, day: crossDay(day, event) };
    case 'halfHour':
      return {
        ...now,
        isClose: true,
        day: closeDay(day, event, config),
        slots: closeSlots(context.slots, event.close),
      };
    case 'pocApart':
      return { ...now, day: { ...day, apart: { ...day.apart, [event.side]: true } } };
    case 'pocHeld': {
      const { poc, price, touches, bounceTicks, side } = event;
      const held = { poc, price, touches, bounceTicks };
      return { ...now, day: { ...day, held: { ...day.held, [side]: held } } };
    }
    case 'pocBroken': {
      const broken = [...day.broken[event.side], event.poc];
      return { ...now, day: { ...day, broken: { ...day.broken, [event.side]: broken } } };
    }
    case 'rthEnded':
      return { ...now, isEnd: true, day };
    default:
      return { ...now, day };
  }
}

/** Returns what the rules are asked about; null outside a session with an area. */
export function viewOf(config: Config, context: Context): View | null {
  const { day, published, ranges, tradeDate } = context;
  if (day === null) return null;
  const isPublished = published !== null && published.tradeDate === tradeDate;
  return {
    ...day,
    seq: context.seq,
    ts: context.ts,
    tradeDate,
    isClose: context.isClose,
    isEnd: context.isEnd,
    rthEnd: context.rthEnd,
    regime: context.regime,
    relation: isPublished && published.relation !== null ? published.relation : day.relation,
    rejected: both((side) => isRejected(day, side, config)),
    averageRange: ranges.length < config.minSessions ? null : meanOf(ranges),
    zones: context.zones,
  };
}

/** Returns when an expectation of today ends: with its last regular session. */
export function horizonOf(
  instrument: Instrument,
  tradeDate: string,
  sessions: number,
): number | null {
  let day: SessionDay | null = sessionDay(instrument.calendar, parseTradeDate(tradeDate));
  let left = sessions - 1;
  while (day !== null && left > 0) {
    day = nextSession(instrument.calendar, day);
    if (day.rthEnd !== null && !day.holiday) left -= 1;
  }
  return day === null ? null : day.rthEnd;
}
