import { hash } from 'node:crypto';
import { canonicalJson } from '../contracts/canonical.ts';
import type { Candidate, JournalRecord } from '../contracts/journal.ts';
import type { Macrostep } from './machine.ts';
import type { MachineEvent } from './transitions.ts';

/** Where an event came from in the input: topic, partition, offset, row. */
export interface InputPlace {
  readonly topic: string;
  readonly p: number;
  readonly o: number;
  readonly i: number;
}

/** Hash before the first macrostep. */
export const emptyJournalHash = '0'.repeat(64);

/** What the hash of a journal record covers: everything that must be equal on every backend and runtime. */
export function hashedPart(
  record: Omit<JournalRecord, 'in' | 'explain' | 'taken' | 'hash'>,
): string {
  const { seq, ts, node, event, from, to, guards, patch, emits } = record;
  return canonicalJson({ emits, event, from, guards, node, patch, seq, to, ts });
}

/** Returns the next hash of the chain. */
export function chainHash(previous: string, hashed: string): string {
  return hash('sha256', previous + hashed);
}

/** The hash chain over a task's macrosteps. */
export class Journal {
  seq = 0;
  hash = emptyJournalHash;
  private readonly isHashed: boolean;

  /** @param isHashed - False counts macrosteps only; the hash stays that of an empty journal. */
  constructor(isHashed = true) {
    this.isHashed = isHashed;
  }

  /** Adds one macrostep; returns its record as JSON text, or nothing when nobody will read it. */
  add(
    node: string,
    ts: number,
    event: MachineEvent,
    step: Macrostep,
    place: InputPlace,
    isRead: boolean,
  ): string {
    this.seq += 1;
    if (!this.isHashed) return '';
    const hashed = hashedPart({
      seq: this.seq,
      ts,
      node,
      event,
      from: step.from,
      to: step.to,
      guards: step.guards,
      patch: step.patch,
      emits: step.emits,
    });
    this.hash = chainHash(this.hash, hashed);
    if (!isRead) return '';
    const explain: readonly Candidate[] | undefined =
      step.candidates.length > 0 ? step.candidates : undefined;
    // The hashed text is part of the record as it stands, so that the record is written once.
    const rest = JSON.stringify({
      taken: step.taken,
      in: place,
      ...(explain ? { explain } : {}),
      hash: this.hash,
    });
    return `${hashed.slice(0, -1)},${rest.slice(1)}`;
  }
}
