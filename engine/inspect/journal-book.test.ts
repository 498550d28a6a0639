import { describe, expect, it } from 'vitest';
import type { NodePlan } from '../contracts/deployment.ts';
import { OrderflowError } from '../errors.ts';
import type { StoredRecord } from '../runtime/ports.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';
import { JournalBook } from './journal-book.ts';
import type { ReadableLog } from './topic-reader.ts';

const pause = async (): Promise<void> => {};

interface Shape {
  /** Offsets that no record has, as a Kafka topic's marks of transactions. */
  readonly hole?: number;
  /** Records below this offset are gone. */
  readonly first?: number;
  /** Changed flows that took over. */
  readonly deployments?: readonly {
    readonly seq: number;
    readonly nodes: readonly Partial<NodePlan>[];
  }[];
}

/** A log of one journal. */
class JournalLog implements ReadableLog {
  readonly records: StoredRecord[] = [];
  private readonly shape: Shape;

  constructor(shape: Shape = {}) {
    this.shape = shape;
  }

  add(run: MadeRun): void {
    const { hole = 0 } = this.shape;
    const journal = run.recording.history.data(false).journal('buyer');
    for (const record of journal.slice(this.records.length)) {
      const offset = (record.seq - 1) * (hole + 1);
      this.records.push({
        topic: 'made.journal',
        key: 'ES',
        ts: record.ts,
        schema: 'journal/1',
        seq: record.seq,
        value: JSON.stringify(record),
        partition: 0,
        offset,
      });
    }
  }

  async read(topic: string, partition: number, from: number, limit: number) {
    const { first = 0, deployments = [] } = this.shape;
    if (topic === 'made.deployments')
      return deployments.slice(from, from + limit).map(
        (deployment, offset): StoredRecord => ({
          ...{ topic, key: 'ES', ts: 1, schema: 'deployment/1', partition, offset: from + offset },
          value: JSON.stringify(deployment),
        }),
      );
    if (from < first) throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, from, first });
    return this.records.filter(({ offset }) => offset >= from).slice(0, limit);
  }

  async end(): Promise<number> {
    return (this.records.at(-1)?.offset ?? -1) + 1 + (this.shape.hole ?? 0);
  }
}

/** A run of 1 start and `offers` offers: odd ones too dear, the first cheap one is kept. */
function made(offers: number): MadeRun {
  const run = new MadeRun([{ id: 'buyer', plugin: buyer }]);
  for (let i = 0; i < offers; i += 1)
    run.send(run.at('10:00') + i * 1_000_000, 'buyer.offer', {
      price: i % 2 === 0 ? 30_000 : 15_000 + i,
    });
  return run;
}

async function bookOf(run: MadeRun, shape?: Shape): Promise<[JournalBook, JournalLog]> {
  const log = new JournalLog(shape);
  log.add(run);
  const book = new JournalBook(log, run.task.graph, run.task.instrument);
  await book.advance(pause);
  return [book, log];
}

const contextAt = async (book: JournalBook, seq: number) =>
  (await book.moment(seq)).machines.get('buyer')?.context;

