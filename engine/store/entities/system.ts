import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { eventTime, instrument, name, place } from './columns.ts';

/** The newest state of each part of the system that the log tells of. */
export const SystemStatus = defineEntity({
  name: 'SystemStatus',
  tableName: 'system_status',
  properties: {
    instrument: instrument().primary(),
    /** `feed`, or flow and part, such as `pro-course.session`. */
    component: name().primary(),
    state: name(),
    /** Event time since when it is so. */
    since: eventTime(),
    /** Event time of the record that said it last. */
    ts: eventTime(),
    detail: p.json<Record<string, unknown>>(),
  },
});

/** A process that ran a flow for one instrument, from its start to its end. */
export const Run = defineEntity({
  name: 'Run',
  tableName: 'runs',
  properties: {
    id: p.text().primary(),
    instrument: instrument().primary(),
    flow: name(),
    flowVersion: name(),
    flowHash: p.text(),
    program: name(),
    sources: p.json<string[]>(),
    /** Wall clock. */
    startedAt: eventTime(),
    /** Null while it runs, and after a killed process. */
    stoppedAt: eventTime().nullable(),
    /** `running`, `stopped`, `failed`. */
    state: name(),
  },
  indexes: [{ properties: ['startedAt'] }],
});

/** What an operator asked for. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    ...place(),
    /** Where the market stood. */
    ts: eventTime(),
    /** Wall clock; null of a command that does not tell it. */
    at: eventTime().nullable(),
    instrument: instrument(),
    command: name(),
    actor: name().nullable(),
    /** `done` or `refused`; null of a command that does not tell it. */
    outcome: name().nullable(),
    /** Why: of a refusal, or as the operator wrote it. */
    reason: p.text().nullable(),
    /** Two records with one key are one command. */
    key: name().nullable(),
    record: p.json<Record<string, unknown>>(),
  },
  indexes: [{ properties: ['ts'] }],
});

/** How far a topic's partition was projected: written in the transaction of the rows that came of it. */
export const TopicOffset = defineEntity({
  name: 'TopicOffset',
  tableName: 'topic_offsets',
  properties: {
    topic: p.text().primary(),
    partition: p.integer().primary(),
    /** The next offset to read. */
    next: p.bigint('number'),
    /** Event time of the record before it: tells another log, or one that was cut, from this one. */
    lastTs: eventTime(),
    /** Records that did not have the shape of their contract. */
    refused: p.bigint('number'),
    /** Records the log had dropped before they were read. */
    missed: p.bigint('number'),
  },
});

/** Which log this store is a projection of; one row. */
export const StoreIdentity = defineEntity({
  name: 'StoreIdentity',
  tableName: 'store_identity',
  properties: {
    id: p.integer().primary().autoincrement(false),
    logId: p.text(),
    /** Version of the rules that make rows of records; another one asks for a rebuild. */
    projection: p.integer(),
  },
});

/** A row of `system_status`. */
export type SystemStatusRow = InferEntity<typeof SystemStatus>;
/** A row of `runs`. */
export type RunRow = InferEntity<typeof Run>;
/** A row of `audit_entries`. */
export type AuditRow = InferEntity<typeof AuditEntry>;
/** A row of `topic_offsets`. */
export type TopicOffsetRow = InferEntity<typeof TopicOffset>;
