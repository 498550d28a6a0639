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
}

/** Counts and last questions of a machine's transitions, by transition id; those nothing became of are left out. */
export interface EdgeFacts {
  readonly counts: Readonly<Record<string, EdgeCount>>;
  readonly asked: Readonly<Record<string, EdgeAsked>>;
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
}
