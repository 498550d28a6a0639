import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Log, NewRecord, Positions, StoredRecord } from '#engine/runtime/ports.ts';
import {
  after,
  codeOf,
  commands,
  input,
  market,
  output,
  readAll,
  replay,
  seqsOf,
  signals,
  start,
} from './records.conformance.ts';
import { describeTasks } from './task.conformance.ts';

/** A fresh, empty log and the way to end it. */
export interface LogUnderTest {
  readonly log: Log;
  readonly dispose: () => Promise<void>;
}

/** A log that outlives its process. */
export interface DurableLogUnderTest extends LogUnderTest {
  /** Closes the log and opens it again. */
  readonly reopen: () => Promise<Log>;
}

/**
 * Holds a backend to the port. It asks for nothing but the port, and takes any ascending offsets: in Kafka the marks of
 * transactions take some.
 */
export function describeLog(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(`the ${name} log`, () => {
    let made: LogUnderTest;
    const current: { log: Log } = { log: null as unknown as Log };
    beforeEach(async () => {
      made = await makeLog();
      current.log = made.log;
    });
    afterEach(() => made.dispose());

    describeRecords(current);
    describeOrder(current, makeLog);
    describeWaiting(current);
    describeTasks(current);
    describeTrim(current);
    describeRefusals(current);
  });
}

/** Holds a backend that outlives its process to what that promises. */
export function describeDurableLog(
  name: string,
  makeLog: () => Promise<DurableLogUnderTest>,
): void {
  test(`opening the ${name} log again gives everything back`, async () => {
    const { log, reopen, dispose } = await makeLog();
    await log.append(0, [input(market, 1), input(commands, 2), input(market, 3)], {
      source: 'replay',
      value: '3',
    });
    const task = await log.openTask('pro-course.ES', 0, [market, commands]);
    const before = await replay(task, {}, 10);
    await log.trim(market, 0, before[0]!.offset + 1);
    await task.commit({ outputs: [output(1)], state: [{ key: 'n', value: '1' }] });

    const again = await reopen();
    expect(again.logId).toBe(log.logId);
    expect(await again.resumeOf('replay', 0)).toBe('3');
    expect(await again.topics()).toEqual([commands, market, signals]);
    const successor = await again.openTask('pro-course.ES', 0, [market, commands]);
    expect([...successor.state]).toEqual([['n', '1']]);
    expect(await replay(successor, {}, 10)).toEqual(before.slice(1));
    await again.append(0, [input(market, 4)]);
    expect(seqsOf(await successor.read(after(before), 10, 0))).toEqual([4]);
    await dispose();
  });
}

function describeRecords(current: { log: Log }): void {
  test('a record comes back with its place and with no field that it did not have', async () => {
    const { log } = current;
    await log.append(3, [input(market, 1)]);
    const [record] = await log.read(market, 3, 0, 10);
    expect(record).toStrictEqual({ ...input(market, 1), partition: 3, offset: record?.offset });
    const task = await log.openTask('pro-course.ES', 3, [market]);
    await task.commit({ outputs: [output(1)], state: [] });
    const [signal] = await log.read(signals, 3, 0, 10);
    expect(signal).toStrictEqual({ ...output(1), partition: 3, offset: signal?.offset });
  });

  test('text and bytes come back identical', async () => {
    const { log } = current;
    const everyByte = Uint8Array.from({ length: 512 }, (_, i) => i);
    const values = [
      everyByte,
      everyByte.subarray(255, 300),
      new Uint8Array(200_000).fill(7),
      JSON.stringify({ text: 'é € 😀 \u2028 \0 "quoted" \\', numbers: [0.1, -0, 1e21, start] }),
      JSON.stringify('x'.repeat(200_000)),
    ];
    await log.append(
      0,
      values.map((value) => ({ ...input(market, 0), value })),
    );
    const back = await readAll(log, market, 0);
    expect(back.map(({ value }) => value)).toEqual(values);
    expect(back.map(({ value }) => typeof value)).toEqual([
      'object',
      'object',
      'object',
      'string',
      'string',
    ]);
  });

  test('partitions and topics do not mix', async () => {
    const { log } = current;
    await log.append(0, [input(market, 1), input(commands, 2)]);
    await log.append(7, [input(market, 3)]);
    expect(seqsOf(await readAll(log, market, 0))).toEqual([1]);
    expect(seqsOf(await readAll(log, market, 7))).toEqual([3]);
    expect(seqsOf(await readAll(log, commands, 0))).toEqual([2]);
    expect(await log.read(commands, 7, 0, 10)).toEqual([]);
    expect(await log.topics()).toEqual([commands, market]);
  });

  test('end is the offset of the next record, and 0 for a topic that nobody wrote', async () => {
    const { log } = current;
    expect(await log.end(market, 0)).toBe(0);
    await log.append(0, [input(market, 1)]);
    const end = await log.end(market, 0);
    await log.append(0, [input(market, 2)]);
    expect(seqsOf(await log.read(market, 0, end, 10))).toEqual([2]);
    expect(await log.read(market, 0, await log.end(market, 0), 10)).toEqual([]);
  });

  test('resume is what the source of that name and partition left last', async () => {
    const { log } = current;
    expect(await log.resumeOf('replay', 0)).toBe(null);
    await log.append(0, [input(market, 1)], { source: 'replay', value: '{"row":1}' });
    await log.append(1, [input(market, 1)], { source: 'replay', value: '{"row":9}' });
    await log.append(0, [input(market, 2)]);
    expect(await log.resumeOf('replay', 0)).toBe('{"row":1}');
    await log.append(0, [], { source: 'replay', value: '{"row":2}' });
    expect(await log.resumeOf('replay', 0)).toBe('{"row":2}');
    expect(await log.resumeOf('replay', 1)).toBe('{"row":9}');
    expect(await log.resumeOf('simulator', 0)).toBe(null);
  });

  test('a read of large values may be short, but never empty before the end', async () => {
    const { log } = current;
    const value = new Uint8Array(600_000);
    for (let i = 0; i < 40; i += 1) await log.append(0, [{ ...input(market, i), value }]);
    const task = await log.openTask('pro-course.ES', 0, [market]);
    expect(await replay(task, {}, 100)).toHaveLength(40);
    expect(await readAll(log, market, 0)).toHaveLength(40);
  });
}

