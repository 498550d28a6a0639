import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate, JournalRecord } from '../contracts/journal.ts';
import { isNearMiss, shortfall } from '../contracts/shortfall.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';
import { blockingLeaves } from './question.ts';

/** What became of one transition in a range of event time. */
export interface TransitionCount {
  readonly info: TransitionInfo;
  readonly fired: number;
  /** Its guard was asked and did not hold. */
  readonly blocked: number;
  /** Its guard held and another transition won. */
  readonly shadowed: number;
  /** When it fired last; null when it did not. */
  readonly lastFired: number | null;
}

/** The last time a transition's guard was asked. */
export interface LastAsked {
  readonly candidate: Candidate;
  readonly ts: number;
  readonly seq: number;
}

/** How often little was missing, and the time least was. */
export interface NearMisses {
  readonly count: number;
  readonly ts: number;
  readonly seq: number;
  /** From 0, a hair's breadth, to 1. */
  readonly shortfall: number;
  readonly leaves: readonly Leaf[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what became of the transitions of one machine, macrostep by macrostep. */
export class EdgeCounts {
  private readonly counts: ReadonlyMap<string, Mutable<TransitionCount>>;
  private readonly asked = new Map<string, LastAsked>();
  private readonly nears = new Map<string, NearMisses>();

  constructor(infos: readonly TransitionInfo[]) {
    this.counts = new Map(
      infos.map((info) => [
        info.id,
        { info, fired: 0, blocked: 0, shadowed: 0, lastFired: null as number | null },
      ]),
    );
  }

  /** Takes the node's next macrostep in. */
  take({ ts, seq, taken, explain = [] }: JournalRecord): void {
    for (const id of taken) {
      const count = this.counts.get(id);
      if (!count) continue;
      count.fired += 1;
      count.lastFired = ts;
    }
    for (const candidate of explain) {
      const { transition, verdict } = candidate;
      const count = this.counts.get(transition);
      if (!count) continue;
      this.asked.set(transition, { candidate, ts, seq });
      if (verdict === 'guard-blocked') {
        count.blocked += 1;
        this.takeRefusal(count.info, candidate, ts, seq);
      }
      if (verdict === 'shadowed') count.shadowed += 1;
    }
  }

  /** The counts so far, in document order. */
  get all(): readonly TransitionCount[] {
    return [...this.counts.values()];
  }

  /** The last time each transition was a candidate, by id; those never asked are left out. */
  get lastAsked(): ReadonlyMap<string, LastAsked> {
    return this.asked;
  }

  /** Near misses of each transition, by id; of the nearest the latest. Those without one are left out. */
  get nearMisses(): ReadonlyMap<string, NearMisses> {
    return this.nears;
  }

  private takeRefusal(info: TransitionInfo, candidate: Candidate, ts: number, seq: number): void {
    const leaves = blockingLeaves(candidate, info.guard);
    if (!isNearMiss(leaves)) return;
    const known = this.nears.get(info.id);
    const count = (known?.count ?? 0) + 1;
    const missed = shortfall(leaves);
    const isNearer = !known || missed <= known.shortfall;
    this.nears.set(
      info.id,
      isNearer ? { count, ts, seq, shortfall: missed, leaves } : { ...known, count },
    );
  }

  /** Counts from 0 again; what was asked last stays. */
  reset(): void {
    this.nears.clear();
    for (const count of this.counts.values())
      Object.assign(count, { fired: 0, blocked: 0, shadowed: 0, lastFired: null });
  }
}
