import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '#engine/contracts/journal.ts';
import { EdgeCounts } from '#engine/inspect/edge-counts.ts';
import { findInstrument } from '#engine/market/instrument.ts';
import type { TransitionInfo } from '#engine/runtime/transitions.ts';
import { edgeFacts } from './machine-value.ts';

const info = (id: string, source: string): TransitionInfo => ({
  id,
  source,
  event: 'period',
  index: 0,
  target: null,
  guard: 'g',
  why: null,
  kind: 'event',
});
const infos = [info('idle:period:0', 'idle'), info('in:period:0', 'in'), info('r', '(root)')];

/** A macrostep in which the guards of some transitions were asked. */
function step(seq: number, from: string, to: string, asked: readonly string[]): JournalRecord {
  return {
    seq,
    in: { topic: 't', p: 0, o: 0, i: 0 },
    ts: seq * 1_000_000,
    node: 'eighty',
    event: { type: 'period' },
    from,
    to,
    guards: '0',
    patch: {},
    emits: [],
    taken: [],
    explain: asked.map((transition) => ({
      transition,
      target: null,
      verdict: 'guard-blocked',
      leaves: [],
    })),
    hash: '',
  };
}

function staysOf(records: readonly JournalRecord[]): Readonly<Record<string, boolean>> {
  const counts = new EdgeCounts(infos);
  for (const record of records) counts.take(record);
  const steps = records.map((record) => ({
    ...record,
    event: record.event.type,
    isBlocked: true,
  }));
  const words = { instrument: findInstrument('ES'), zone: 'America/New_York' as const };
  const { asked } = edgeFacts(counts, steps, words);
  return Object.fromEntries(Object.entries(asked).map(([id, { isThisStay }]) => [id, isThisStay]));
}

describe('what was asked last', () => {
  it('is of this stay only since the state was entered', () => {
    const first = [step(1, 'idle', 'in', ['idle:period:0']), step(2, 'in', 'in', ['in:period:0'])];
    expect(staysOf(first)).toEqual({ 'idle:period:0': false, 'in:period:0': true });
    const again = [...first, step(3, 'in', 'idle', []), step(4, 'idle', 'in', [])];
    expect(staysOf(again)).toMatchObject({ 'in:period:0': false });
    expect(staysOf([...again, step(5, 'in', 'in', ['in:period:0'])])).toMatchObject({
      'in:period:0': true,
    });
  });

  it('counts what is asked in the macrostep that enters the state', () => {
    expect(staysOf([step(1, 'idle', 'in', ['in:period:0'])])).toEqual({ 'in:period:0': true });
  });

  it('stays when an inner state changes, and always for the machine itself', () => {
    const records = [
      step(1, 'idle', 'in.a', ['r']),
      step(2, 'in.a', 'in.a', ['in:period:0']),
      step(3, 'in.a', 'in.b', []),
    ];
    expect(staysOf(records)).toEqual({ r: true, 'in:period:0': true });
  });
});
