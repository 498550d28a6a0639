import type { NodeFate } from '#engine/contracts/deployment.ts';
import type { CandidateVerdict } from '#engine/contracts/journal.ts';
import type { SaidLeaf } from '#engine/inspect/say-why.ts';

/** Shapes of the inspector, on both sides. Prices are decimals, times microseconds. */

/** What became of a transition today. */
export interface EdgeCount {
  readonly fired: number;
  readonly blocked: number;
  readonly shadowed: number;
  readonly lastFired: number | null;
}

/** The last time a transition was a candidate, with what its guard compared. */
export interface EdgeAsked {
  readonly ts: number;
  readonly seq: number;
  readonly verdict: CandidateVerdict;
  readonly leaves: readonly SaidLeaf[];
  /** Since the machine is in the state it leads out of; false for an earlier stay there. */
  readonly isThisStay: boolean;
}

/** Refusals of the day in which little was missing. */
export interface EdgeNear {
  readonly count: number;
  /** When least was missing. */
  readonly ts: number;
  readonly seq: number;
  /** From 0, a hair's breadth, to 1. */
  readonly shortfall: number;
  /** What was missing then. */
  readonly missed: readonly SaidLeaf[];
}

/** What a guard would answer now, though nothing happened. */
export interface AskedNow {
  /** The event it was asked about, as it came last; null for one of `at once`, which needs none. */
  readonly event: { readonly type: string; readonly ts: number; readonly seq: number } | null;
  /** `unreached`: a transition before it would be taken. */
  readonly verdict: 'held' | 'refused' | 'error' | 'unreached' | 'no-event';
  readonly leaves: readonly SaidLeaf[];
  readonly error: string | null;
}

/** The guards that lead out of the present state, asked now, by transition id. */
export interface GuardsNow {
  readonly node: string;
  /** Event time of the asking. */
  readonly ts: number;
  readonly state: string;
  readonly asked: Readonly<Record<string, AskedNow>>;
}

/** Counts and last questions of a machine's transitions, by transition id; those nothing became of are left out. */
export interface EdgeFacts {
  readonly counts: Readonly<Record<string, EdgeCount>>;
  readonly asked: Readonly<Record<string, EdgeAsked>>;
  readonly nears: Readonly<Record<string, EdgeNear>>;
}

/** How long a machine was in a state on one trade day. */
export interface Dwell {
  readonly path: string;
  /** Microseconds of the stays of the day that have ended. */
  readonly spent: number;
  /** Since when it is in the state; null while it is in another. */
  readonly since: number | null;
  /** From where on the stay that has not ended counts: its beginning, or the open of the day. */
  readonly countsFrom: number | null;
}

/** A timer that runs. */
export interface RunningTimer {
  readonly event: string;
  readonly due: number;
}

/** What a sensor's threshold stands at. */
export interface ProbeReading {
  readonly probe: string;
  readonly text: string;
  /** Whether what is needed is reached. */
  readonly isReached: boolean;
}

/** `machine:<node>`: a machine as it is now, and what was asked of it today. */
export interface MachineValue extends EdgeFacts {
  readonly state: string;
  readonly timers: readonly RunningTimer[];
  readonly probes: readonly ProbeReading[];
  readonly quarantined: boolean;
  /** The last macrostep in which a transition was taken, of those that are read; null when there is none. */
  readonly taken: {
    readonly ids: readonly string[];
    readonly seq: number;
    readonly ts: number;
  } | null;
  /** Last macrostep that counts and questions include; null before the journal is read. */
  readonly countedTo: number | null;
  /** How far the journal is read, while it is being read. */
  readonly reading: { readonly read: number; readonly all: number } | null;
  /** States of the trade day the journal ends in; those it never was in are left out. */
  readonly dwells: readonly Dwell[];
}

/** A machine's state at the moment looked at. */
export interface StateThen {
  readonly node: string;
  /** Empty before it was started. */
  readonly state: string;
  readonly since: number | null;
}

