import { describe, expect, it } from 'vitest';
import type { StoredRecord } from '../runtime/ports.ts';
import { readFlowTest } from './flow-test-file.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';
import { JournalBook } from './journal-book.ts';
import { pinCase } from './pinned-case.ts';
import type { ReadableLog } from './topic-reader.ts';

/** The log of a run's journal, from a macrostep on. */
function logOf(run: MadeRun, first: number): ReadableLog {
  const journal = run.recording.history.data(false).journal('buyer');
  const records = journal.map(
    (record): StoredRecord => ({
      ...{ topic: 'made.journal', key: 'ES', ts: record.ts, schema: 'journal/1', seq: record.seq },
      ...{ partition: 0, offset: record.seq - 1, value: JSON.stringify(record) },
    }),
  );
  const kept = records.filter(({ seq = 0 }) => seq >= first);
  return {
    read: async (topic, _, from, limit) =>
      topic === 'made.journal' ? kept.filter(({ offset }) => offset >= from).slice(0, limit) : [],
    end: async (topic) => (topic === 'made.journal' ? records.length : 0),
  };
}

async function pin(run: MadeRun, port: string, first = 1) {
  const { graph, instrument } = run.task;
  const book = new JournalBook(logOf(run, first), graph, instrument);
  await book.advance(async () => {});
  return pinCase(book, run.task, 'buyer', port);
}

function made(): MadeRun {
  const run = new MadeRun([{ id: 'buyer', plugin: buyer }]);
  run.send(run.at('10:00') + 250_000, 'buyer.offer', { price: 15_000 });
  run.send('10:00:30', 'buyer.confirm');
  return run;
}

describe('a case pinned from the journal', () => {
  it('has state, context and payload as they were, and holds when it is run', async () => {
    const pinned = await pin(made(), 'confirm');
    if (typeof pinned === 'string') throw new Error(pinned);
    expect(pinned.failures).toEqual([]);
    const { test, lints } = readFlowTest('a.test.yaml', `flow: a\ncases:\n${pinned.text}`);
    expect(lints).toEqual([]);
    expect(test?.cases[0]).toMatchObject({
      given: {
        tradeDate: '2025-11-19',
        instrument: 'ES',
        states: { buyer: 'watching.fresh' },
        context: { buyer: { price: 15_000 } },
      },
      feed: [{ at: '10:00:30', emit: { 'test.input.buyer.confirm': {} } }],
      expect: {
        emits: [{ port: 'buyer.bought', payload: { price: 3_750 } }],
        states: { buyer: 'owning' },
      },
    });
  });

  it('keeps fractions of a second, and prices as decimals', async () => {
    const pinned = await pin(made(), 'offer');
    expect(pinned).toMatchObject({ seq: 2, failures: [] });
    expect(typeof pinned === 'string' ? '' : pinned.text).toContain(
      'at: 10:00:00.250000, emit: { test.input.buyer.offer: { price: 3750 } }',
    );
  });

  it('says of an event that changed nothing that nothing came of it', async () => {
    const run = new MadeRun([{ id: 'buyer', plugin: buyer }]);
    run.send('10:00', 'buyer.offer', { price: 30_000 });
    const pinned = await pin(run, 'offer');
    expect(typeof pinned === 'string' ? pinned : pinned.text).toContain(
      'expect: { never: [ buyer.bought ], states: { buyer: looking } }',
    );
  });

  it('says why there is none', async () => {
    expect(await pin(made(), 'spoil')).toContain('the journal has no event of it');
    expect(await pin(made(), 'nothing')).toBe('nothing is wired to it');
    expect(await pin(made(), 'confirm', 3)).toContain('no longer says what the machine knew');
  });
});