function describeOrder(current: { log: Log }, makeLog: () => Promise<LogUnderTest>): void {
  test('every reader gets the topics of a task in the same order, that of their writing', async () => {
    const { log } = current;
    for (let i = 0; i < 60; i += 1)
      await log.append(0, [input(i % 3 === 0 ? commands : market, i), input(market, i)]);
    const one = await log.openTask('one.ES', 0, [market, commands]);
    const other = await log.openTask('other.ES', 0, [commands, market, market]);
    const order = await replay(one, {}, 1000);
    expect(seqsOf(order)).toEqual(Array.from({ length: 120 }, (_, i) => Math.floor(i / 2)));
    expect(await replay(other, {}, 7)).toEqual(order);
    expect(await replay(one, {}, 1)).toEqual(order);
  });

  test('any interleaving of two topics is read again alike, from any place on', async () => {
    const writes = fc.array(
      fc.array(fc.constantFrom(market, commands, 'broker.facts'), { maxLength: 5 }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(
        writes,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (appends, limit, stop) => {
          const { log, dispose } = await makeLog();
          let written = 0;
          for (const topics of appends)
            await log.append(
              0,
              topics.map((topic) => input(topic, (written += 1))),
            );
          const task = await log.openTask('pro-course.ES', 0, [market, commands]);
          const all = await replay(task, {}, 1000);
          const wanted = appends
            .flat()
            .flatMap((topic, i) => (topic === 'broker.facts' ? [] : [i + 1]));
          expect(seqsOf(all)).toEqual(wanted);
          const kept = all.slice(0, stop % (all.length + 1));
          expect([...kept, ...(await replay(task, after(kept), limit))]).toEqual(all);
          await dispose();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a topic that the positions do not name is read from its beginning', async () => {
    const { log } = current;
    await log.append(0, [input(market, 1), input(commands, 2), input(market, 3)]);
    const task = await log.openTask('pro-course.ES', 0, [market, commands]);
    const [first] = await task.read({}, 1, 0);
    expect(seqsOf(await task.read(after([first!]), 10, 0))).toEqual([2, 3]);
    expect(
      seqsOf(await task.read({ [commands]: await log.end(commands, 0), other: 5 }, 10, 0)),
    ).toEqual([1, 3]);
  });

  test('two topics written at once, a task killed anywhere: what it takes up again is what a replay takes', async () => {
    for (const seed of [1, 2, 3]) {
      const { log, dispose } = await makeLog();
      const live = await readWithCrashes(log, seed, 40);
      expect(live).toHaveLength(80);
      const task = await log.openTask('replay.ES', 0, [commands, market]);
      expect(await replay(task, {}, 7)).toEqual(live);
      await dispose();
    }
  });

  test('what is appended while a task reads is seen once and in order', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market, commands]);
    let positions: Positions = {};
    const seen: StoredRecord[] = [];
    const writing = (async () => {
      for (let i = 0; i < 200; i += 1) await log.append(0, [input(i % 5 ? market : commands, i)]);
    })();
    while (seen.length < 200) {
      const records = await task.read(positions, 16, 2_000);
      expect(records.length).toBeGreaterThan(0);
      positions = { ...positions, ...after(records) };
      seen.push(...records);
    }
    await writing;
    expect(seqsOf(seen)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });
}

/**
 * Lets two writers write a topic each, and a task read both. The task commits now and then, and is opened again now and
 * then without having committed what it read last. Returns what lies before its commits, in the order it was read.
 */
async function readWithCrashes(
  log: Log,
  seed: number,
  perTopic: number,
): Promise<readonly StoredRecord[]> {
  const random = chance(seed);
  const writing = [market, commands].map(async (topic) => {
    for (let i = 0; i < perTopic; i += 1) await log.append(0, [input(topic, i)]);
  });
  const committed: StoredRecord[] = [];
  let task = await log.openTask('live.ES', 0, [market, commands]);
  let read: StoredRecord[] = [];
  while (committed.length < 2 * perTopic) {
    const positions = after([...committed, ...read]);
    read.push(...(await task.read(positions, 1 + random(6), 20)));
    if (random(4) === 0) {
      task = await log.openTask('live.ES', 0, [market, commands]);
      expect(task.state.get('count') ?? '0').toBe(String(committed.length));
      read = [];
    } else if (random(3) === 0) {
      committed.push(...read.splice(0));
      const state = [{ key: 'count', value: String(committed.length) }];
      await task.commit({ outputs: [output(committed.length)], state });
    }
  }
  await Promise.all(writing);
  return committed;
}

/** Returns a source of whole numbers from 0 up to a limit, the same for one seed. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % limit;
  };
}

function describeWaiting(current: { log: Log }): void {
  test('a waiting reader is woken by an append', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    const reading = task.read({}, 10, 30_000);
    await log.append(0, [input(market, 1)]);
    expect(seqsOf(await reading)).toEqual([1]);
  });

  test('a waiting reader is woken by another task that commits to its topic', async () => {
    const { log } = current;
    const reader = await log.openTask('second.ES', 0, [signals]);
    const writer = await log.openTask('pro-course.ES', 0, [market]);
    const reading = reader.read({}, 10, 30_000);
    await writer.commit({ outputs: [output(4)], state: [] });
    expect(seqsOf(await reading)).toEqual([4]);
  });

  test('a reader that may not wait is answered at once, and closing lets a waiting one go', async () => {
    const task = await current.log.openTask('pro-course.ES', 0, [market]);
    expect(await task.read({}, 10, 0)).toEqual([]);
    const reading = task.read({}, 10, 30_000);
    await task.close();
    expect(await reading).toEqual([]);
  });
}

function describeTrim(current: { log: Log }): void {
  test('trimmed records are gone, later ones keep their offsets, and asking for a trimmed one is an error', async () => {
    const { log } = current;
    for (let i = 0; i < 10; i += 1) await log.append(0, [input(market, i)]);
    const before = await readAll(log, market, 0);
    const from = before[6]!.offset;
    await log.trim(market, 0, from);
    expect(await log.read(market, 0, from, 100)).toEqual(before.slice(6));
    expect(await codeOf(log.read(market, 0, from - 1, 100))).toBe('OF_LOG_TRIMMED');
    const task = await log.openTask('pro-course.ES', 0, [market]);
    expect(await codeOf(task.read({ [market]: 0 }, 100, 0))).toBe('OF_LOG_TRIMMED');
    expect(await replay(task, {}, 4)).toEqual(before.slice(6));
  });

  test('after everything was trimmed the next record goes on from the end', async () => {
    const { log } = current;
    await log.append(0, [input(market, 1), input(market, 2)]);
    const end = await log.end(market, 0);
    await log.trim(market, 0, end + 100);
    await log.trim(market, 0, 0);
    await log.trim('unknown.topic', 0, 5);
    expect(await log.topics()).toEqual([]);
    expect(await log.end(market, 0)).toBe(end);
    await log.append(0, [input(market, 3)]);
    expect(seqsOf(await log.read(market, 0, end, 10))).toEqual([3]);
  });
}

function describeRefusals(current: { log: Log }): void {
  test.each<[string, Partial<NewRecord>]>([
    ['a topic with an underscore', { topic: 'market_data' }],
    ['a topic with no name', { topic: '' }],
    ['a topic of 250 letters', { topic: 'x'.repeat(250) }],
    ['a time with a fraction', { ts: start + 0.5 }],
    ['text with a NUL', { value: '"\0"' }],
    ['text with half a character', { value: '"\ud83d"' }],
  ])('%s is refused, and with it the whole append', async (_, change) => {
    const { log } = current;
    const bad = { ...input(market, 2), ...change };
    const resume = { source: 'replay', value: '2' };
    expect(await codeOf(log.append(0, [input(market, 1), bad], resume))).toBe('OF_LOG_RECORD');
    expect(await log.topics()).toEqual([]);
    expect(await log.resumeOf('replay', 0)).toBe(null);
  });

  test('state that would not come back is refused', async () => {
    const task = await current.log.openTask('pro-course.ES', 0, [market]);
    expect(await codeOf(task.commit({ outputs: [], state: [{ key: 'n', value: '\0' }] }))).toBe(
      'OF_LOG_RECORD',
    );
  });

  test('a closed task and a closed log are closed', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    await task.close();
    expect(await codeOf(task.commit({ outputs: [], state: [] }))).toBe('OF_LOG_CLOSED');
    expect(await codeOf(task.read({}, 1, 0))).toBe('OF_LOG_CLOSED');
    await log.close();
    await log.close();
    expect(await codeOf(log.append(0, [input(market, 1)]))).toBe('OF_LOG_CLOSED');
    expect(await codeOf(log.read(market, 0, 0, 1))).toBe('OF_LOG_CLOSED');
  });
}