/** Rows of a table as they were published last before a moment. */
export interface TableThen {
  readonly node: string;
  readonly port: string;
  /** When the newest of the rows was published; null when none was. */
  readonly ts: number | null;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** One candidate of a macrostep, in words. */
export interface CandidateThen {
  readonly transition: string;
  readonly target: string | null;
  readonly why: string | null;
  readonly verdict: CandidateVerdict;
  readonly leaves: readonly SaidLeaf[];
}

/** The last trade at or before a moment, as the market's topic of the log has it. */
export type PriceThen =
  | { readonly price: number; readonly decimals: number; readonly ts: number }
  /** Why there is none. */
  | { readonly missing: string };

/** What a probe stood at in the last minute before a moment in which it saw anything. */
export interface ProbeThen {
  readonly node: string;
  readonly probe: string;
  /** When that minute ended; null when none is known. */
  readonly ts: number | null;
  /** What was reached; empty when nothing is known. */
  readonly text: string;
  readonly isReached: boolean;
}

/** The flow that ran at a moment. */
export interface RevisionThen {
  /** The first twelve digits of its hash. */
  readonly hash: string;
  /** Under which version it took over; null for the one the log begins with. */
  readonly version: string | null;
  /** When it took over; null for the one the log begins with. */
  readonly since: number | null;
  /** The flow of now. */
  readonly isNow: boolean;
  /** What took over from it; null for the flow of now. */
  readonly until: { readonly ts: number; readonly version: string } | null;
  /** Why the log cannot tell which flow ran then; null where it can. */
  readonly doubt: string | null;
}

/** Parameters of a node at a moment. */
export interface ParamsThen {
  readonly fields: readonly {
    readonly name: string;
    readonly was: string;
    /** Null where it is the same. */
    readonly now: string | null;
  }[];
  /** What the log cannot tell; null when it tells all. */
  readonly unknown: string | null;
}

/** The whole system right after one macrostep. */
export interface MomentView {
  readonly seq: number;
  readonly ts: number;
  /** When the next macrostep came; null when this was the newest. */
  readonly nextTs: number | null;
  readonly price: PriceThen;
  readonly revision: RevisionThen;
  /** Event time between the moment and the newest macrostep. */
  readonly behind: number;
  /** False when the log no longer reaches back to the beginning. */
  readonly isWhole: boolean;
  readonly states: readonly StateThen[];
  /** The macrostep itself. */
  readonly step: {
    readonly node: string;
    readonly event: string;
    readonly from: string;
    readonly to: string;
    readonly taken: readonly string[];
    readonly candidates: readonly CandidateThen[];
    readonly emits: readonly string[];
  };
}

/** What one machine looked like right after a macrostep. */
export interface MachineThen extends EdgeFacts {
  readonly state: string;
  readonly since: number | null;
  readonly context: Readonly<Record<string, unknown>>;
  /** Context before the last macrostep of this machine. */
  readonly before: Readonly<Record<string, unknown>>;
  /** Last macrostep of this machine up to then; null when it had none. */
  readonly own: { readonly seq: number; readonly ts: number; readonly event: string } | null;
  readonly timers: readonly RunningTimer[];
  readonly taken: MachineValue['taken'];
  readonly tables: readonly TableThen[];
  readonly probes: readonly ProbeThen[];
  readonly params: ParamsThen;
  /** States of the trade day up to then. */
  readonly dwells: readonly Dwell[];
}

/** What a changed flow did to a machine after a moment that is looked at. */
export interface OtherVersion {
  /** When it took over. */
  readonly ts: number;
  readonly version: string;
  readonly fate: NodeFate;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Parameters that changed: `minVolume 300 → 250`. */
  readonly changes: readonly string[];
}

/** Where the keys led when the page was made: macrosteps before and after the one looked at; null at an end. */
export interface StepKeys {
  readonly previous: number | null;
  readonly next: number | null;
  readonly previousChange: number | null;
  readonly nextChange: number | null;
}

/** The part of the day the cursor runs over. */
export interface TimeLine {
  /** yyyymmdd. */
  readonly tradeDate: number;
  readonly open: number;
  /** Newest event time that can be looked at. */
  readonly end: number;
  /** Last event time of the trade day. */
  readonly close: number;
  /** Event times at which the machine changed its state. */
  readonly changes: readonly number[];
}

/** One line of a log: a macrostep, or several alike in a row. */
export interface LogRow {
  readonly seq: number;
  readonly ts: number;
  readonly node: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly taken: readonly string[];
  readonly isBlocked: boolean;
  /** How many macrosteps the line stands for. */
  readonly count: number;
  /** First of them. */
  readonly since: number;
  /** Where the event came from: a node's port, the node's own sensor, a timer, the calendar or a topic. */
  readonly cause: {
    readonly kind: 'port' | 'sensor' | 'timer' | 'start' | 'other';
    readonly node: string;
    readonly text: string;
  };
}

/** Lines of a log, newest first, and what was left out. */
export interface LogView {
  readonly rows: readonly LogRow[];
  /** Macrosteps looked through, and those a filter hid. */
  readonly looked: number;
  readonly hidden: number;
  /** Look before this macrostep for older ones; null when there are none. */
  readonly older: number | null;
}