describe('a journal as a book', () => {
  it('begins with the first context and goes on with what each macrostep changed', async () => {
    const [book] = await bookOf(made(4));
    expect(await contextAt(book, 1)).toEqual({ price: 0 });
    expect(await contextAt(book, 2)).toEqual({ price: 0 });
    expect(await contextAt(book, 3)).toEqual({ price: 15_001 });
    const moment = await book.moment(3);
    expect(moment.machines.get('buyer')).toMatchObject({
      state: 'watching.fresh',
      since: moment.ts,
    });
    expect(moment.isWhole).toBe(true);
  });

  it('reads only what is new, and lets others have their turn', async () => {
    const run = made(600);
    const [book, log] = await bookOf(run);
    const known = book.last?.seq ?? 0;
    run.send('11:00', 'buyer.offer', { price: 1_000 });
    log.add(run);
    let pauses = 0;
    await book.advance(async () => {
      pauses += 1;
    });
    const now = run.task.journal.seq;
    expect(now).toBeGreaterThan(known);
    expect(book.last?.seq).toBe(now);
    expect(pauses).toBe(1);
    expect(book.progress).toEqual({ read: now, all: now });
  });

  it.each([1, 3])('finds macrosteps where offsets have holes of %i', async (hole) => {
    const run = made(600);
    const [holed] = await bookOf(run, { hole });
    const [whole] = await bookOf(run);
    for (const seq of [1, 255, 256, 257, 512, 600])
      expect(await contextAt(holed, seq)).toEqual(await contextAt(whole, seq));
    expect((await holed.records(300, 302)).map(({ seq }) => seq)).toEqual([300, 301, 302]);
  });

  it('says so when the beginning is gone, and knows what changed since', async () => {
    const [book] = await bookOf(made(600), { first: 100 });
    expect(book.first?.seq).toBe(101);
    const moment = await book.moment(500);
    expect(moment.isWhole).toBe(false);
    await expect(book.moment(50)).rejects.toThrow(/no macrostep 50 .* 101 to \d+$/);
  });

  it('counts the transitions of the trade day only', async () => {
    const run = made(3);
    run.send(run.at('10:00') + 86_400_000_000, 'buyer.offer', { price: 30_000 });
    const [book] = await bookOf(run);
    const counts = book.countsOf('buyer')?.all ?? [];
    const sum = counts.reduce((all, { fired, blocked }) => all + fired + blocked, 0);
    const asked = run.recording.history.data(false).journal('buyer').at(-1)?.explain ?? [];
    expect(sum).toBe(asked.length);
  });

  it('knows nothing before anything happened', async () => {
    const [book] = await bookOf(made(0));
    expect(book.last).toBeNull();
    expect(book.seqAt(1e15)).toBeNull();
    await expect(book.moment(1)).rejects.toMatchObject({
      code: 'OF_MOMENT_UNKNOWN',
      message: expect.stringContaining('none yet'),
    });
  });

  describe('with a changed flow that took over after macrostep 3', () => {
    const plan = (fate: NodePlan['fate'], more: Partial<NodePlan> = {}) => ({
      deployments: [{ seq: 3, nodes: [{ node: 'buyer', fate, was: null, changes: [], ...more }] }],
    });
    const machineAt = async (book: JournalBook, seq: number) =>
      (await book.moment(seq)).machines.get('buyer');

    it('goes on with a machine that was kept', async () => {
      const [book] = await bookOf(made(9), plan('kept'));
      const [other] = await bookOf(made(9));
      for (const seq of [1, 3, 5, 6, 10])
        expect(await machineAt(book, seq)).toEqual(await machineAt(other, seq));
      expect(book.changeAfter('buyer', 1)).toBeNull();
    });

    it('begins anew with one that was reset, and claims no field it cannot know of before', async () => {
      const [book] = await bookOf(made(9), plan('reset'));
      expect(await machineAt(book, 1)).toMatchObject({ context: {}, isWhole: false });
      expect(await machineAt(book, 3)).toMatchObject({ context: { price: 15_001 } });
      // Macrostep 4 changes no field: 15,001 was of the machine before.
      expect(await machineAt(book, 4)).toMatchObject({ context: { price: 0 }, isWhole: true });
      expect(book.changeAfter('buyer', 3)?.plan.fate).toBe('reset');
      expect(book.changeAfter('buyer', 4)).toBeNull();
    });

    it('knows of a migrated one what it did since', async () => {
      const [book] = await bookOf(made(9), plan('migrated'));
      expect(await machineAt(book, 4)).toMatchObject({ context: {}, isWhole: false });
    });

    it('tells of parameters that changed under a machine that was kept', async () => {
      const [book] = await bookOf(made(9), plan('kept', { changes: ['most 1 → 2'] }));
      expect(book.changeAfter('buyer', 3)?.plan.changes).toEqual(['most 1 → 2']);
      expect(await machineAt(book, 1)).toMatchObject({ context: { price: 0 }, isWhole: true });
    });
  });
});
