import { describe, expect, it } from 'vitest';
import { marketTopic } from '../contracts/market-batch.ts';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import type { Log } from './ports.ts';
import { Backlog, runSource } from './source-host.ts';

function run(
  log: Log,
  plugin: AnySource,
  backlog: Backlog,
  signal = new AbortController().signal,
): Promise<void> {
  const graph = madeFlow(plugin);
  const [source] = graph.sources;
  const [instrument] = graph.instruments;
  if (!source || !instrument) throw new Error('the made flow has a source and an instrument');
  return runSource({ log, source, instrument, backlog, signal });
}

const roomy = (): Backlog => new Backlog(0, 0, Infinity);

describe('a source', () => {
  it('goes on behind the records it has written', async () => {
    const log = new FaultyLog();
    await run(
      log,
      madeSource((a) => writeBatches(a, 2)),
      roomy(),
    );
    const resumes: (string | null)[] = [];
    await run(
      log,
      madeSource(async (a) => void resumes.push(a.resume)),
      roomy(),
    );
    expect(resumes).toEqual(['2']);
    await run(
      log,
      madeSource((a) => writeBatches(a, 5)),
      roomy(),
    );
    expect(await log.end(marketTopic, 0)).toBe(5);
  });

  it('waits while the task is too far behind', async () => {
    const log = new FaultyLog();
    const backlog = new Backlog(0, 0, 3);
    const done = run(
      log,
      madeSource((a) => writeBatches(a, 10)),
      backlog,
    );
    await new Promise(setImmediate);
    expect(await log.end(marketTopic, 0)).toBe(3);
    backlog.takenTo(2, 2);
    await new Promise(setImmediate);
    expect(await log.end(marketTopic, 0)).toBe(5);
    backlog.release();
    await done;
    expect(await log.end(marketTopic, 0)).toBe(10);
  });

  it('has as many batches on their way into a slow log as there is room for, in their order', async () => {
    const log = new FaultyLog();
    const append = log.append.bind(log);
    const answers: (() => void)[] = [];
    let most = 0;
    log.append = async (...words) => {
      most = Math.max(most, answers.length + 1);
      await append(...words);
      await new Promise<void>((resolve) => answers.push(resolve));
    };
    const backlog = new Backlog(0, 0, 4);
    let isDone = false;
    const done = run(
      log,
      madeSource((a) => writeBatches(a, 7)),
      backlog,
    ).then(() => (isDone = true));
    await new Promise(setImmediate);
    expect(await log.end(marketTopic, 0)).toBe(4);
    backlog.takenTo(4, 4);
    await new Promise(setImmediate);
    expect([most, isDone]).toEqual([7, false]);
    for (const answer of answers) answer();
    await done;
    expect(await log.resumeOf('made-source', 0)).toBe('7');
  });

  it('stops with the error of a log that took a batch no more', async () => {
    const log = new FaultyLog();
    log.append = async () => {
      await new Promise(setImmediate);
      throw new OrderflowError('OF_LOG_CLOSED', { log: 'test' });
    };
    const waiting = run(
      log,
      madeSource((a) => writeBatches(a, 9)),
      new Backlog(0, 0, 2),
    );
    await expect(waiting).rejects.toThrow(/^OF_LOG_CLOSED/);
  });

  it('is refused a log that another source has filled', async () => {
    const log = new FaultyLog();
    await run(
      log,
      madeSource((a) => writeBatches(a, 1)),
      roomy(),
    );
    const other = madeSource((a) => writeBatches(a, 1), 'other-source');
    await expect(run(log, other, roomy())).rejects.toThrow(
      /^OF_SOURCE_OTHER the log holds market data of ES that source 'other-source'/,
    );
  });

  it('begins where a killed writer left offsets without a record, and not where records were dropped', async () => {
    const log = new FaultyLog();
    log.end = async () => 2;
    log.read = async () => [];
    const began: (string | null)[] = [];
    const source = madeSource(async (a) => void began.push(a.resume));
    await run(log, source, roomy());
    expect(began).toEqual([null]);
    log.read = async (topic, partition, from) => {
      throw new OrderflowError('OF_LOG_TRIMMED', { topic, partition, first: 2, from });
    };
    await expect(run(log, source, roomy())).rejects.toThrow(/^OF_SOURCE_OTHER/);
  });

  it('cannot put bytes into the log that no task could read', async () => {
    const log = new FaultyLog();
    const broken = madeSource((a) => a.write(Uint8Array.of(1, 2, 3), '1'));
    await expect(run(log, broken, roomy())).rejects.toThrow(/^OF_BATCH_LENGTH/);
    expect(await log.end(marketTopic, 0)).toBe(0);
  });

  it('that throws is reported with its name and cause', async () => {
    const failing = madeSource(async () => {
      throw new TypeError('no such socket');
    });
    await expect(run(new FaultyLog(), failing, roomy())).rejects.toThrow(
      "OF_SOURCE_FAILED source 'market' stopped: no such socket",
    );
  });

  it('may answer a stop by throwing the reason of the signal', async () => {
    const stop = new AbortController();
    const waiting = madeSource(
      (a) =>
        new Promise((_, reject) =>
          a.signal.addEventListener('abort', () => reject(a.signal.reason as Error)),
        ),
    );
    const done = run(new FaultyLog(), waiting, roomy(), stop.signal);
    await new Promise(setImmediate);
    stop.abort();
    await expect(done).resolves.toBeUndefined();
  });
});
