import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../contracts/journal.ts';
import { marketTopic } from '../contracts/market-batch.ts';
import { contractId } from '../plugin/port.ts';
import { largeLot } from '../testing/large-lot.ts';
import { driveNode } from '../testing.ts';
import { readInput } from './input-record.ts';
import type { StoredRecord } from './ports.ts';
import { consumersOf, createRoutes } from './routes.ts';
import { Task } from './task.ts';

const driven = driveNode(largeLot, { tradeDate: '2025-11-19' });
const { graph, instrument } = driven.task;
const ts = driven.at('10:00:00');
const wanted = contractId(largeLot.in.cancel.schema, largeLot.id, 'cancel');
const sound: StoredRecord = {
  topic: 'test.input',
  key: 'ES',
  ts,
  schema: wanted,
  port: 'cancel',
  value: JSON.stringify({ ts, reason: 'asked' }),
  partition: instrument.number,
  offset: 0,
};

/** Takes a record and returns what it left behind, and the events the machine had. */
function take(change: Partial<StoredRecord>) {
  const task = new Task(graph, instrument);
  task.step({ ...sound, ...change });
  const records = task.output.take();
  const letters = records
    .filter(({ schema }) => schema === 'dead-letter/1')
    .map(({ value }) => JSON.parse(String(value)) as DeadLetter);
  const events = records
    .filter(({ schema }) => schema === 'journal/1')
    .map(({ value }) => (JSON.parse(String(value)) as { event: { type: string } }).event.type);
  return { task, letters, events };
}

describe('a record from outside', () => {
  it('is taken when it is what its in-port asks for, whoever wrote it', () => {
    for (const schema of [wanted, '', 'other/7']) {
      const { letters, events } = take({ schema });
      expect(letters).toEqual([]);
      expect(events).toEqual(['@init', 'cancel']);
    }
  });

  it.each<[string, Partial<StoredRecord>, string]>([
    ['no JSON', { value: '{"reason":' }, `expected a JSON object, was "{\\"reason\\":"`],
    ['bytes', { value: new Uint8Array(3) }, 'expected a JSON object, was 3 bytes'],
    ['a list', { value: '[1]' }, 'expected a JSON object, was [1]'],
    [
      'another version',
      { schema: wanted.replace(/\d+$/, '9') },
      `expected ${wanted}, was contract`,
    ],
    ['a wrong field', { value: '{"reason":5}' }, `expected ${wanted}, was reason: `],
  ])('that is %s is skipped, leaves a dead letter, and the node goes on', (_, change, words) => {
    const { task, letters, events } = take(change);
    expect(events).toEqual(['@init']);
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      node: largeLot.id,
      policy: 'skip',
      input: { topic: 'test.input', o: 0 },
    });
    expect(letters[0]?.error).toContain(words);
    expect(task.nodes[0]?.quarantined).toBe(false);
    const [consumer] = consumersOf(createRoutes(task.nodes), sound);
    expect(() => readInput({ ...sound, ...change }, consumer!, true)).toThrow(
      expect.objectContaining({ code: 'OF_INPUT_RECORD' }),
    );
    task.step({ ...sound, offset: 1 });
    expect(task.output.take().some(({ schema }) => schema === 'journal/1')).toBe(true);
  });

  it('that is a market batch nobody can read is skipped too', () => {
    const { task, letters } = take({ topic: marketTopic, value: new Uint8Array([1, 2, 3]) });
    expect(letters).toMatchObject([{ node: '@input', policy: 'skip' }]);
    expect(task.offsets[marketTopic]).toBe(1);
  });
});
