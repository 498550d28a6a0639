import {
  type Candidate,
  type DeadLetter,
  type JournalRecord,
  type ProbeWindow,
  readingsOf,
} from '../contracts/journal.ts';
import type { RunRecord } from '../contracts/run.ts';
import { isNearMiss, shortfall } from '../contracts/shortfall.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import type { HeardSignal } from './entities/journal.ts';
import { flowOf, payloadOf, placeOf, RefusedRecord } from './record-fields.ts';
import type { Rows } from './rows.ts';
import { tables } from './tables.ts';

/** A reading of this share of its threshold was close. */
const closeReading = 0.8;

/** Reads a record that the engine wrote about itself; `fields` are those without which it is none. */
function read<Shape>(record: StoredRecord, ...fields: readonly (keyof Shape & string)[]): Shape {
  const payload = payloadOf(record);
  const missing = fields.find((field) => payload[field] === undefined);
  if (missing !== undefined) throw new RefusedRecord(`without ${missing}`);
  return payload as Shape;
}

const isNear = ({ verdict, leaves }: Candidate): boolean =>
  verdict === 'guard-blocked' && isNearMiss(leaves);

/** Returns what a signal said; null for an event that is none. */
function heardOf({ side, price, reason }: JournalRecord['event']): HeardSignal | null {
  const isSignal =
    typeof side === 'string' && typeof price === 'number' && typeof reason === 'string';
  return isSignal ? { side, price, reason } : null;
}

/** The index of a macrostep, its near misses, and how far the journal is. */
export function projectJournal(record: StoredRecord, rows: Rows): void {
  const step = read<JournalRecord>(record, 'seq', 'node', 'event', 'from', 'to', 'taken', 'emits');
  const flow = flowOf(record.topic, 'journal');
  const { ts, node, seq, explain, taken } = step;
  const common = { ts, instrument: record.key, flow, node, seq };
  rows.add(tables.journalEntries, {
    ...placeOf(record),
    ...common,
    event: step.event.type,
    heard: heardOf(step.event),
    from: step.from,
    to: step.to,
    transitions: taken.length,
    taken: [...taken],
    emits: step.emits.map(({ port }) => port),
    blocked: explain?.filter(({ verdict }) => verdict === 'guard-blocked').length ?? null,
  });
  for (const [index, candidate] of (explain ?? []).entries()) {
    if (!isNear(candidate)) continue;
    const { leaves, transition } = candidate;
    const missed = leaves.filter((leaf) => !leaf.ok).length;
    rows.add(tables.nearMisses, {
      ...placeOf(record),
      index,
      ...common,
      kind: 'guard',
      what: transition,
      shortfall: shortfall(leaves),
      held: leaves.length - missed,
      missed,
      leaves: [...leaves],
    });
  }
  rows.add(tables.systemStatus, {
    instrument: record.key,
    component: `${flow}.journal`,
    state: 'written',
    since: ts,
    ts,
    detail: { seq, hash: step.hash },
  });
}

/** Where sensors came close to their thresholds in a minute. */
export function projectProbes(record: StoredRecord, rows: Rows): void {
  readingsOf(read<ProbeWindow>(record, 'ts', 'probes')).forEach((reading, index) => {
    const { ts, node, probe, value, needed, unit } = reading;
    const isClose = needed > 0 && value < needed && value >= needed * closeReading;
    // Under names with a colon the engine keeps evidence of refused records.
    if (!isClose || probe.includes(':')) return;
    const leaf = { ok: false, left: value, op: '>=', right: needed, margin: value - needed, unit };
    rows.add(tables.nearMisses, {
      ...placeOf(record),
      ...{ index, ts, instrument: record.key, flow: flowOf(record.topic, 'probes'), node },
      ...{ kind: 'probe', what: probe, seq: null, shortfall: (needed - value) / needed },
      ...{ held: 0, missed: 1, leaves: [{ text: probe, ...leaf }] },
    });
  });
}

/** What a quarantined node left behind, and that it is out of work. */
export function projectDeadLetter(record: StoredRecord, rows: Rows): void {
  const letter = read<DeadLetter>(record, 'node', 'seq', 'error', 'policy', 'replay');
  const { ts, node, seq, error, policy, replay } = letter;
  const flow = flowOf(record.topic, 'dead-letters');
  rows.add(tables.deadLetters, {
    ...placeOf(record),
    ...{ ts, instrument: record.key, flow, node, seq, error, policy, replay },
    event: letter.event,
  });
  rows.add(tables.systemStatus, {
    instrument: record.key,
    component: `${flow}.${node}`,
    state: policy,
    since: ts,
    ts,
    detail: { error },
  });
}

/** A process that ran a flow. */
export function projectRun(record: StoredRecord, rows: Rows): void {
  const run = read<RunRecord>(
    record,
    'id',
    'flow',
    'flowVersion',
    'flowHash',
    'startedAt',
    'state',
  );
  const { id, flow, flowVersion, flowHash, startedAt, stoppedAt, state } = run;
  rows.add(tables.runs, {
    ...{ id, instrument: record.key, flow, flowVersion, flowHash, startedAt, stoppedAt, state },
    program: run.program,
    sources: [...run.sources],
  });
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** What an operator asked for: whatever a command's record says of itself, by the names commands have. */
export function projectCommand(record: StoredRecord, rows: Rows): void {
  const payload = payloadOf(record);
  const { command, type, actor, reason, key, id, at } = payload;
  rows.add(tables.auditEntries, {
    ...placeOf(record),
    ts: record.ts,
    instrument: record.key,
    command: textOr(command) ?? textOr(type) ?? record.schema,
    actor: textOr(actor),
    reason: textOr(reason),
    outcome: textOr(payload['outcome']),
    at: typeof at === 'number' ? at : null,
    key: textOr(key) ?? textOr(id),
    record: payload,
  });
}
