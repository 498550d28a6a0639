import type { Leaf } from './evidence.ts';

/** How a candidate transition ended in one macrostep. */
export type CandidateVerdict = 'fired' | 'guard-blocked' | 'shadowed' | 'error';

/** A candidate transition of a macrostep: what was asked, and what each leaf answered. */
export interface Candidate {
  /** `<source state>:<event>:<index>` of the machine; the index counts candidates of that state and event. */
  readonly transition: string;
  readonly target: string | null;
  readonly why?: string;
  readonly verdict: CandidateVerdict;
  readonly leaves: readonly Leaf[];
}

/** One macrostep: an event run to completion. `hash` chains over everything but `in`, `explain` and itself. */
export interface JournalRecord {
  /** Number of the macrostep in its task, from 1. */
  readonly seq: number;
  /** The input record it came from: topic, partition, offset, row inside a batch. Not hashed: offsets differ by backend. */
  readonly in: {
    readonly topic: string;
    readonly p: number;
    readonly o: number;
    readonly i: number;
  };
  readonly ts: number;
  readonly node: string;
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
  /** State values before and after, as `state`, `a.b` or for parallel regions `a,b`. */
  readonly from: string;
  readonly to: string;
  /** One bit per guard leaf evaluated, in order, as text of 0 and 1. */
  readonly guards: string;
  /** Context fields that changed, with their new values. */
  readonly patch: Readonly<Record<string, unknown>>;
  readonly emits: readonly {
    readonly port: string;
    readonly payload: Readonly<Record<string, unknown>>;
  }[];
  /** Transitions taken, in order, by id. */
  readonly taken: readonly string[];
  readonly explain?: readonly Candidate[];
  readonly hash: string;
}

/** The record `@task` of a task's state: written in every commit. */
export interface TaskState {
  readonly flowHash: string;
  readonly seq: number;
  readonly journalHash: string;
  readonly eventTime: number;
  /** Next offset to read, by topic. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** A probe's window maximum: what a sensor reached of what it needed in one minute. */
export interface ProbeReading {
  readonly ts: number;
  readonly node: string;
  readonly probe: string;
  readonly value: number;
  readonly needed: number;
  readonly unit: string;
}

/** The contract of a {@link ProbeWindow}. */
export const probeSchema = 'probe-window/1';

/** What all probes of a task read that saw anything in the minute that ended at `ts`. Not part of the hash. */
export interface ProbeWindow {
  readonly ts: number;
  readonly probes: readonly Omit<ProbeReading, 'ts'>[];
}

/** Returns the readings of a window, each with the window's time. */
export function readingsOf({ ts, probes }: ProbeWindow): ProbeReading[] {
  return probes.map((probe) => ({ ts, ...probe }));
}

/** What a quarantined node leaves behind, or a record from outside that nobody could take. */
export interface DeadLetter {
  readonly ts: number;
  readonly seq: number;
  /** The node that failed, or that the record was meant for; `@input` for a market batch that cannot be read. */
  readonly node: string;
  readonly input: {
    readonly topic: string;
    readonly p: number;
    readonly o: number;
    readonly i: number;
  };
  readonly event: Readonly<Record<string, unknown>> | null;
  readonly error: string;
  /** `skip`: the record was left out and the node goes on. */
  readonly policy: 'halt-trading' | 'quarantine' | 'skip';
  /** The command that runs the log's input again, up to this record. */
  readonly replay: string;
}

/** Evidence of a late record that an in-port refused is kept as a probe of this name. */
export const lateDropped = (port: string): string => `late-dropped:${port}`;
/** Evidence of a record that a wire's `where` refused is kept as a probe of this name. */
export const whereRefused = (port: string): string => `where-refused:${port}`;
