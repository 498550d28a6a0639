import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Leaf } from '../../contracts/evidence.ts';
import { eventTime, instrument, name, place, real } from './columns.ts';

/** A signal as the machine that took it was told of it. */
export interface HeardSignal {
  readonly side: string;
  /** Ticks. */
  readonly price: number;
  readonly reason: string;
}

/** One macrostep of a machine: enough to find it, the rest stands in the log at its place. */
export const JournalEntry = defineEntity({
  name: 'JournalEntry',
  tableName: 'journal_entries',
  properties: {
    ...place(),
    ts: eventTime(),
    instrument: instrument(),
    flow: name(),
    node: name(),
    /** Number of the macrostep in its task. */
    seq: p.bigint('number'),
    event: name(),
    /** What the event said, where it was a signal. */
    heard: p.json<HeardSignal>().nullable(),
    from: p.text(),
    to: p.text(),
    /** How many transitions were taken. */
    transitions: p.integer(),
    /** Transitions taken, in order. */
    taken: p.json<string[]>(),
    /** Ports that something was emitted on. */
    emits: p.json<string[]>(),
    /** Candidates whose guard was asked and did not hold; null where the run kept no explanations. */
    blocked: p.integer().nullable(),
  },
  indexes: [{ properties: ['flow', 'node', 'ts'] }, { properties: ['instrument', 'ts'] }],
});

/** Something that nearly happened: a refused transition with a distance, or a sensor close to its threshold. */
export const NearMiss = defineEntity({
  name: 'NearMiss',
  tableName: 'near_misses',
  properties: {
    ...place(),
    /** Counts the candidates of one macrostep. */
    index: p.integer().primary(),
    ts: eventTime(),
    instrument: instrument(),
    flow: name(),
    node: name(),
    /** `guard`: a transition; `probe`: a threshold of the sensor. */
    kind: p.text(),
    /** Transition, or probe. */
    what: p.text(),
    seq: p.bigint('number').nullable(),
    /** From 0, a hair's breadth, to 1: nowhere near, or no number. */
    shortfall: real(),
    /** Conditions that held, and those that did not. */
    held: p.integer(),
    missed: p.integer(),
    leaves: p.json<Leaf[]>(),
  },
  indexes: [{ properties: ['instrument', 'ts'] }, { properties: ['flow', 'node', 'ts'] }],
});

/** What a quarantined node left behind. */
export const DeadLetterEntry = defineEntity({
  name: 'DeadLetterEntry',
  tableName: 'dead_letters',
  properties: {
    ...place(),
    ts: eventTime(),
    instrument: instrument(),
    flow: name(),
    node: name(),
    seq: p.bigint('number'),
    error: p.text(),
    policy: name(),
    /** The command that runs the input again up to it. */
    replay: p.text(),
    event: p.json<Record<string, unknown>>().nullable(),
  },
  indexes: [{ properties: ['ts'] }],
});

/** A row of `journal_entries`. */
export type JournalEntryRow = InferEntity<typeof JournalEntry>;
/** A row of `near_misses`. */
export type NearMissRow = InferEntity<typeof NearMiss>;
/** A row of `dead_letters`. */
export type DeadLetterRow = InferEntity<typeof DeadLetterEntry>;
